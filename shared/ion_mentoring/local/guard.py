"""The guard of the local set on a laptop, where everybody is the developer: this machine, and no page of a stranger."""

import re
from collections.abc import Iterable
from typing import Final

from ion_mentoring.errors import Forbidden, MentoringError, Misdirected

_HERE: Final = re.compile(rb"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})  # RFC 9110, 9.2.1

Headers = Iterable[tuple[bytes, bytes]]


def refusal(method: str, headers: Headers) -> MentoringError | None:
    """The reason to refuse a request, None if there is none.

    A host name of others that leads here (DNS rebinding) makes their page one of ours; a request that changes something
    may be sent by any page that a browser shows, since a form needs nobody's consent.
    """
    sent = list(headers)
    hosts = _all(sent, b"host")
    if not hosts or not all(_HERE.fullmatch(host) for host in hosts):
        return Misdirected("a foreign host")
    if method in _SAFE:
        return None
    ours = {scheme + hosts[0].lower() for scheme in (b"http://", b"https://")}
    if any(origin.lower() not in ours for origin in _all(sent, b"origin")):
        return Forbidden("a foreign origin", details={"header": "Origin"})
    if any(site.strip().lower() == b"cross-site" for site in _all(sent, b"sec-fetch-site")):
        return Forbidden("a foreign page", details={"header": "Sec-Fetch-Site"})
    return None


def _all(headers: Headers, name: bytes) -> list[bytes]:
    return [value for key, value in headers if key == name]
