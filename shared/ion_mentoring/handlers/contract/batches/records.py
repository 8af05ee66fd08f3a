"""The records of a body: each item as it was sent, with the line on which it begins, or why it cannot be read."""

from collections.abc import AsyncIterator
from typing import Any, Final, NamedTuple

LONGEST: Final = 512 * 1024  # characters of one item; the largest one that is valid has some 300,000
TOO_LONG: Final = f"is longer than {LONGEST} characters"


class Fault(NamedTuple):
    """One thing that is wrong: the line, the field where it is one's, and the reason."""

    line: int
    field: str
    reason: str


class Record(NamedTuple):
    """An item as it was sent, and the line on which it begins."""

    line: int
    sent: Any


Read = AsyncIterator[Record | Fault]


async def lines(text: AsyncIterator[str]) -> AsyncIterator[tuple[int, str | None]]:
    """The lines of a text with their numbers, without their ends; None for one that is too long, which is not kept."""
    number, begun, over = 1, "", False
    async for piece in text:
        *whole, rest = (begun + piece).split("\n")
        for line in whole:
            yield number, None if over or len(line) > LONGEST else line.removesuffix("\r")
            number, over = number + 1, False
        over = over or len(rest) > LONGEST
        begun = "" if over else rest
    if over or begun:
        yield number, None if over else begun.removesuffix("\r")
