"""The form of the direct question that a turn asks: may I, should I, which of the two, how long, what if he says no..."""

import re
from functools import cache
from typing import Final, Literal

from ion_mentoring.catalogue.bilingual import Bilingual
from ion_mentoring.resources import paths, read_data

FORMS: Final = "ion_mentoring/models/playbook/asking/forms.toml"
READ: Final = 300  # characters at the beginning of a turn, and at its end, in which a question is looked for
MOST: Final = 2  # questions of a turn that are answered
ENDS: Final = ".?!\n"  # of a sentence

Form = Literal[
    "what_if", "risk", "lawful", "their_way", "normal", "too_late", "how_long", "confirm", "who", "how", "tell_which", "which",
    "entitled", "possible", "may", "should",
]  # fmt: skip


_Forms = dict[Form, Bilingual]  # the data file: a pattern for each form and language


@cache
def _patterns(language: str) -> tuple[tuple[Form, re.Pattern[str]], ...]:
    forms = read_data(_Forms, paths(FORMS)[0])
    return tuple((form, re.compile(pattern.in_(language))) for form, pattern in forms.items())


def asked(text: str, language: str) -> tuple[Form, ...]:
    """The forms of the direct questions in Korean or English, in the order in which they are asked, two at most."""
    low = text.lower()
    read = low if len(low) <= 2 * READ else f"{low[:READ]}\n{low[-READ:]}"
    found: list[tuple[int, int, Form]] = []
    for form, pattern in _patterns(language):
        one = pattern.search(read)
        if one and not any(one.start() < ends and begins < one.end() for begins, ends, _ in found):
            found.append((*_sentence(read, one.start()), form))
    return tuple(form for _, _, form in sorted(found)[:MOST])


def _sentence(text: str, place: int) -> tuple[int, int]:
    """The beginning and the end of the sentence that stands at a place."""
    begins = max(text.rfind(mark, 0, place) for mark in ENDS) + 1
    ends = [found for mark in ENDS if (found := text.find(mark, place)) >= 0]
    return begins, min(ends, default=len(text))
