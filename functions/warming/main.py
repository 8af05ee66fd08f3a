"""The warming function: messages of its Pub/Sub subscription come in as pushes."""

from starlette.requests import Request
from starlette.responses import Response

from ion_mentoring.wiring.framework import served
from ion_mentoring.wiring.warming import WarmingFunction

warming = WarmingFunction()


@served
async def handle(request: Request) -> Response:
    """Any delivery."""
    return await warming.http.handle(request)
