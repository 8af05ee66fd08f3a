"""The empty function: what the platform alone costs."""

import functions_framework.aio
from starlette.requests import Request
from starlette.responses import Response


@functions_framework.aio.http
async def handle(request: Request) -> Response:
    """Eleven bytes."""
    return Response("hello world")
