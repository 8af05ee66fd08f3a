"""A large body as it comes in: in pieces, unpacked where it is compressed, never more of it than the limit."""

import hashlib
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Final

from ion_mentoring.errors import BodyTooSlow, InvalidInput, RequestTooLarge, UnsupportedMediaType
from ion_mentoring.handlers.web.http_request import HttpRequest
from ion_mentoring.resilience import deadline
from ion_mentoring.resilience.bounded import bounded

LIMIT: Final = 16 * 1024 * 1024  # bytes, as they are once unpacked
PIECE: Final = 64 * 1024
WITHIN_S: Final = 25.0  # for all of it; the rest of the request's time is for keeping it
ENCODINGS: Final = ("identity", "gzip")


class Upload:
    """The body of one request, to be read once; `digest` is of the bytes that came in."""

    def __init__(self, request: HttpRequest, limit: int = LIMIT) -> None:
        self._request = request
        self._limit = limit
        self._digest = hashlib.sha256()
        self._encoding = (request.header(b"content-encoding") or "identity").strip().lower()
        self.media_type = (request.header(b"content-type") or "").partition(";")[0].strip().lower()
        if self._encoding not in ENCODINGS:
            raise UnsupportedMediaType("content encoding", details={"expected": list(ENCODINGS)})

    @property
    def digest(self) -> bytes:
        """The hash of what has been read."""
        return self._digest.digest()

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body, unpacked; RequestTooLarge as soon as it is over the limit, whether packed or unpacked."""
        unpacker = Unpacker() if self._encoding == "gzip" else None
        size = 0
        until = deadline.Deadline.after(deadline.limit_s(WITHIN_S))
        raw = self._request.pieces(self._limit)
        while (piece := await _next(raw, until)) is not None:
            self._digest.update(piece)
            for plain in unpacker.unpacked(piece) if unpacker else _cut(piece):
                size += len(plain)
                if size > self._limit:
                    raise RequestTooLarge("length", details={"limit_bytes": self._limit})
                yield plain
        if unpacker and not unpacker.whole:
            raise InvalidInput("gzip", details={"rule": "the gzip body ends before its end"})


class Unpacker:
    """Unpacks gzip in small steps: a bomb is found out before it has burst."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=31)
        self._begun = False

    @property
    def whole(self) -> bool:
        """True once the end has come, or nothing at all."""
        return self._stream.eof or not self._begun

    def unpacked(self, piece: bytes) -> Iterator[bytes]:
        """The bytes of a piece, step by step."""
        self._begun = True
        while piece:
            plain, piece = self._step(piece)
            yield plain

    def _step(self, piece: bytes) -> tuple[bytes, bytes]:
        """Up to PIECE bytes, and what is left to unpack; InvalidInput if it is no gzip."""
        if self._stream.eof:
            self._stream = zlib.decompressobj(wbits=31)  # members may follow each other (RFC 1952, 2.2)
        try:
            plain = self._stream.decompress(piece, PIECE)
        except zlib.error:
            raise InvalidInput("gzip", details={"rule": "the body is no gzip, though Content-Encoding says so"}) from None
        return plain, self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail


def _cut(piece: bytes) -> Iterator[bytes]:
    return (piece[place : place + PIECE] for place in range(0, len(piece), PIECE))


async def _next(pieces: AsyncIterator[bytes], until: deadline.Deadline) -> bytes | None:
    async def one() -> bytes | None:
        return await anext(pieces, None)

    try:
        return await bounded(one(), until.left_s())
    except TimeoutError as error:
        raise BodyTooSlow("body") from error
