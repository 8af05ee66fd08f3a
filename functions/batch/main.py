"""The batch function: messages of its Pub/Sub subscription come in as pushes."""

import functions_framework.aio
from starlette.requests import Request
from starlette.responses import Response

from ion_mentoring.wiring.batch import BatchFunction

batch = BatchFunction()


@functions_framework.aio.http
async def handle(request: Request) -> Response:
    """Any delivery."""
    return await batch.http.handle(request)
