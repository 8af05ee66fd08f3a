"""The layout that a turn asks for: steps, points, a checklist, things to do, a comparison, one sentence."""

import re
from functools import cache
from typing import Final, Literal, NamedTuple, get_args

from msgspec import Struct

from ion_mentoring.catalogue.bilingual import Bilingual, Datum, Several
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.pattern import Pattern

LAYOUT: Final = "ion_mentoring/models/playbook/layout/layout.toml"
LONGEST: Final = 200  # characters of a sentence that asks for a layout
READ: Final = 2000  # characters of a text in which it is looked for
LEFT_WORDS: Final = 1  # of a request that names no matter of its own
MOST: Final = 10  # items that are asked for
NUMBERS: Final = {
    **{word: number for number, word in enumerate(("한", "두", "세", "네", "다섯", "여섯", "일곱"), 1)},
    "열": 10,
    **{word: number for number, word in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 2)},
}

OTHERS: Final = {
    "ko": "비교|정리|나열",
    "en": "compare|contrast|weigh up|recap|summari|sum |summary|go over",
}  # what asks without a noun

Layout = Literal["todo", "checklist", "compared", "steps", "points", "sentence"]
_SENTENCE: Final = re.compile(r"[^.?!\n。ㅠㅜㅋㅎ]+[.?!。ㅠㅜㅋㅎ]*(?:\s|$)")


class Book(Datum, frozen=True, kw_only=True):
    """The data file."""

    nouns: dict[Layout, Bilingual]
    asks: Bilingual
    alone: Bilingual
    sort: Bilingual
    compare: Bilingual
    opens: dict[str, str]
    again: Bilingual
    whole: Bilingual
    filler: Bilingual
    longer: Bilingual
    count: Bilingual
    leads: dict[Literal["todo", "checklist", "compared", "steps", "points", "again"], Several]
    short: Bilingual
    long: Bilingual
    second: Several
    nothing_to_add: Several


class Wanted(Struct, frozen=True):
    """The layout that a turn asks for; `beside` is the turn without the request, and `named` where that names a matter.

    `again` where what was said is to be put into it, `whole` where all of that, `longer` where it is to be; `count` items where
    a number was given.
    """

    layout: Layout
    beside: str
    named: bool = False
    again: bool = False
    whole: bool = False
    longer: bool = False
    count: int | None = None


class _Patterns(NamedTuple):
    asking: tuple[tuple[Layout, Pattern, bool], ...]  # True where nothing else may stand beside
    again: Pattern
    whole: Pattern
    filler: Pattern
    number: Pattern
    longer: Pattern
    quick: Pattern


@cache
def layout_book() -> Book:
    """The data of layouts."""
    return read_data(Book, paths(LAYOUT)[0])


@cache
def _patterns(language: str) -> _Patterns:
    book, own = layout_book(), "ko" if language == "ko" else "en"
    opens = book.opens[own]
    nouns = [(layout, book.nouns[layout].in_(own)) for layout in get_args(Layout)]
    asking: list[tuple[Layout, Pattern, bool]] = [
        ("compared", Pattern(book.compare.in_(own).format(opens=opens)), False),
        *((layout, _filled(book.asks.in_(own), noun, opens), False) for layout, noun in nouns),
        *((layout, _filled(book.alone.in_(own), noun, opens), True) for layout, noun in nouns),
        ("points", Pattern(book.sort.in_(own).replace("{opens}", opens)), False),
    ]
    quick = "|".join(
        [
            *(one.in_(own) for one in book.nouns.values()),
            OTHERS[own],
        ]
    )
    again, whole, filler, number, longer = (
        Pattern(one.in_(own)) for one in (book.again, book.whole, book.filler, book.count, book.longer)
    )
    return _Patterns(tuple(asking), again, whole, filler, number, longer, Pattern(quick))


def _filled(template: str, nouns: str, opens: str) -> Pattern:
    return Pattern(template.format(nouns=nouns, opens=opens))


def wanted(text: str, language: str) -> Wanted | None:
    """The layout that a text in Korean or English asks for; None where it asks for none."""
    low, patterns = text[:READ].lower(), _patterns("ko" if language == "ko" else "en")
    if not patterns.quick.search(low):
        return None
    for sentence in _SENTENCE.finditer(low):
        if (asked := _asked(sentence[0].strip(), patterns, language)) is None:
            continue
        layout, kept = asked
        others = f"{text[: sentence.start()]} {text[sentence.end() :]}"
        beside = " ".join(f"{others} {kept}".split()) if _words(kept, patterns) else " ".join(others.split())
        named = _words(beside, patterns)
        number = patterns.number.search(sentence[0])
        return Wanted(
            layout,
            beside if named else "",
            named=named > LEFT_WORDS,
            again=named <= LEFT_WORDS and patterns.again.search(sentence[0]) is not None,
            whole=patterns.whole.search(sentence[0]) is not None,
            longer=patterns.longer.search(low) is not None,
            count=_number(number["n"]) if number else None,
        )
    return None


def _words(text: str, patterns: _Patterns) -> int:
    """The words of a text that name a matter."""
    return sum(any(map(str.isalnum, word)) for word in patterns.filler.sub(" ", text.lower()).split())


def _asked(sentence: str, patterns: _Patterns, language: str) -> tuple[Layout, str] | None:
    """The layout that one sentence asks for, and what else stands in it: before the request in Korean, around it in English.

    In English a request may be the last clause of a sentence.
    """
    if len(sentence) > LONGEST:
        return None
    if asked := _asked_at_once(sentence, patterns, language):
        return asked
    told, comma, clause = sentence.rpartition(", ")
    if (
        language == "ko"
        or not comma
        or (asked := _asked_at_once(clause.removeprefix("so ").strip(), patterns, language)) is None
    ):
        return None
    return asked[0], told


def _asked_at_once(sentence: str, patterns: _Patterns, language: str) -> tuple[Layout, str] | None:
    for layout, pattern, alone in patterns.asking:
        if found := pattern.search(sentence):
            groups = found.groupdict()
            before, after = (groups.get(name) or groups.get(f"{name}2") or "" for name in ("before", "after"))
            if not (alone and _words(before, patterns)):
                return layout, before if language == "ko" else f"{before} {after}"
    return None


def _number(word: str) -> int | None:
    number = int(word) if word.isdigit() else NUMBERS.get(word)
    return min(number, MOST) if number and number > 1 else None


def length_wanted(text: str, language: str) -> Literal["short", "long"] | None:
    """The length of answer that a text in Korean or English asks for; None where it does not say."""
    low, book = text[:READ].lower(), layout_book()
    if re.search(book.short.in_(language), low):
        return "short"
    return "long" if re.search(book.long.in_(language), low) else None
