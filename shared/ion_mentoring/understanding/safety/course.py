"""The course of a conversation in which there was a sign of danger: what is said now, given all that was said before.

Everything follows from the history; nothing is kept in the instance. After a sure sign the same voice stays, a new text a turn,
until the person says that it is over or asks about something else; the first ordinary answer then asks once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from ion_mentoring.understanding.safety.answers import Listener, SafetyAnswers
from ion_mentoring.understanding.safety.check import DangerCheck
from ion_mentoring.understanding.safety.danger import Danger
from ion_mentoring.understanding.safety.turns import Turns

OPENING: Final = 48  # characters by which a text that was said is known again
ASKED_LATELY: Final = 6  # messages within which the caring question is not asked again


class Turn(NamedTuple):
    """One message of the conversation, oldest first in a history."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class SafetyReply:
    """The whole answer, before any model and cache."""

    text: str
    danger: Danger


@dataclass(frozen=True, slots=True)
class Caring:
    """The text before and after the ordinary answer, which Lua gives."""

    opening: str
    closing: str
    danger: Danger


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The last sure sign of a history, and what was said since; `over` once the person was safe or elsewhere."""

    danger: Danger
    turns: int
    over: bool


@dataclass(frozen=True, slots=True)
class SafetyCourse:
    """Decides between the safe answer, the caring question, and nothing."""

    danger: DangerCheck
    answers: SafetyAnswers
    turns: Turns

    @staticmethod
    def load() -> "SafetyCourse":
        """The course with the product's data."""
        return SafetyCourse(DangerCheck.load(), SafetyAnswers.load(), Turns.load())

    def sadness(self, history: Sequence[Turn], to: Listener) -> Caring | None:
        """The caring question and line for a sad text that nothing fits; None where it was asked lately."""
        unsure = Danger("suicide", sure=False)
        question = self.answers.question(unsure, to)
        return None if _lately(question, history) else Caring(question, self.answers.line(unsure, to), unsure)

    def next(self, text: str, history: Sequence[Turn], to: Listener) -> SafetyReply | Caring | None:
        """The reply that this turn needs; None where an ordinary answer is right."""
        now = self.danger.check(text)
        earlier = self._earlier(history)
        if now and now.sure:
            return SafetyReply(self._answer(now, earlier, history, to), now)
        if earlier and not earlier.over:
            return self._staying(text, now, earlier, history, to)
        if now and not _lately(self.answers.question(now, to), history):
            return Caring(self.answers.question(now, to), self.answers.line(now, to), now)
        return None

    def _answer(self, now: Danger, earlier: _Earlier | None, history: Sequence[Turn], to: Listener) -> str:
        """The first answer, or the next text where the first one was said already."""
        first = self.answers.first(now, to)
        same = earlier is not None and not earlier.over and earlier.danger.group == now.group
        if not same and not _said(first, history):
            return first
        return self._fresh(self.answers.following(now, to), history, earlier.turns if earlier else 0)

    def _staying(
        self, text: str, now: Danger | None, earlier: _Earlier, history: Sequence[Turn], to: Listener
    ) -> SafetyReply | Caring:
        danger, answers = earlier.danger, self.answers
        if self.turns.cannot_call(text) and not _said(answers.without_voice(danger, to), history):
            return SafetyReply(answers.without_voice(danger, to), danger)
        if self.turns.is_safe(text):
            return SafetyReply(self._fresh(answers.safe(danger, to), history, 0), danger)
        if now is None and self.turns.changes_subject(text):
            return Caring(answers.back(danger, to), "", danger)
        return SafetyReply(self._fresh(answers.following(danger, to), history, earlier.turns), danger)

    def _earlier(self, history: Sequence[Turn]) -> _Earlier | None:
        for place in range(len(history) - 1, -1, -1):
            if history[place].role == "user":
                danger = self.danger.check(history[place].content)
                if danger and danger.sure:
                    since = [turn.content for turn in history[place + 1 :] if turn.role == "user"]
                    return _Earlier(danger, len(since), any(map(self._leaves, since)))
        return None

    def _leaves(self, text: str) -> bool:
        return self.turns.is_safe(text) or (self.turns.changes_subject(text) and self.danger.check(text) is None)

    @staticmethod
    def _fresh(texts: Sequence[str], history: Sequence[Turn], turns: int) -> str:
        """The first text that was not said yet; where nobody keeps what was said, the one whose turn it is."""
        if all(turn.role == "user" for turn in history):
            return texts[turns % len(texts)]
        fresh = [text for text in texts if not _said(text, history)]
        return fresh[0] if fresh else texts[turns % len(texts)]


def _said(text: str, history: Sequence[Turn]) -> bool:
    opening = text[:OPENING]
    return any(turn.role == "assistant" and turn.content.startswith(opening) for turn in history)


def _lately(question: str, history: Sequence[Turn]) -> bool:
    return _said(question, history[-ASKED_LATELY:])
