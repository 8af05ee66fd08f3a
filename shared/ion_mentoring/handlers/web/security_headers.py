"""The headers that keep a browser from doing more with an answer than it should."""

from collections.abc import Sequence
from typing import Final

_ALWAYS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_OWN_FILES: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; "
)

DATA: Final = {**_ALWAYS, "content-security-policy": "default-src 'none'; frame-ancestors 'none'"}
PAGE: Final = {**_ALWAYS, "content-security-policy": f"{_OWN_FILES}style-src 'self'; img-src 'self' data:"}
# Swagger UI sets styles on its elements and draws its icons from data URLs.
DOCS: Final = {**_ALWAYS, "content-security-policy": f"{_OWN_FILES}style-src 'self' 'unsafe-inline'; img-src 'self' data:"}


def console_headers(framed_by: str, connects: Sequence[str] = ()) -> dict[str, str]:
    """The headers of the console: own files only, a worker, the microphone for dictation, and text that never becomes a script.

    `framed_by` are the sources of frame-ancestors (CSP 3, 6.4.2), `connects` the origins beside its own that it may call.
    The one policy of Trusted Types names the worker's address.
    """
    sources = " ".join(("'self'", *connects))
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src {sources}; "
        f"manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {framed_by}; "
        "require-trusted-types-for 'script'; trusted-types shell"
    )
    listens = _ALWAYS["permissions-policy"].replace("microphone=()", "microphone=(self)")
    return {**_ALWAYS, "permissions-policy": listens, "content-security-policy": policy}


# For a year, where the client came by https (RFC 6797 forbids it elsewhere).
STRICT_TRANSPORT: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
