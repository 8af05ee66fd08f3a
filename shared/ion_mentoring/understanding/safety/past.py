"""The past of a conversation: the last sign of danger in it, and whether that is over."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

from ion_mentoring.understanding.safety.answers import SafetyAnswers
from ion_mentoring.understanding.safety.check import DangerCheck
from ion_mentoring.understanding.safety.danger import Danger
from ion_mentoring.understanding.safety.emergencies import KIND_OF, Emergencies
from ion_mentoring.understanding.safety.later.reader import MATTERS, OF_HELPERS, OPEN, Later, LaterReader
from ion_mentoring.understanding.safety.turns import Turns

REACTIONS: Final[tuple[Later, ...]] = (
    "asks_next", "asks_line", "cannot_call", "refuses", "safe", "other_subject", "thanks", "unclear", "alone",
)  # fmt: skip
REACTS: Final = 0.75  # the probability from which a turn is taken for a reaction, whatever else it seems to tell
LETS_GO: Final = 0.75  # and from which one ends what was said before
CLEAR: Final = 0.5  # the probability from which a later turn is what it seems to be
SURER: Final[Mapping[Later, float]] = {
    "under_way": 0.8,
    "took_it": 0.85,
    "refuses": 0.7,
    "denies": 0.7,
}  # the same where a mistake hurts
CLEAR_MATTER: Final = 0.3  # and from which its matter is taken up: a general word meets nobody either
CLEARER_MATTER: Final = 0.6  # the same where the kind has an answer of its own
GOOD: Final[frozenset[Later]] = frozenset(("told_someone", "small_good", "aftermath"))  # of what somebody says who is safe
LIKELY_GOOD: Final = 0.08
TOLD: Final[tuple[Later, ...]] = ("not_believed", "told_someone")  # said by who has told somebody
SHORT: Final = (12, 6)  # characters of a text that says little, in English and in Korean
HANGUL: Final = re.compile("[가-힣]")
SURELY_HELPER: Final = 0.85  # from which somebody is taken for one who worries for another
CLOSED: Final[tuple[Later, ...]] = ("under_way", "took_it", "body")  # kinds beside which nothing else is taken up


class Turn(NamedTuple):
    """One message of the conversation, oldest first in a history."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """The last sure sign of a history, and what was said since.

    `over` once the person was safe or elsewhere; `own` if it says in plain words that it is the writer's own danger.
    """

    danger: Danger
    turns: int
    over: bool
    own: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """Reads histories, oldest message first."""

    danger: DangerCheck
    answers: SafetyAnswers
    turns: Turns
    emergencies: Emergencies
    later: LaterReader
    matters: LaterReader

    def earlier(self, history: Sequence[Turn]) -> Earlier | None:
        """The last sign; the one before it, where that one is not over and the last is not much likelier another danger."""
        last = self._last(history)
        if last is None:
            return None
        asked = [place for place, turn in enumerate(history) if turn.role == "user"]
        text = history[asked[-1 - last.turns]].content
        for place in reversed(asked[: -1 - last.turns]):
            before = self._found(history, place)
            if before and not before.over and before.danger.group != last.danger.group:
                turned = self.turned(text) or self.turns.is_assault(text)
                return last if turned or self.danger.turns_to(last.danger, text, before.danger) else before
        return last

    def _last(self, history: Sequence[Turn]) -> Earlier | None:
        """The last sign. One by which the person denies another is that other one; and while somebody else is the danger, no
        veiled word turns it into one of wanting to die."""
        later: Earlier | None = None
        veiled: Earlier | None = None
        oldest: Earlier | None = None
        denied = reacted = False
        for place in range(len(history) - 1, -1, -1):
            found = self._found(history, place)
            if found is None:
                continue
            denies = self.turns.denies(history[place].content) or self.turns.reports(history[place].content)
            reacts = self.reacts(history[place].content) or self.emergencies.told(history[place].content)
            if denies or reacts or self.veiled(found.danger, history[place].content):
                veiled = veiled or (None if denies else found)
                denied, reacted = denied or (later is None and denies), reacted or (later is None and bool(reacts))
                later, oldest = later or found, found
                continue
            goes_on = not found.over and found.danger.kind != "suicide"
            return found if later is None or denied or reacted or goes_on else later
        if oldest and (reacted or (not oldest.over and oldest.danger.group != "self_harm")):
            return oldest
        return veiled if denied and veiled else later

    def aged(self, danger: Danger, texts: Sequence[str]) -> Danger:
        """The danger with the age that the person gave, where one was given."""
        for text in reversed(texts):
            if (minor := self.turns.minor(text)) is not None and not danger.other:
                return replace(danger, minor=minor)
        return danger

    def asked(self, history: Sequence[Turn]) -> Danger | None:
        """The danger that our last message asked for, sure where it named one; None if it asked for none."""
        return self.answers.asked(history[-1].content) if history and history[-1].role == "assistant" else None

    def confessed(self, text: str, history: Sequence[Turn]) -> Danger | None:
        """The danger that our last message asked for, if this one says yes to it."""
        asked = self.asked(history)
        if asked is None or not self.turns.affirms(text):
            return None
        suspected = self.danger.check(history[-2].content) if not asked.sure and len(history) > 1 else None
        return replace(suspected, sure=False, faint=False) if suspected else asked

    def kind(self, text: str) -> Later | None:
        """The kind of a turn after a sign, where it is clear enough."""
        turn = self.later.read(text)
        return turn.kind if turn.probability >= SURER.get(turn.kind, CLEAR) else None

    def matter(self, text: str, kind: Later | None, danger: Danger) -> Later | None:
        """The matter of a turn of this kind; none where the body is in danger now, or somebody only tells an age.

        Of all matters only those are likely of which something can be said in this danger.
        """
        if kind in CLOSED or self.turns.minor(text) is not None:
            return None
        turn = self.matters.read(text, self.answers.matters_of(danger))
        if turn.kind in TOLD and self.turns.has_not_told(text):
            return None
        own = kind is not None and (kind == "asks_next" or kind not in OPEN)
        least = CLEARER_MATTER if own or len(text) < SHORT[bool(HANGUL.search(text))] else CLEAR_MATTER
        return turn.kind if turn.kind in MATTERS and turn.probability >= least else None

    def good(self, text: str) -> Later | None:
        """The good news that somebody tells who is safe, where any of it is likely."""
        news = self.matters.read(text, GOOD)
        return news.kind if news.probability >= LIKELY_GOOD else None

    def calms(self, text: str) -> bool:
        """True for a turn that surely says to be safe, and names no wish to die in so many words."""
        return self.lets_go(text) == "safe" and not self.danger.learned.likelihood(text).plain

    def of_helper(self, text: str, danger: Danger, *, own: bool = False) -> bool:
        """True for a turn that only somebody writes who worries for another; `own` if a sign before said to be one's own."""
        if self.turns.is_of_other(text):
            return not (own and danger.group == "violence")
        if own:
            return False
        matter = self.matters.read(text, self.answers.matters_of(danger))
        return matter.kind in OF_HELPERS and matter.probability >= SURELY_HELPER

    def reacts(self, text: str) -> bool:
        """True for a turn that surely goes on with what was said, and is no sign by itself."""
        turn = self.later.read(text)
        return turn.kind in REACTIONS and turn.probability >= REACTS

    def lets_go(self, text: str) -> Later | None:
        """Safe or elsewhere, where a turn is surely that."""
        turn = self.later.read(text)
        if turn.probability < LETS_GO or self.turns.takes_back(text):
            return None
        elsewhere = turn.kind == "other_subject" and self.turns.names_subject(text)
        return turn.kind if elsewhere or turn.kind == "safe" else None

    def veiled(self, danger: Danger, text: str) -> bool:
        """True for a wish to die that is not said in so many words."""
        return danger.group == "self_harm" and not self.danger.learned.likelihood(text).plain

    def _found(self, history: Sequence[Turn], place: int) -> Earlier | None:
        """The sign of one message, if it is one, with what was said since."""
        turn = history[place]
        danger = self._sign(turn.content, history[:place]) if turn.role == "user" else None
        if danger is None:
            return None
        since = [own.content for own in history[place + 1 :] if own.role == "user"]
        own = not danger.other and self.turns.is_own(turn.content)
        if any(self.of_helper(text, danger, own=own) for text in since):
            danger = replace(danger, other=True, minor=False)
        danger = self.aged(danger, [own.content for own in history if own.role == "user"])
        misread = any(self.answers.takes_back(own.content) for own in history[place + 1 :] if own.role == "assistant")
        return Earlier(danger, len(since), misread or any(self._leaves(text, danger) for text in since), own)

    def _sign(self, text: str, before: Sequence[Turn]) -> Danger | None:
        """The sure danger of a message of the history."""
        if emergency := self.emergencies.told(text):
            return Danger(KIND_OF[emergency], sure=True)
        danger = self.turned(text) or self.confessed(text, before) or self.danger.check(text)
        return danger if danger and danger.sure else None

    def turned(self, text: str) -> Danger | None:
        """The danger of somebody who says not to want to die, but to be hurt by others."""
        rest = self.danger.denials.rest(text)
        return Danger("home_violence", sure=True) if rest and self.turns.is_hurt(rest) else None

    def _leaves(self, text: str, danger: Danger) -> bool:
        """True if that turn ended it. Who only denies to want to die is not let go while somebody else is the danger."""
        if self.emergencies.told(text, danger):
            return False
        denied = danger.kind == "suicide" and not danger.other and self.turns.denies(text)
        lets_go = self.lets_go(text)
        elsewhere = (self.turns.changes_subject(text) or lets_go == "other_subject") and self.danger.check(text) is None
        return denied or self.turns.is_safe(text) or lets_go == "safe" or elsewhere
