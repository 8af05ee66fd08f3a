"""Ways of going about what anybody may ask about anything: a speech, a mail, a price, what stops at the same point."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Final

from msgspec import Meta

from ion_mentoring.catalogue.bilingual import Bilingual, Datum, Several
from ion_mentoring.resources import paths, read_data

ANYWHERE: Final = "ion_mentoring/models/playbook/asking/anywhere.toml"
READ: Final = 600  # characters at the beginning of a text in which a kind is looked for


class Kind(Datum, frozen=True, kw_only=True):
    """A kind of request, by its name, with patterns that tell it, ways of going about it and questions that move it on."""

    name: str
    wants: Bilingual
    ways: Several
    asks: Several
    over_words: bool = False
    general: bool = False  # told only where nothing is near


class _Kinds(Datum, frozen=True, kw_only=True):
    """The data file."""

    heavy: Bilingual
    kind: Annotated[tuple[Kind, ...], Meta(min_length=1)]


@cache
def _kinds() -> _Kinds:
    return read_data(_Kinds, paths(ANYWHERE)[0])


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], tuple[tuple[Kind, re.Pattern[str]], ...]]:
    kinds = _kinds()
    wanted = tuple((one, re.compile(one.wants.in_(language))) for one in kinds.kind)
    return re.compile(kinds.heavy.in_(language)), wanted


def kinds_in(text: str, language: str) -> Iterator[Kind]:
    """The kinds of request that a text in Korean or English may be, the plainest first."""
    low = _folded(text[:READ])
    return (kind for kind, wants in _patterns("ko" if language == "ko" else "en")[1] if wants.search(low))


def kind_told(answer: str, language: str) -> Kind | None:
    """The kind whose way an answer of ours told; None where it told none."""
    return next((one for one in _kinds().kind if any(way in answer for way in one.ways.in_(language))), None)


def heavy(text: str, language: str) -> bool:
    """True for a text of death, illness, violence or despair, to which no way of going about things is an answer."""
    return _patterns("ko" if language == "ko" else "en")[0].search(_folded(text)) is not None


def _folded(text: str) -> str:
    return " ".join(text.lower().split())
