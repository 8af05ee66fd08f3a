"""Leaving a matter that the person says it is not, for the one that the rest of their words tells of."""

from collections.abc import Collection
from functools import cache
from typing import Final

from msgspec import Struct

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.models.playbook.correcting import affirmed, corrected, denies, negated, of_manner, rejects
from ion_mentoring.models.playbook.finding import Found
from ion_mentoring.models.playbook.ranking import Likely, Ranking, Title
from ion_mentoring.resources import paths, read_data

TEXTS: Final = "ion_mentoring/models/playbook/leaving.toml"
DENIED_FROM: Final = 0.2  # the probability from which what somebody says it is not is the matter in hand
SURELY_ANOTHER: Final = 0.6  # and from which the rest tells of another, whatever is denied
ANOTHER: Final = 0.3  # and where the matter in hand was denied aloud
ANOTHER_STORY: Final = 0.4  # from which the rest tells another story of the matter in hand
FEWEST_WORDS: Final = 4  # of the rest, to tell of anything


class Correction(Struct, frozen=True):
    """The matter that is left, the one that is meant, where the words tell which, and whether the first was denied aloud."""

    title: Title
    found: Found | None
    said: bool


class LeavingTexts(Datum, frozen=True, kw_only=True):
    """The words in which a matter is left; `{left}` and `{found}` are titles."""

    alone: tuple[str, ...]
    for_another: str
    asks: tuple[str, ...]


class _Book(Datum, frozen=True, kw_only=True):
    """The data file."""

    ko: LeavingTexts
    en: LeavingTexts


@cache
def _book() -> _Book:
    return read_data(_Book, paths(TEXTS)[0])


def leaving_texts(language: str) -> LeavingTexts:
    """The words for a language code; other languages read the English ones."""
    return _book().ko if language == "ko" else _book().en


def correct(ranking: Ranking, text: str, title: Title, ruled_out: Collection[str], *, says: bool) -> Correction | None:
    """The correction that a turn makes of the matter in hand; None where it makes none. `says`: its kind is one that may.

    A turn that says what it is not leaves the matter if that is what it denies, or if the rest surely tells of another.
    """
    meant, wrong = corrected(text) if says else None, rejects(text)
    if not meant and not wrong and not denies(text):
        return None
    said = (wrong and not of_manner(text)) or _tells_of(ranking, negated(text), title)
    right = affirmed(meant or text) or meant or ""
    if not wrong and ranking.told([Likely(title, 1.0)], meant or right, ANOTHER_STORY):
        return None  # it is the same matter in another story
    least = ANOTHER if said else SURELY_ANOTHER
    best = _likeliest(ranking, right, (), least) if right else None
    if best and best.title.id == title.id:
        if not _tells_of(ranking, negated(text), title):
            return None
        best = None
    if best is None or best.title.id in ruled_out or len(right.split()) < FEWEST_WORDS:
        best = _likeliest(ranking, right, {*ruled_out, title.id}, least) if len(right.split()) >= FEWEST_WORDS else None
    return Correction(title, best, said) if said or best else None


def _likeliest(ranking: Ranking, text: str, without: Collection[str], least: float) -> Found | None:
    """The likeliest situation of a text, where it is likely enough; never one that was ruled out."""
    best = next(one for one in ranking.rank(text, len(without) + 1) if one.title.id not in without)
    return Found(best.title, best.probability) if best.probability >= least else None


def _tells_of(ranking: Ranking, text: str, title: Title) -> bool:
    """True for a text that is likely to be about a situation."""
    return bool(text) and any(one.title.id == title.id and one.probability >= DENIED_FROM for one in ranking.rank(text, 2))
