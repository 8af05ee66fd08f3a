"""Lines that somebody types while other things run, each with the moment of its Enter."""

import asyncio
import os
from datetime import UTC, datetime
from types import TracebackType
from typing import Final

ENCODING: Final = "utf-8"
PIECE: Final = 4_096

Typed = tuple[str, datetime]


class Typing:
    """Reads lines from a terminal or a pipe (`descriptor`), as a context; Ctrl-C ends the loop as ever."""

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._lines: asyncio.Queue[Typed | None] = asyncio.Queue()
        self._rest = b""

    async def __aenter__(self) -> "Typing":
        asyncio.get_running_loop().add_reader(self._descriptor, self._read)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.get_running_loop().remove_reader(self._descriptor)

    def _read(self) -> None:
        at, piece = datetime.now(UTC), os.read(self._descriptor, PIECE)
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            self._lines.put_nowait((line.decode(ENCODING, "replace"), at))
        if not piece:
            asyncio.get_running_loop().remove_reader(self._descriptor)
            self._lines.put_nowait(None)

    def forget(self) -> None:
        """Drops the lines that were typed so far; the end of the input stays."""
        while not self._lines.empty():
            if self._lines.get_nowait() is None:
                self._lines.put_nowait(None)
                return

    async def line(self) -> Typed | None:
        """The next line, and when its Enter was pressed; None at the end of the input."""
        return await self._lines.get()
