"""The course of a conversation in which there was a sign of danger: what is said now, given all that was said before.

Everything follows from the history; nothing is kept in the instance. After a sure sign the same voice stays, a new text a turn,
until the person says that it is over or asks about something else; the first ordinary answer then asks once. What happens in
this minute comes before all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

from ion_mentoring.understanding.safety.answers import Listener, SafetyAnswers
from ion_mentoring.understanding.safety.check import DangerCheck
from ion_mentoring.understanding.safety.danger import Danger
from ion_mentoring.understanding.safety.emergencies import KIND_OF, Emergencies
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
    emergencies: Emergencies

    @staticmethod
    def load() -> "SafetyCourse":
        """The course with the product's data."""
        return SafetyCourse(DangerCheck.load(), SafetyAnswers.load(), Turns.load(), Emergencies.load())

    def sadness(self, history: Sequence[Turn], to: Listener) -> Caring | None:
        """The caring question and line for a sad text that nothing fits; None where it was asked lately."""
        unsure = Danger("suicide", sure=False)
        question = self.answers.question(unsure, to)
        return None if _lately(question, history) else Caring(question, self.answers.line(unsure, to), unsure)

    def next(self, text: str, history: Sequence[Turn], to: Listener) -> SafetyReply | Caring | None:
        """The reply that this turn needs; None where an ordinary answer is right."""
        earlier = self._earlier(history)
        staying = earlier is not None and not earlier.over
        now = self._now(text, history, earlier if staying else None)
        if emergency := self.emergencies.told(text, in_danger=staying or (now is not None and now.sure)):
            danger = earlier.danger if earlier and staying else now or Danger(KIND_OF[emergency], sure=True)
            texts = self.answers.filled(self.emergencies.texts(emergency, to.language), danger, to)
            return SafetyReply(self._fresh(texts, history, 0), replace(danger, sure=True))
        denied = staying and earlier and now and now.kind == earlier.danger.kind and self.turns.denies(text)
        if now and now.sure and not denied:
            return SafetyReply(self._answer(now, earlier, history, to), now)
        if earlier and staying:
            return self._staying(text, now, earlier, history, to)
        if now and not _lately(self.answers.question(now, to), history):
            return Caring(self.answers.question(now, to), self.answers.line(now, to), now)
        return None

    def _now(self, text: str, history: Sequence[Turn], staying: _Earlier | None) -> Danger | None:
        """The danger of this turn; a conversation about somebody else goes on being one, unless the helper is in despair."""
        now = self._confessed(text, history) or self.danger.check(text)
        if now and staying and staying.danger.other and now.group != "self_harm":
            now = replace(staying.danger, sure=now.sure)
        if now and staying and staying.danger.group == "violence" and self._veiled(now, text):
            now = replace(staying.danger, sure=now.sure)
        return now and self._aged(now, [turn.content for turn in history if turn.role == "user"] + [text])

    def _aged(self, danger: Danger, texts: Sequence[str]) -> Danger:
        """The danger with the age that the person gave, where one was given."""
        for text in reversed(texts):
            if (minor := self.turns.minor(text)) is not None and not danger.other:
                return replace(danger, minor=minor)
        return danger

    def _confessed(self, text: str, history: Sequence[Turn]) -> Danger | None:
        """The danger that our last message asked for, if this one says yes to it."""
        asked = self.answers.asked(history[-1].content) if history and history[-1].role == "assistant" else None
        return asked if asked and self.turns.affirms(text) else None

    def _answer(self, now: Danger, earlier: _Earlier | None, history: Sequence[Turn], to: Listener) -> str:
        """The first answer, or the next text where the first one was said already."""
        first = self.answers.first(now, to)
        same = earlier is not None and not earlier.over and earlier.danger.group == now.group
        if not same and not _said(first, history):
            return first
        return self._next(now, history, to, earlier.turns if earlier else 0)

    def _staying(
        self, text: str, now: Danger | None, earlier: _Earlier, history: Sequence[Turn], to: Listener
    ) -> SafetyReply | Caring:
        danger, answers = self._aged(earlier.danger, [text]), self.answers
        if self.turns.cannot_call(text) and not _said(answers.without_voice(danger, to), history):
            return SafetyReply(answers.without_voice(danger, to), danger)
        if self.turns.is_safe(text):
            return SafetyReply(self._fresh(answers.safe(danger, to), history, 0), danger)
        if self.turns.is_of_other(text):
            danger = replace(danger, other=True, minor=False)
        elif danger.group == "self_harm" and self.turns.denies(text) and not _said(answers.misheard(danger, to), history):
            return SafetyReply(answers.misheard(danger, to), danger)
        if now is None and self.turns.changes_subject(text):
            return Caring(answers.back(danger, to), "", danger)
        return SafetyReply(self._next(danger, history, to, earlier.turns), danger)

    def _next(self, danger: Danger, history: Sequence[Turn], to: Listener, turns: int) -> str:
        """The next text; where each was said, that this is so and who can answer, before any comes again."""
        texts = [*self.answers.following(danger, to), self.answers.spent(danger, to)]
        return self._fresh(texts, history, turns)

    def _earlier(self, history: Sequence[Turn]) -> _Earlier | None:
        """The last sign. One by which the person denies another is that other one; and while somebody else is the danger, no
        veiled word turns it into one of wanting to die."""
        later: _Earlier | None = None
        veiled: _Earlier | None = None
        denied = False
        for place in range(len(history) - 1, -1, -1):
            found = self._found(history, place)
            if found is None:
                continue
            denies = self.turns.denies(history[place].content)
            if denies or self._veiled(found.danger, history[place].content):
                veiled = veiled or (None if denies else found)
                later, denied = later or found, denied or (later is None and denies)
                continue
            goes_on = not found.over and found.danger.group != "self_harm"
            return found if later is None or denied or goes_on else later
        return veiled if denied and veiled else later

    def _found(self, history: Sequence[Turn], place: int) -> _Earlier | None:
        """The sign of one message, if it is one, with what was said since."""
        turn = history[place]
        danger = self._sign(turn.content, history[:place]) if turn.role == "user" else None
        if danger is None:
            return None
        since = [own.content for own in history[place + 1 :] if own.role == "user"]
        if any(map(self.turns.is_of_other, since)):
            danger = replace(danger, other=True, minor=False)
        danger = self._aged(danger, [own.content for own in history if own.role == "user"])
        return _Earlier(danger, len(since), any(self._leaves(text, danger) for text in since))

    def _veiled(self, danger: Danger, text: str) -> bool:
        """True for a wish to die that is not said in so many words."""
        return danger.group == "self_harm" and not self.danger.learned.likelihood(text).plain

    def _sign(self, text: str, before: Sequence[Turn]) -> Danger | None:
        """The sure danger of a message of the history."""
        if emergency := self.emergencies.told(text, in_danger=False):
            return Danger(KIND_OF[emergency], sure=True)
        danger = self._confessed(text, before) or self.danger.check(text)
        return danger if danger and danger.sure else None

    def _leaves(self, text: str, danger: Danger) -> bool:
        """True if that turn ended it. Who only denies to want to die is not let go while somebody else is the danger."""
        if self.emergencies.told(text, in_danger=True):
            return False
        denied = danger.group == "self_harm" and self.turns.denies(text)
        elsewhere = self.turns.changes_subject(text) and self.danger.check(text) is None
        return denied or self.turns.is_safe(text) or elsewhere

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
