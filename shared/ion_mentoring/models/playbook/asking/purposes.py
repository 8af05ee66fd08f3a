"""Words to begin with, by what somebody wants to say, where none can be made of their own words."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import Final, NamedTuple

from ion_mentoring.catalogue.bilingual import Bilingual, Datum
from ion_mentoring.resources import paths, read_data

PURPOSES: Final = "ion_mentoring/models/playbook/asking/purposes.toml"


class _Purpose(Datum, frozen=True, kw_only=True):
    """What somebody wants to say, and words for it, with a word before and after."""

    name: str
    wants: Bilingual
    first: Bilingual
    words: Bilingual
    close: Bilingual
    after: Bilingual
    over_card: bool = False
    general: bool = False


class Words(NamedTuple):
    """Words to begin with, for a purpose by its name, with a word before and after."""

    purpose: str
    first: str
    words: str
    after: str


class _Purposes(Datum, frozen=True, kw_only=True):
    """The data file."""

    close: Bilingual
    purpose: tuple[_Purpose, ...]


@cache
def _purposes() -> _Purposes:
    return read_data(_Purposes, paths(PURPOSES)[0])


def words_for(texts: Sequence[str], language: str, *, over_card: bool = False) -> Iterator[Words]:
    """The words for each purpose that a person's last two texts tell of.

    What the last text tells of comes first, and what is general last. Family and friends are spoken to as such. `over_card`
    keeps to the purposes that go before the words of a card.
    """
    purposes = _purposes()
    last, both = texts[-1].lower(), ". ".join(texts[-2:]).lower()
    close = re.search(purposes.close.in_(language), both)
    for general, text in product((False, True), dict.fromkeys((last, both))):
        for one in purposes.purpose:
            fits = one.general == general and one.over_card >= over_card
            if fits and re.search(one.wants.in_(language), text):
                words = one.close if close else one.words
                yield Words(one.name, *(text.in_(language) for text in (one.first, words, one.after)))
