"""The router function: the public door of the set."""

from starlette.requests import Request
from starlette.responses import Response

from ion_mentoring.wiring.framework import served
from ion_mentoring.wiring.router import RouterFunction

router = RouterFunction()


@served
async def handle(request: Request) -> Response:
    """Any request from outside."""
    return await router.http.handle(request)
