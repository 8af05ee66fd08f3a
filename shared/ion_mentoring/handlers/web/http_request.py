"""A request as it came in: its headers, looked through once, and its body, never more of it than the limit."""

import re
from collections.abc import AsyncIterator, Iterable
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request

from ion_mentoring.access.network import network_of
from ion_mentoring.errors import BodyTooSlow, InvalidJson, RequestTooLarge, UnsupportedMediaType
from ion_mentoring.handlers.web.cleaning import composed
from ion_mentoring.resilience import deadline
from ion_mentoring.resilience.bounded import bounded

BODY_LIMIT: Final = 1024 * 1024  # bytes
BODY_WITHIN_S: Final = 30.0
ANSWERS_WITHIN_S: Final = 0.5  # of a request's time, kept for saying that its body did not come

# Fields whose lines are one list, in their order (RFC 9110, 5.3). Of any other that comes twice, the first line counts.
LISTS: Final = frozenset({b"accept", b"accept-encoding", b"accept-language", b"tracestate", b"x-forwarded-for"})

LONGEST: Final = 18  # digits of a length that are looked at: Python refuses to read some thousands
_DIGITS: Final = re.compile("[0-9]+")
_QUALITY: Final = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")  # RFC 9110, 12.4.2


class HttpRequest:
    """One request; the framework's own look-ups would go through all headers again for each."""

    __slots__ = ("_headers", "_request", "method", "path", "refused")

    def __init__(self, request: Request) -> None:
        scope = request.scope
        self._request = request
        self.refused: str | None = None  # the id of the caller who got an error, where it is known
        self._headers = _fields(scope["headers"])
        self.method: str = scope["method"]
        path: str = scope["path"]
        # In the local set, the path below the place where this function is mounted; in the cloud, all of it.
        self.path = composed(path.removeprefix(scope.get("root_path", "")) or "/")

    def header(self, name: bytes) -> str | None:
        """A header's value by its name in lower case; of one that is a list, all its lines together."""
        value = self._headers.get(name)
        return None if value is None else value.decode("latin-1")

    def query(self, name: str) -> str | None:
        """A value in the query string by its name; of several, the first."""
        sent = parse_qs(self._request.scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        return composed(sent[name][0]) if name in sent else None

    def accepts(self, media_type: str) -> bool:
        """True if the caller names just this media type, and takes it."""
        if b"accept" not in self._headers:
            return False
        accepted = (self.header(b"accept") or "").split(",")
        return any(kind == media_type and quality > 0 for kind, quality in map(_preference, accepted))

    def address(self, hops: int) -> str:
        """The client's network: what the outermost trusted proxy saw, since what stands further left can be made up.

        Several lines of X-Forwarded-For are one list, in their order (RFC 9110, 5.3). Where no address stands in the trusted
        place, whoever connected is counted, who is a proxy of ours: nobody gets a count of his own by sending something else.
        """
        sent = self._headers.get(b"x-forwarded-for") if hops else None
        seen = [place for place in sent.decode("latin-1").split(",") if place.strip()] if sent else []
        if len(seen) >= hops > 0 and (network := network_of(seen[-hops])):
            return network
        client = self._request.scope.get("client")
        return (client and network_of(client[0])) or "unknown"

    async def json(self) -> bytes:
        """The body of a JSON request."""
        kind = (self.header(b"content-type") or "").partition(";")[0].strip().lower()
        if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
            raise UnsupportedMediaType("content type", details={"expected": "application/json"})
        if (self.header(b"content-encoding") or "identity").strip().lower() != "identity":
            raise UnsupportedMediaType("content encoding", details={"expected": "identity"})
        return await self.body()

    async def body(self, limit: int = BODY_LIMIT) -> bytes:
        """The body; RequestTooLarge as soon as it is known to be over `limit` bytes, InvalidJson if it is empty.

        BodyTooSlow if it does not come, and ClientDisconnect if it never will.
        """
        try:
            body = await bounded(self._read(limit), _within_s)
        except TimeoutError as error:
            raise BodyTooSlow("body") from error
        if not body or body.isspace():
            raise InvalidJson("no body")
        return body

    async def pieces(self, limit: int) -> AsyncIterator[bytes]:
        """The body as it comes in; RequestTooLarge as soon as it is known to be over `limit` bytes."""
        left, more = limit, True
        while more:
            piece, more = await self._piece(limit, left)
            left -= len(piece)
            yield piece

    async def _read(self, limit: int) -> bytes:
        """All of it; nearly always one piece."""
        body, more = await self._piece(limit, limit)
        if not more:
            return body
        pieces = [body]
        left = limit - len(body)
        while more:
            piece, more = await self._piece(limit, left)
            left -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    async def _piece(self, limit: int, left: int) -> tuple[bytes, bool]:
        """The next piece of the body, of which so much is `left` until the limit, and whether more follows."""
        if left == limit and _declared(self.header(b"content-length")) > limit:
            raise RequestTooLarge("declared length", details={"limit_bytes": limit})
        message = await self._request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        piece: bytes = message.get("body", b"")
        if len(piece) > left:
            raise RequestTooLarge("length", details={"limit_bytes": limit})
        return piece, message.get("more_body", False)


def _within_s() -> float:
    return deadline.limit_s(BODY_WITHIN_S, keep_s=ANSWERS_WITHIN_S)


def _fields(lines: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    fields: dict[bytes, bytes] = {}
    for name, value in lines:
        if name not in fields:
            fields[name] = value
        elif name in LISTS:
            fields[name] += b", " + value
    return fields


def _preference(accepted: str) -> tuple[str, float]:
    """The media type of one entry of a list, and its quality: 1 where none is stated, or none that is one."""
    kind, *parameters = (part.strip().lower() for part in accepted.split(";"))
    stated = next((part[2:].strip() for part in parameters if part.startswith("q=")), "")
    return kind, float(stated) if _QUALITY.fullmatch(stated) else 1.0


def _declared(length: str | None) -> int:
    """The bytes that a Content-Length announces; 0 where it says nothing that a number is written like."""
    return int(length[:LONGEST]) if length and _DIGITS.fullmatch(length) else 0  # more digits are too large, whatever follows
