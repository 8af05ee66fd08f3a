"""The batch function: messages of its Pub/Sub subscription come in as pushes."""

import functions_framework.aio
from starlette.requests import Request
from starlette.responses import Response

from ion_mentoring.wiring.workers import batch


@functions_framework.aio.http
async def handle(request: Request) -> Response:
    """Any delivery."""
    return await batch().handle(request)
