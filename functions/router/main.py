"""The router function: the public door of the set."""

import functions_framework.aio
from starlette.requests import Request
from starlette.responses import Response

from ion_mentoring.wiring.router import RouterFunction

router = RouterFunction()


@functions_framework.aio.http
async def handle(request: Request) -> Response:
    """Any request from outside."""
    return await router.http.handle(request)
