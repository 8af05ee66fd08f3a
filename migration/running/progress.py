"""A bar that shows how far a run has come, on a terminal alone."""

from typing import Final, TextIO

WIDTH: Final = 30


class Progress:
    """Redraws one line; without a terminal, or without much to do, it says nothing."""

    def __init__(self, total: int, out: TextIO, *, shown: bool) -> None:
        self._total = total
        self._out = out
        self._shown = shown and out.isatty() and total > 1
        self._done = 0
        self._drawn = -1

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        filled = WIDTH * self._done // self._total
        if self._shown and (filled != self._drawn or self._done == self._total):
            self._drawn = filled
            self._out.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {self._done}/{self._total}")
            self._out.flush()

    def end(self) -> None:
        """The end of the line."""
        if self._shown:
            self._out.write("\n")
