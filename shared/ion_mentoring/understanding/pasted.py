"""The writer's own part of a text, apart from what was pasted beside it: logs, code, quoted mails."""

import re
from typing import Final

LONG: Final = 400  # characters: nobody writes a line like that and has a question of another language in it by chance
ASKS_FROM: Final = 6  # characters at an edge of such a line: a sentence, no more a word that is spoken about

_FENCE: Final = re.compile(r"^\s*(?:```|~~~)")
_QUOTED: Final = re.compile(r"^\s*>")
# Lines of machines, all in ASCII: stack traces, log lines, paths, code, shell prompts.
_MACHINE: Final = re.compile(
    r"^(?: {4}|\t)|^\s*(?:Traceback \(|Caused by:|File \"|at [\w.$<>]+ ?\(|\.{3} \d+ more|\$ |>>> |#include|import \w|return\b)"
    r"|^\s*[\w.]*(?:Error|Exception|Warning|panic)\b ?[:(]"
    r"|^\W{0,3}(?:\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|(?:ERROR|WARN|WARNING|INFO|DEBUG|FATAL|TRACE)\b)"
    r"|[{};]\s*$|=>|[=!]=|\w\(\)|\w\.\w+\(|(?:/[\w.-]+){2}|^\s*(?:def|class|function|const|let|var) \w+ ?[=(:]"
)


def own_lines(text: str) -> list[str]:
    """The lines that a person says, of all in order; all of them where nothing else would be left."""
    lines = [piece for line in text.splitlines() for piece in _pieces(line) if piece.strip()]
    return [line for line, inside in zip(lines, _fenced(lines), strict=True) if not (inside or _pasted(line))] or lines


def _fenced(lines: list[str]) -> list[bool]:
    inside, told = False, []
    for line in lines:
        mark = _FENCE.match(line) is not None
        told.append(inside or mark)
        inside ^= mark
    return told


def _pasted(line: str) -> bool:
    if _QUOTED.match(line):
        return True
    return line.isascii() and not line.rstrip().endswith("?") and _MACHINE.search(line) is not None


def _pieces(line: str) -> list[str]:
    """A line; a long one in up to three, where a sentence of another script stands at its beginning or its end."""
    if len(line) <= LONG:
        return [line]
    words = line.split()
    begins, ends = _not_ascii(words), _not_ascii(words[::-1])
    if begins == len(words):
        return [line]
    first, last = " ".join(words[:begins]), " ".join(words[len(words) - ends :])
    pieces = (first, " ".join(words[begins : len(words) - ends]), last)
    return list(pieces) if max(len(first), len(last)) >= ASKS_FROM else [line]


def _not_ascii(words: list[str]) -> int:
    """The number of words at the beginning that are not in ASCII."""
    return next((place for place, word in enumerate(words) if word.isascii()), len(words))
