"""The items of an answer: its sentences, how they are set as a list, and how a list that was said is read again."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from ion_mentoring.models.playbook.layout.wanted import Layout

MARKED: Final = "- "
_ENDS: Final = re.compile(r"[.!?…][\"”’)]*\s+")
_GOES_ON: Final = re.compile(r"[.!?…][\"”’]+\s+[a-z가-힣]")  # after what somebody says
_HANGS_ON: Final = re.compile(
    r"^[^.?!]{2,50}(?:처럼|거든|니까|말이|하고|말고|대로|까지|부터)요\.$|^(?:하고|라고|고) |^That.s [^.?!]{2,30}\.$"
)
_ITEM: Final = re.compile(r"\s*\n(?:\d{1,2}\. |- )")
_NAME: Final = re.compile(r"^[^:.\"“]{2,60}(?=: )")


def sentences(text: str) -> list[str]:
    """The whole sentences of a text; what somebody says within quotation marks or brackets is not cut."""
    found: list[str] = []
    begin = 0
    for end in _ENDS.finditer(text):
        piece = text[begin : end.end()]
        if _whole(piece) and not _GOES_ON.match(text, end.end() - len(end[0])):
            found.append(piece.strip())
            begin = end.end()
    return _joined([*found, text[begin:].strip()])


def _whole(piece: str) -> bool:
    """True where no quotation and no bracket is open."""
    return piece.count('"') % 2 == 0 and all(piece.count(left) <= piece.count(right) for left, right in ("“”", "()"))


def _joined(found: Sequence[str]) -> list[str]:
    """The sentences, each with what only hangs on to it."""
    items: list[str] = []
    for one in found:
        if items and _HANGS_ON.search(one):
            items[-1] = f"{items[-1]} {one}"
        elif one:
            items.append(one)
    return items


def set_as(layout: Layout, items: Sequence[str]) -> str:
    """The items as a Markdown list: numbered where their order counts, with the name before a colon in bold in a comparison."""
    if layout == "compared":
        items = [_NAME.sub(r"**\g<0>**", item) for item in items]
    marks = (f"{place}. " if layout == "steps" else MARKED for place in range(1, len(items) + 1))
    return "\n".join(f"{mark}{item}" for mark, item in zip(marks, items, strict=True))


def read_again(text: str) -> str:
    """An answer of ours with its lists before it as running text, so that what was said in a list is found again."""
    if not _ITEM.search(text):
        return text
    return f"{_ITEM.sub(' ', text).replace('**', '')}\n{text}"


def told_in(message: str, known: Iterable[str]) -> list[str]:
    """Those of the texts that we know which a message says, in its order."""
    places = ((message.find(text), text) for text in known)
    return [text for place, text in sorted(places) if place >= 0]
