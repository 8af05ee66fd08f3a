"""A turn that is expected in a conversation of one kind: its gist, in both languages, and the answer to it.

In how many ways people say it stands where it is learned from, in `training/data/expected`.
"""

from typing import Annotated

from msgspec import Meta

from ion_mentoring.catalogue.bilingual import Datum

Text = Annotated[str, Meta(min_length=1)]


class Wording(Datum, frozen=True, kw_only=True):
    """One language of a turn: its gist, in words that people use, and the answer to whoever takes it."""

    gist: Text
    answer: Text


class ExpectedTurn(Datum, frozen=True, kw_only=True):
    """A turn that is expected.

    `about` says in a few words what it is about, for those who maintain it; `answers` is which of the questions that were asked
    before it answers, from 1, or 0; `after` is what the story is about whose answer came before it, or nothing.
    """

    about: Text
    after: str = ""
    answers: Annotated[int, Meta(ge=0)] = 0
    ko: Wording
    en: Wording

    def in_(self, language: str) -> Wording:
        """The wording for a language code; other languages read the English one."""
        return self.ko if language == "ko" else self.en


class TurnFile(Datum, frozen=True, kw_only=True):
    """One file of turns."""

    turn: Annotated[tuple[ExpectedTurn, ...], Meta(min_length=1)]
