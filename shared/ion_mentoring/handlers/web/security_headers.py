"""The headers that keep a browser from doing more with an answer than it should."""

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

# For a year, where the client came by https (RFC 6797 forbids it elsewhere).
STRICT_TRANSPORT: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
