"""The place in a Markdown text at which the next word would stand: in code or not, at a line's beginning or within it."""

from typing import Final

from msgspec import Struct

_BEFORE_FENCES: Final = " \t>-*+.)0123456789"  # a fence may stand in a list or a quotation
_HEAD: Final = 16  # characters of a line in which a fence begins


class CodePlace(Struct):
    """`last` is the character before; a line's beginning is where nothing but white space stands before."""

    last: str = ""
    fenced: bool = False
    ticks: int = 0
    head: str = ""

    @property
    def in_code(self) -> bool:
        """True if it is within a fence, or between backticks of one line."""
        return self.fenced or self.ticks % 2 == 1 or self._fence

    @property
    def within_line(self) -> bool:
        """True if something stands before it on its line."""
        return bool(self.head.strip())

    def read(self, text: str) -> None:
        """Goes on behind a text."""
        first, *lines = text.split("\n")
        self._go_on(first)
        for line in lines:
            self.fenced ^= self._fence
            self.ticks, self.head = 0, ""
            self._go_on(line)
        self.last = text[-1:] or self.last

    @property
    def _fence(self) -> bool:
        head = self.head.lstrip(_BEFORE_FENCES)
        return head.startswith("~~~") or (head.startswith("```") and self.ticks % 2 == 1)

    def _go_on(self, text: str) -> None:
        self.ticks += text.count("`")
        self.head = (self.head + text[:_HEAD])[:_HEAD]
