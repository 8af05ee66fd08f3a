"""Tells which of the turns that are expected a text is nearest to in meaning."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ion_mentoring.resources import paths, read_bytes, read_data
from ion_mentoring.understanding.expected.centres import Centres, read_centres
from ion_mentoring.understanding.expected.turn import ExpectedTurn, TurnFile
from ion_mentoring.understanding.meaning.vectors import load_vectors


class Meant(NamedTuple):
    """The turn that is meant, and the probability that it is, in [0, 1]."""

    turn: ExpectedTurn
    probability: float


class ExpectedTurns:
    """The turns of each scope, in the TOML files of its name among `turns`, and the centres of a language for `*` in `centres`.

    Both are patterns of data files, as `resources` wants them; a file is read when it is first needed.
    """

    def __init__(self, turns: str, centres: str) -> None:
        self._turns = turns
        self._centres = centres
        self._files = lru_cache(maxsize=None)(self._found_files)
        self.turns = lru_cache(maxsize=None)(self._read_turns)
        self.centres = lru_cache(maxsize=None)(self._read_centres)

    def nearest(self, scope: str, text: str, language: str, asked: int = 0, told: Collection[str] = ()) -> Meant | None:
        """The turn of a scope that a text in Korean or English is nearest to; None where the scope has none.

        `asked` is the question that was asked just before, from 1, or 0: what answers it is a little likelier. What comes after
        a story counts where it is one of those that were `told`, by what they are about.
        """
        found = self.ranked(scope, text, language, asked, told)
        return found[0] if found else None

    def ranked(self, scope: str, text: str, language: str, asked: int = 0, told: Collection[str] = ()) -> list[Meant]:
        """The turns of a scope that can be meant, the likeliest first; the same arguments as for `nearest`."""
        own, turns = "ko" if language == "ko" else "en", self.turns(scope)
        answers = {place for place, turn in enumerate(turns) if asked and turn.answers == asked}
        without = {place for place, turn in enumerate(turns) if turn.after and turn.after not in told}
        shares = self.centres(own).shares(scope, load_vectors(own).of(text), answers, without)
        places = sorted((place for place in range(len(shares)) if place not in without), key=lambda one: -shares[one])
        return [Meant(turns[place], shares[place]) for place in places]

    def odds(self, scopes: Sequence[str], hashes: Sequence[int], language: str) -> list[float]:
        """By scope, the odds that the hashed n-grams of a text tell of one of its turns; 1 where it has none."""
        own = "ko" if language == "ko" else "en"
        direction, centres = load_vectors(own).of_hashes(hashes), self.centres(own)
        return [centres.odds(scope, direction) for scope in scopes]

    def likeliest(self, scopes: Sequence[str], text: str, language: str) -> list[float]:
        """By scope, the probability of the turn that a text is nearest to; 0 where it has none. No turn is read for it."""
        own = "ko" if language == "ko" else "en"
        direction, centres = load_vectors(own).of(text), self.centres(own)
        return [max(centres.shares(scope, direction), default=0.0) for scope in scopes]

    def scopes(self) -> list[str]:
        """The names of all scopes."""
        return sorted(self._files())

    def _read_turns(self, scope: str) -> tuple[ExpectedTurn, ...]:
        """The turns of a scope, file by file, none where it has none; CardInvalid names the file and field that is wrong."""
        return tuple(turn for path in self._files().get(scope, ()) for turn in read_data(TurnFile, path).turn)

    def _found_files(self) -> Mapping[str, Sequence[Path]]:
        """The files of each scope."""
        files: dict[str, list[Path]] = {}
        for path in paths(self._turns):
            files.setdefault(path.stem, []).append(path)
        return files

    def _read_centres(self, language: str) -> Centres:
        return read_centres(read_bytes(self._centres.replace("/*", f"/{language}")))
