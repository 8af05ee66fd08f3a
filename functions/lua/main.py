"""A persona function: it knows its own card and a model, and nothing of the other personas."""

from starlette.requests import Request
from starlette.responses import Response

from ion_mentoring.wiring.framework import served
from ion_mentoring.wiring.persona import PersonaFunction

persona = PersonaFunction(
    card="ion_mentoring/personas/cards/lua.toml",
    variants="ion_mentoring/personas/cards/variants/lua-*.toml",
)


@served
async def handle(request: Request) -> Response:
    """Any request of the router."""
    return await persona.http.handle(request)
