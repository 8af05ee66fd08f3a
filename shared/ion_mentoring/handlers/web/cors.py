"""Calls from web pages of other origins (CORS): preflights, and what a page may read. Credentials are headers, never cookies.

Source: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from collections.abc import Iterable
from typing import Final

from starlette.responses import Response

from ion_mentoring.access.caller import Caller
from ion_mentoring.access.origins import Origins
from ion_mentoring.errors import Forbidden
from ion_mentoring.handlers.web.http_request import HttpRequest
from ion_mentoring.handlers.web.responses import json_bytes

KEPT_S: Final = 7_200  # the longest that browsers keep a preflight
SENT: Final = "authorization, content-type, idempotency-key, last-event-id, traceparent, x-api-key, x-request-id"
RATE: Final = "ratelimit, ratelimit-policy, ratelimit-limit, ratelimit-remaining, ratelimit-reset"
READ: Final = f"deprecation, link, {RATE}, retry-after, sunset, x-request-id"


def foreign_origin(request: HttpRequest) -> str | None:
    """The origin of a page elsewhere that calls; None for pages of this server, and for whatever is no page."""
    origin = request.header(b"origin")
    if origin is None:
        return None
    scheme, _, host = origin.partition("://")
    at_home = host == request.header(b"host") and scheme == (request.header(b"x-forwarded-proto") or scheme)
    return None if at_home else origin


def is_preflight(request: HttpRequest) -> bool:
    """True for a browser that asks whether a page of another origin may call."""
    return request.method == "OPTIONS" and request.header(b"access-control-request-method") is not None


def preflight(request: HttpRequest, methods: Iterable[str], origins: Origins) -> Response:
    """The answer to a preflight; Forbidden for an origin of nobody."""
    origin = foreign_origin(request)
    if origin is None or not origins.known(origin):
        raise Forbidden("a foreign origin", details={"header": "Origin"})
    response = json_bytes(b"", 204)
    del response.headers["content-length"], response.headers["content-type"]
    response.headers["cache-control"] = f"private, max-age={KEPT_S}"
    response.headers["access-control-allow-methods"] = ", ".join(sorted(methods))
    response.headers["access-control-allow-headers"] = SENT
    response.headers["access-control-max-age"] = str(KEPT_S)
    return response


def must_come_from_home(request: HttpRequest, caller: Caller, origins: Origins) -> None:
    """Forbidden where a page that is none of the caller's tenant sends its credential."""
    if origin := foreign_origin(request):
        origins.check(origin, caller)


def readable(response: Response, request: HttpRequest, origins: Origins) -> None:
    """Lets a page of a tenant's origin read a response."""
    origin = request.header(b"origin")
    if origin is None or not origins.by_tenant:
        return
    response.raw_headers.append((b"vary", b"origin"))
    if origins.known(origin):
        response.raw_headers.append((b"access-control-allow-origin", origin.encode("latin-1")))
        response.raw_headers.append((b"access-control-expose-headers", READ.encode()))
