"""What the vectors of meaning and the expected turns are learned from."""

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from msgspec import Meta

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.resources import read_data
from ion_mentoring.understanding.expected.reader import ExpectedTurns
from ion_mentoring.understanding.expected.turn import Text
from training.corpus import DATA, column

ROOMS: Final = ("situations", "situations/alone", "keys", "turns", "danger", "later_turns", "private")
PUBLIC: Final = {"en": ("emotions_en",), "ko": ("emotions_ko", "comments_ko", "questions_ko")}
MOST_PUBLIC: Final = 9_000  # rows of the public data sets
SEED: Final = 20261129
WAYS: Final = DATA / "expected"  # a room for each book of turns, with files and folders named as the book's are
ONWARD: Final = "onward"  # the folder of turns that follow further on

Several = Annotated[tuple[Text, ...], Meta(min_length=5)]


class Ways(Datum, frozen=True, kw_only=True):
    """The ways to say one turn, which is told by what it is about."""

    about: Text
    ko: Several
    en: Several


class WaysFile(Datum, frozen=True, kw_only=True):
    """The ways to say the turns of one file, in its order."""

    turn: tuple[Ways, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One way to say an expected turn: its scope (a situation, a kind of danger), the turn's place in its file, and the text.

    `way` counts the ways to say one turn, from 0. `onward` are turns that the vectors of meaning are not learned from: with
    more turns they stay as they are, and with them all that reads by them.
    """

    scope: str
    place: int
    way: int
    text: str
    onward: bool = False


def ways(language: str, turns: ExpectedTurns, room: str) -> list[Said]:
    """All ways to say the expected turns of a book, in the order of its files, from a room of `WAYS`.

    ValueError names a file that has other turns than the book.
    """
    return [
        Said(scope, place, way, text, onward)
        for scope in turns.scopes()
        for place, (several, onward) in enumerate(_ways(scope, turns, sorted((WAYS / room).rglob(f"{scope}.toml"))))
        for way, text in enumerate(several.ko if language == "ko" else several.en)
    ]


def _ways(scope: str, turns: ExpectedTurns, files: Sequence[Path]) -> list[tuple[Ways, bool]]:
    """The ways to say each turn of a scope, and whether it is one of those that follow further on."""
    several = [(one, path.parent.name == ONWARD) for path in files for one in read_data(WaysFile, path).turn]
    if [one.about for one, _ in several] != [turn.about for turn in turns.turns(scope)]:
        raise ValueError(f"{scope}.toml: its turns have to be those of the book, in the same order")
    return several


def ordinary(language: str, folder: Path) -> list[str]:
    """Texts of every kind: those that the other models are learned from, and a sample of public data sets in `folder`."""
    written = [
        text for room in ROOMS for path in sorted((DATA / room).glob("*.tsv")) if _of(path, language) for text in _last(path)
    ]
    public = [text for name in PUBLIC[language] for text in column(folder / f"{name}.tsv.gz")]
    random.Random(SEED).shuffle(public)  # noqa: S311  # the same order each time is the point
    return list(dict.fromkeys([*written, *public[:MOST_PUBLIC]]))


def _of(path: Path, language: str) -> bool:
    return language in path.stem.split("_")


def _last(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [fields[-1] for fields in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]
