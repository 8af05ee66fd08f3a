"""The reading of a turn after a sign: its kind, its matter, and what it does to what was said before."""

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from ion_mentoring.understanding.pattern import Pattern
from ion_mentoring.understanding.safety.answers import SafetyAnswers
from ion_mentoring.understanding.safety.check import DangerCheck
from ion_mentoring.understanding.safety.danger import Danger
from ion_mentoring.understanding.safety.later.reader import MATTERS, OF_HELPERS, OPEN, Later, LaterReader
from ion_mentoring.understanding.safety.turns import Turns

REACTIONS: Final[tuple[Later, ...]] = (
    "asks_next", "asks_line", "cannot_call", "refuses", "safe", "other_subject", "thanks", "unclear", "alone",
)  # fmt: skip
REACTS: Final = 0.75  # the probability from which a turn is taken for a reaction, whatever else it seems to tell
RESPONSES: Final[tuple[Later, ...]] = ("asks_line", "cannot_call", "alone")  # to a question about danger, and its line
LETS_GO: Final = 0.75  # and from which one ends what was said before
CLEAR: Final = 0.5  # the probability from which a later turn is what it seems to be
SURER: Final[Mapping[Later, float]] = {
    "under_way": 0.8,
    "took_it": 0.85,
    "refuses": 0.7,
    "denies": 0.7,
}  # the same where a mistake hurts
CLEAR_MATTER: Final = 0.4  # and from which its matter is taken up: what is beside the person hurts more than a general word
CLEARER_MATTER: Final = 0.6  # the same where the kind has an answer of its own
GOOD: Final[frozenset[Later]] = frozenset(("told_someone", "small_good", "aftermath"))  # of what somebody says who is safe
LIKELY_GOOD: Final = 0.08
TOLD: Final[tuple[Later, ...]] = ("not_believed", "told_someone")  # said by who has told somebody
SHORT: Final = (12, 6)  # characters of a text that says little, in English and in Korean
HANGUL: Final = re.compile("[가-힣]")
# Words of who refuses to tell somebody, and no line.
KEEPS_TO_SELF: Final = Pattern(r"(?i)\btell(?:ing)? (?:any(?:one|body)|people|them|him|her|my \w+)\b")
SURELY_HELPER: Final = 0.85  # from which somebody is taken for one who worries for another
CLOSED: Final[tuple[Later, ...]] = ("under_way", "took_it", "body")  # kinds beside which nothing else is taken up


class Following(Struct, frozen=True):
    """Reads the turns that follow a sign, each by itself."""

    danger: DangerCheck
    answers: SafetyAnswers
    turns: Turns
    kinds: LaterReader
    matters: LaterReader

    def kind(self, text: str) -> Later | None:
        """The kind of a turn after a sign, where it is clear enough."""
        turn = self.kinds.read(text)
        if turn.probability < SURER.get(turn.kind, CLEAR):
            return None
        return "alone" if turn.kind == "refuses" and KEEPS_TO_SELF.search(text) else turn.kind

    def matter(self, text: str, kind: Later | None, danger: Danger) -> Later | None:
        """The matter of a turn of this kind; none where the body is in danger now, or somebody only tells an age.

        Of all matters only those are likely of which something can be said in this danger. A meal is one for whom eating is a
        danger alone.
        """
        if kind in CLOSED or self.turns.minor(text) is not None:
            return None
        turn = self.matters.read(text, self.answers.matters_of(danger))
        if turn.kind in TOLD and self.turns.has_not_told(text):
            return None
        if turn.kind == "eats_fear" and not self._eating(text, danger):
            return None
        own = kind is not None and (kind == "asks_next" or kind not in OPEN)
        least = CLEARER_MATTER if own or turn.kind in GOOD or len(text) < SHORT[bool(HANGUL.search(text))] else CLEAR_MATTER
        return turn.kind if turn.kind in MATTERS and turn.probability >= least else None

    def _eating(self, text: str, danger: Danger) -> bool:
        found = self.danger.check(text)
        return danger.kind == "eating" or (found is not None and found.kind == "eating")

    def good(self, text: str) -> Later | None:
        """The good news that somebody tells who is safe, where any of it is likely."""
        news = self.matters.read(text, GOOD)
        return news.kind if news.probability >= LIKELY_GOOD else None

    def calms(self, text: str) -> bool:
        """True for a turn that surely says to be safe, and names no wish to die in so many words."""
        return self.lets_go(text) == "safe" and not self.danger.learned.likelihood(text).plain

    def of_helper(self, text: str, danger: Danger, *, own: bool = False) -> bool:
        """True for a turn that only somebody writes who worries for another; `own` if a sign before said to be one's own."""
        if danger.group == "violence" and self.answers.corrects(text):
            return False
        if self.turns.is_of_other(text):
            return not (own and danger.group == "violence")
        if own:
            return False
        matter = self.matters.read(text, self.answers.matters_of(danger))
        return matter.kind in OF_HELPERS and matter.probability >= SURELY_HELPER

    def reacts(self, text: str) -> bool:
        """True for a turn that surely goes on with what was said, and is no sign by itself."""
        turn = self.kinds.read(text)
        return turn.kind in REACTIONS and turn.probability >= REACTS

    def lets_go(self, text: str) -> Later | None:
        """Safe or elsewhere, where a turn is surely that."""
        turn = self.kinds.read(text)
        if turn.probability < LETS_GO or self.turns.takes_back(text):
            return None
        elsewhere = turn.kind == "other_subject" and self.turns.names_subject(text)
        return turn.kind if elsewhere or turn.kind == "safe" else None

    def responds(self, text: str) -> bool:
        """True for a turn that surely takes up a question about danger, and the line that stood beside it."""
        turn = self.kinds.read(text)
        return turn.kind in RESPONSES and turn.probability >= REACTS
