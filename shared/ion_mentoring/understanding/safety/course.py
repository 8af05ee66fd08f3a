"""The course of a conversation in which there was a sign of danger: what is said now, given all that was said before.

Everything follows from the history; nothing is kept in the instance. After a sure sign the same voice stays, a new text a turn,
until the person says that it is over or asks about something else; the first ordinary answer then asks once. What happens in
this minute comes before all of it.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.understanding.safety.answers import SafetyAnswers
from ion_mentoring.understanding.safety.at_once import AtOnce
from ion_mentoring.understanding.safety.beside_denials import BesideDenials
from ion_mentoring.understanding.safety.check import DangerCheck
from ion_mentoring.understanding.safety.contacts import Contact
from ion_mentoring.understanding.safety.danger import Danger
from ion_mentoring.understanding.safety.emergencies import Emergencies
from ion_mentoring.understanding.safety.fiction import Fiction
from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.following import Following
from ion_mentoring.understanding.safety.later.corrections import Corrections
from ion_mentoring.understanding.safety.later.reader import Later, LaterReader
from ion_mentoring.understanding.safety.past import ASKED_LATELY, Earlier, Past, Turn
from ion_mentoring.understanding.safety.replies import Caring, SafetyReply
from ion_mentoring.understanding.safety.saying import fresh, said
from ion_mentoring.understanding.safety.staying import Staying
from ion_mentoring.understanding.safety.turns import Turns
from ion_mentoring.understanding.safety.urgency import Urgency

CALM: Final[tuple[Later, ...]] = ("denies", "safe", "thanks", "other_subject")
STILL_WITHIN: Final = 6  # turns after a sign within which it can be there still, though it seemed to be over
# Kinds and matters that show, within those turns, that it is not over.
RETURNS: Final[tuple[Later | None, ...]] = (
    "under_way", "took_it", "body", "worse", "alone", "cannot_call", "blames_self", "fears_telling", "hopeless", "means_near",
    "fears_revenge", "helper_spent", "cannot_reach", "urge", "aftermath", "exhausted", "numb",
)  # fmt: skip


class SafetyCourse(Struct, frozen=True):
    """Decides between the safe answer, the caring question, and nothing."""

    danger: DangerCheck
    answers: SafetyAnswers
    turns: Turns
    at_once: AtOnce
    past: Past
    beside: BesideDenials
    staying: Staying

    @staticmethod
    def load() -> "SafetyCourse":
        """The course with the product's data."""
        danger, answers, turns, emergencies = DangerCheck.load(), SafetyAnswers.load(), Turns.load(), Emergencies.load()
        past = Past(
            danger,
            answers,
            turns,
            emergencies,
            Following(danger, answers, turns, LaterReader.load(), LaterReader.of_matters()),
            Corrections.load(),
            Fiction.load(),
        )
        beside = BesideDenials(danger, turns)
        at_once = AtOnce(answers, turns, Urgency(emergencies, answers, turns), past)
        staying = Staying(danger, answers, turns, past, beside)
        return SafetyCourse(danger, answers, turns, at_once, past, beside, staying)

    def sadness(self, history: Sequence[Turn], to: Listener, text: str = "") -> Caring | None:
        """The caring question and line for a sad text that nothing fits; None where it was asked lately, or nobody is hurt."""
        if self.turns.nobody_is_hurt(text):
            return None
        unsure = Danger("suicide", sure=False, faint=True)
        question = self.answers.question(unsure, to)
        return None if _lately(question, history) else Caring(question, self.answers.line(unsure, to), unsure)

    def next(self, text: str, history: Sequence[Turn], to: Listener) -> SafetyReply | Caring | None:
        """The reply that this turn needs; None where an ordinary answer is right, as for what is told of somebody made up."""
        earlier = self.past.earlier(history)
        denied = earlier is not None and earlier.denied  # then only a new sign is one
        back = earlier is not None and not denied and earlier.turns <= STILL_WITHIN and self._is_back(text, earlier)
        going_on = replace(earlier, over=False) if earlier and (back or not earlier.over) else None
        if going_on is None and self.past.made_up(text):
            return None
        together = self.past.together(text, history) if earlier is None else None
        if together and self.past.asked_lately(history):
            going_on = Earlier(together, 0, over=False, together=True)
        now = self._now(text, history, going_on, earlier)
        if together and not going_on and (now is None or now.faint):
            now = together
        if now and not going_on and self.past.asked_lately(history):
            now = self._after_question(text, now, history)
        told = [*(turn.content for turn in history if turn.role == "user"), text]
        if going_on or now:
            to = self._where(to, told)
        if going_on:
            right = self.past.corrections.of(text, going_on.danger)
            danger = going_on.danger if right else self.past.aged(self.past.settled(going_on, told), told)
            going_on = replace(going_on, danger=self.answers.settled(danger, told, to))
            return replace(self._within(text, now, going_on, history, to), to=to)
        said = self._new(text, now, earlier, history, to, told)
        return replace(said, to=to) if said else None

    def contacts(self, said: SafetyReply | Caring, to: Listener) -> tuple[Contact, ...]:
        """The ways to reach somebody beside this reply, in the country and setting of which the person told."""
        ours, at_once = (said.text, said.at_once) if isinstance(said, SafetyReply) else (said.closing, False)
        return self.answers.contacts(ours, said.danger, said.to or to, at_once=at_once)

    def _new(
        self, text: str, now: Danger | None, earlier: Earlier | None, history: Sequence[Turn], to: Listener, told: list[str]
    ) -> SafetyReply | Caring | None:
        """The reply while no danger is spoken of, or none any more."""
        asked = self.past.asked(history)
        spoken = asked if asked and asked.sure else self.past.asked_about(history)
        if urgent := self.at_once.urgent(text, None, now, spoken, history, to):
            return urgent
        if admitted := self.past.admitted(text, history):
            return self._put_right(text, admitted, history, self._where(to, told))
        if now and now.sure:
            return SafetyReply(self._answer(text, now, earlier, history, to), now)
        if now is None and (self.turns.calls_out(text) or self.past.emergencies.calls(text)):
            return self.at_once.called_out(history, to)
        denied = self.turns.nobody_is_hurt(text) and self.past.asked_lately(history)
        return self._caring(now, history, to) if now and not denied else None

    def _where(self, to: Listener, texts: Sequence[str]) -> Listener:
        """The listener with what they tell of themselves: country, setting, and whether a child writes."""
        ages = [minor for text in texts if (minor := self.turns.minor(text)) is not None]
        return replace(self.answers.where(to, texts), child=bool(ages and ages[-1]))

    def _is_back(self, text: str, earlier: Earlier) -> bool:
        """True for a turn that shows that what seemed over is there still: in words, by what happens, or by what weighs."""
        if self.past.corrections.of(text, earlier.danger):
            return True
        if self.turns.is_still_there(text) or self.turns.is_hurt(text) or self.past.emergencies.told(text, earlier.danger):
            return True
        kind, elsewhere = self.past.following.kind(text), self.turns.changes_subject(text)
        if not elsewhere and self.answers.asks_of(text, earlier.danger):
            return True
        if kind in CALM or elsewhere:
            return False
        return kind in RETURNS or self.past.following.matter(text, kind, earlier.danger) in RETURNS

    def _within(
        self, text: str, now: Danger | None, earlier: Earlier, history: Sequence[Turn], to: Listener
    ) -> SafetyReply | Caring:
        """The reply while a danger is spoken of."""
        if right := self.past.corrections.of(text, earlier.danger):
            return self._put_right(text, self.past.aged(right, [text]), history, to)
        if chosen := self.answers.chosen(text, earlier.danger, to):
            return SafetyReply(chosen, earlier.danger)
        kind = self.past.following.kind(text)
        if urgent := self.at_once.urgent(text, kind, now, earlier.danger, history, to):
            return urgent
        if self.past.emergencies.calls(text):
            return SafetyReply(fresh(self.at_once.calling(earlier.danger, to), history, 0), earlier.danger, at_once=True)
        if earlier.danger.group == "violence" and self.answers.corrects(text):
            return self._moved(text, earlier, history, to)
        if pressing := self.at_once.pressing(text, kind, now, earlier, self.staying.role(text, earlier), to):
            return SafetyReply(fresh(pressing, history, 0), earlier.danger, at_once=True)
        if now and now.sure and not self._is_of(text, kind, now, earlier, history, to):
            return SafetyReply(self._answer(text, now, earlier, history, to), now)
        return self.staying.reply(text, now, earlier, history, to, kind)

    def _put_right(self, text: str, right: Danger, history: Sequence[Turn], to: Listener) -> SafetyReply:
        """The answer to somebody who says that it is about them: what is urgent, or the first answer for them."""
        if urgent := self.at_once.urgent(text, self.past.following.kind(text), None, right, history, to, put_right=True):
            return urgent
        heard = self.past.corrections.heard(text, right, to.language)
        return SafetyReply(f"{heard}\n\n{self._answer(text, right, None, history, to)}", right)

    def _moved(self, text: str, earlier: Earlier, history: Sequence[Turn], to: Listener) -> SafetyReply:
        """The answer to somebody who puts right where it is, or who hurts: the first one for there, or the next text."""
        danger = self.past.aged(earlier.danger, [text])
        before = self._where(to, [turn.content for turn in history if turn.role == "user"]).setting
        first = self.answers.first(danger, to)
        moved = before != to.setting and not said(first, history)
        answer = first if moved else self.staying.next(danger, history, to, earlier.turns)
        return SafetyReply(f"{self.past.corrections.heard(text, danger, to.language)}\n\n{answer}", danger)

    def _is_of(
        self, text: str, kind: Later | None, now: Danger, earlier: Earlier, history: Sequence[Turn], to: Listener
    ) -> bool:
        """True for a sure sign that is taken up as part of what is spoken of: denied, calmed, or with a text of its own."""
        if self.turns.help_has_left(text):  # what happened is told once more, and what comes next is asked
            return True
        if now.kind == earlier.danger.kind and self.beside.denied(text):
            return True
        if not _is_same(now, earlier.danger):
            return False
        return self.past.following.calms(text) or self.staying.unsaid(text, kind, earlier, history, to) is not None

    def _caring(self, now: Danger, history: Sequence[Turn], to: Listener) -> Caring | None:
        """The caring question, once more in other words where it was asked lately, and then no more for a while.

        The question that names no danger is not asked where any was asked before.
        """
        if now.faint and any(self.answers.asked(turn.content) for turn in history if turn.role == "assistant"):
            return None
        questions = (self.answers.question(now, to), self.answers.asked_again(now, to))
        unasked = next((one for one in questions if not _lately(one, history)), None)
        if unasked is None:
            return None
        return Caring(unasked, self.answers.line(now, to), now, instead=self.answers.instead(now, to))

    def _after_question(self, text: str, now: Danger, history: Sequence[Turn]) -> Danger | None:
        """The danger in the answer to a caring question: none in a no, but for what stands beside it; less in "I'm fine".

        Beside a no, only what is said in so many words is believed at once, and after the open question what is clear; the
        rest is asked about.
        """
        if (rest := self.danger.denials.rest(text)) is not None:
            left = self.danger.check(rest) if rest else None
            return replace(left, sure=not self.danger.weakly(rest)) if left and left.sure else None
        if not now.sure:
            return None if self.turns.is_safe(text) or self.past.following.kind(text) in CALM else now
        veiled = self.turns.is_safe(text) and not self.danger.learned.likelihood(text).plain
        return (
            replace(now, sure=False) if veiled or (not self.past.asked_by_name(history) and self.danger.weakly(text)) else now
        )

    def _now(
        self, text: str, history: Sequence[Turn], staying: Earlier | None, earlier: Earlier | None = None
    ) -> Danger | None:
        """The danger of this turn; a conversation about somebody else goes on being one, unless the helper is in despair.

        In the middle of an ordinary conversation more is asked: its turns answer our own questions.
        """
        turned = self.past.turned(text) if staying or self.past.asked_lately(history) else None
        now = turned or self.past.confessed(text, history)
        told = self.past.check(text, self.past.least(history) if earlier is None else 0.0)
        now = now or self.past.of_whom_was_asked(told, text, history)
        if turned:
            return self.past.aged(turned, [turn.content for turn in history if turn.role == "user"] + [text])
        if now and staying and self.past.goes_on(now, staying, text):
            now = replace(staying.danger, sure=now.sure)
        if now and staying and not (now.other or staying.danger.other):
            now = replace(now, minor=staying.danger.minor)
        return now and self.past.aged(now, [turn.content for turn in history if turn.role == "user"] + [text])

    def _answer(self, text: str, now: Danger, earlier: Earlier | None, history: Sequence[Turn], to: Listener) -> str:
        """The first answer to the danger that a text tells of, or the next one where the first one was said already."""
        first = self.answers.first(now, to, text)
        same = earlier is not None and not earlier.over and _is_same(now, earlier.danger)
        if not same and not said(first, history):
            return first
        return self.staying.next(now, history, to, earlier.turns if earlier else 0)


def _is_same(now: Danger, before: Danger) -> bool:
    """True for a danger of the same group and the same person; after another one the first answer to it is due."""
    return now.group == before.group and now.other == before.other


def _lately(question: str, history: Sequence[Turn]) -> bool:
    return said(question, history[-ASKED_LATELY:])
