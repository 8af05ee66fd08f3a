"""Calls over plain HTTP, as the load balancer marks them: they are refused, since what they carried could be read on the way.

A redirect would let a client go on like that, with its key in the clear each time.
"""

from typing import Final

from ion_mentoring.errors import HttpsRequired
from ion_mentoring.handlers.web.http_request import HttpRequest

CALLS: Final = ("/api", "/chat")  # as infra/terraform/modules/edge leads them here; pages are redirected there


def must_be_private(request: HttpRequest) -> None:
    """HttpsRequired for a call that came over plain HTTP."""
    marked = request.header(b"x-forwarded-proto") == "http" or request.header(b"x-ion-plain-http") is not None
    if marked and request.path.startswith(CALLS):
        raise HttpsRequired("plain http")
