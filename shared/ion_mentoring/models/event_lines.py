"""The lines of a vendor's response that its own client can read, without signs of life, for which it takes everything else."""

import re
from collections.abc import AsyncIterator
from typing import Final

import httpx2

_DATA: Final = b"data:"
_NOTHING: Final = re.compile(
    rb":.*|(event|id|retry)\b[^{]*|data:\s*([\w\s.:-]*|\[\s*\]|\{\s*\}|\"\"|\[DONE\])\s*", re.IGNORECASE
)


class EventLines(httpx2.AsyncByteStream):
    """A body without comments, names of events, and data that is no answer: `ping`, `null`, `{}`, `[DONE]`.

    A line of JSON begins with none of them, so that a body that is no stream stays as it is.
    """

    def __init__(self, body: httpx2.AsyncByteStream) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        line = bytearray()
        async for part in self._body:
            *ended, rest = part.split(b"\n")
            kept = []
            for end in ended:
                kept.append(_kept(bytes(line + end), b"\n"))
                line.clear()
            line += rest
            if passed := b"".join(kept):
                yield passed
        if passed := _kept(bytes(line)):
            yield passed

    async def aclose(self) -> None:
        await self._body.aclose()


def _kept(line: bytes, end: bytes = b"") -> bytes:
    """The line as the client wants it, with a space after `data:`; nothing where it says nothing."""
    if _NOTHING.fullmatch(line.removesuffix(b"\r")):
        return b""
    if line.startswith(_DATA):
        return b"data: " + line.removeprefix(_DATA).lstrip(b" ") + end
    return line + end
