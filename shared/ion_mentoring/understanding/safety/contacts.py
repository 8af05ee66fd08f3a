"""The ways to reach somebody beside an answer about danger: who answers, and where, as a page makes buttons of them."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from msgspec import Struct

By = Literal["call", "text", "site"]
MOST: Final = 7  # more of them are not read in distress


class Contact(Struct, frozen=True, omit_defaults=True):
    """One way: the name of who answers, and a number to call, a number to write to (with the words `says`), or a site."""

    name: str
    by: By
    to: str
    says: str = ""


def ordered(own: Sequence[Contact], emergency: Sequence[Contact], *, at_once: bool) -> tuple[Contact, ...]:
    """The calls of the lines, then of the emergency, the other way round where help has to come `at_once`; then what needs
    no voice; each once."""
    calls = [one for one in own if one.by == "call"]
    others = [one for one in own if one.by != "call"]
    first = [*emergency, *calls] if at_once else [*calls, *emergency]
    found: dict[tuple[str, str], Contact] = {}
    for one in (*first, *others):
        found.setdefault((one.by, one.to), one)
    return (*found.values(),)[:MOST]


def said_in(text: str, known: Iterable[Contact]) -> list[Contact]:
    """Those of which the number to call stands in a text, as a whole number."""
    return [one for one in known if one.by == "call" and _whole(one.to).search(text)]


def _whole(number: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\dA-Za-z#-]){re.escape(number)}(?![\dA-Za-z-]|\s?\d)")
