"""A request as it came in: its headers, looked through once, and its body, never more of it than the limit."""

from typing import Final
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request

from ion_mentoring.access.network import network_of
from ion_mentoring.errors import InvalidJson, RequestTooLarge, UnsupportedMediaType

BODY_LIMIT: Final = 1024 * 1024  # bytes


class Incoming:
    """One request; the framework's own look-ups would go through all headers again for each."""

    __slots__ = ("_headers", "_request", "method", "path")

    def __init__(self, request: Request) -> None:
        scope = request.scope
        self._request = request
        self._headers: dict[bytes, bytes] = dict(reversed(scope["headers"]))  # of two with a name, the first counts
        self.method: str = scope["method"]
        path: str = scope["path"]
        # In the local set, the path below the place where this function is mounted; in the cloud, all of it.
        self.path = path.removeprefix(scope.get("root_path", "")) or "/"

    def header(self, name: bytes) -> str | None:
        """A header's value by its name in lower case."""
        value = self._headers.get(name)
        return None if value is None else value.decode("latin-1")

    def query(self, name: str) -> str | None:
        """A value in the query string by its name; of several, the first."""
        sent = parse_qs(self._request.scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        return sent[name][0] if name in sent else None

    def accepts(self, media_type: str) -> bool:
        """Whether the caller asks for just this media type."""
        accepted = self.header(b"accept")
        return accepted is not None and any(one.partition(";")[0].strip().lower() == media_type for one in accepted.split(","))

    def address(self, hops: int) -> str:
        """The client's network: what the outermost trusted proxy saw, since what stands further left can be made up.

        Several lines of X-Forwarded-For are one list, in their order (RFC 9110, 5.3). Where no address stands in the trusted
        place, whoever connected is counted, who is a proxy of ours: nobody gets a count of his own by sending something else.
        """
        if hops and len(seen := self._forwarded()) >= hops and (network := network_of(seen[-hops])):
            return network
        client = self._request.scope.get("client")
        return (client and network_of(client[0])) or "unknown"

    def _forwarded(self) -> list[str]:
        lines = [value for name, value in self._request.scope["headers"] if name == b"x-forwarded-for"]
        return [place for place in b",".join(lines).decode("latin-1").split(",") if place.strip()]

    async def json(self) -> bytes:
        """The body of a JSON request."""
        kind = (self.header(b"content-type") or "").partition(";")[0].strip().lower()
        if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
            raise UnsupportedMediaType("content type", details={"expected": "application/json"})
        return await self.body()

    async def body(self, limit: int = BODY_LIMIT) -> bytes:
        """The body; RequestTooLarge as soon as it is known to be over `limit` bytes, InvalidJson if it is empty."""
        declared = self.header(b"content-length") or "0"
        if declared.isdigit() and int(declared) > limit:
            raise RequestTooLarge("declared length", details={"limit_bytes": limit})
        chunks: list[bytes] = []
        size, more = 0, True
        while more:
            message = await self._request.receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            more = message.get("more_body", False)
            if size > limit:
                raise RequestTooLarge("length", details={"limit_bytes": limit})
        body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        if not body or body.isspace():
            raise InvalidJson("no body")
        return body
