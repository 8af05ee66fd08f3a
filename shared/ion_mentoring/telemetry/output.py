"""The output of the log: lines of one tick of the loop leave together, and nobody waits for a slow reader."""

import asyncio
import atexit
import os
import select
from typing import Final

PIECE: Final = select.PIPE_BUF  # bytes that a pipe takes at once if it takes any
MOST_WAITING: Final = 1024 * 1024  # bytes; of what comes beyond them, only the number of lines is kept
AGAIN_S: Final = 0.005


class Output:
    """Writes lines to a file descriptor. Outside of a loop, and at the end of the process, each at once."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting = bytearray()
        self._scheduled = False
        self.lost = 0
        atexit.register(self.drain)

    def write(self, line: str) -> None:
        """Takes a whole line. Where too many wait it is lost, and counted."""
        if len(self._waiting) + len(line) > MOST_WAITING:
            self.lost += 1
            return
        self._waiting += line.encode()
        if self._scheduled:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.drain()
        else:
            self._scheduled = True
            loop.call_soon(self._leave)

    def drain(self) -> None:
        """Writes what waits, however long that takes."""
        while self._waiting:
            self._write()

    def _leave(self) -> None:
        """Writes as much as the reader takes without waiting."""
        self._scheduled = False
        while self._waiting:
            if not select.select((), (self._descriptor,), (), 0)[1]:
                self._scheduled = True
                asyncio.get_running_loop().call_later(AGAIN_S, self._leave)
                return
            self._write()

    def _write(self) -> None:
        try:
            written = os.write(self._descriptor, self._waiting[:PIECE])
        except OSError:
            written = len(self._waiting)  # nobody reads any more: there is nowhere to say so
        del self._waiting[:written]
