"""The batch function: messages of its Pub/Sub subscription come in as pushes."""

from starlette.requests import Request
from starlette.responses import Response

from ion_mentoring.wiring.batch import BatchFunction
from ion_mentoring.wiring.framework import served

batch = BatchFunction()


@served
async def handle(request: Request) -> Response:
    """Any delivery."""
    return await batch.http.handle(request)
