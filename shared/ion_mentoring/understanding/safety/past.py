"""The past of a conversation: the danger that is spoken of in it, and whether that is over."""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.understanding.pattern import Pattern
from ion_mentoring.understanding.safety.answers import SafetyAnswers
from ion_mentoring.understanding.safety.check import DangerCheck
from ion_mentoring.understanding.safety.danger import Danger
from ion_mentoring.understanding.safety.emergencies import Emergencies
from ion_mentoring.understanding.safety.fiction import Fiction
from ion_mentoring.understanding.safety.following import Following
from ion_mentoring.understanding.safety.later.corrections import Corrections
from ion_mentoring.understanding.safety.scopes.told import settled, told_together
from ion_mentoring.understanding.safety.turns import Turns
from ion_mentoring.understanding.safety.urgent.kinds import Emergency
from ion_mentoring.understanding.safety.urgent.told import is_urgent, of_other

IN_THE_MIDDLE: Final = 1.2  # so much more is asked of a turn of an ordinary conversation before it is a sign
ASKED_LATELY: Final = 6  # messages within which the caring question is not asked again
LATELY: Final = 8  # messages
# Words of dying, by which what somebody looks up or has ready is no injury.
OF_DYING: Final = Pattern(
    r"(?i)\b(?:suicid\w*|hang(?:s|ing|ed)? (?:my|your|him|her|them)\w*|noose|painless)\b|자살|목 ?(?:을 ?)?매|유서|번개탄"
)


class Turn(NamedTuple):
    """One message of the conversation, oldest first in a history."""

    role: Literal["user", "assistant"]
    content: str


class Earlier(Struct, frozen=True):
    """The danger that a history speaks of, and how many messages ago its last sign was.

    `over` once the person was safe or elsewhere; `own` if it says in plain words that it is the writer's own danger, and
    `theirs` that it is not; `together` if no sign told it, but all turns together; `denied` once we took it back.
    """

    danger: Danger
    turns: int
    over: bool
    own: bool = False
    theirs: bool = False
    together: bool = False
    denied: bool = False


class Past(Struct, frozen=True):
    """Reads histories, oldest message first."""

    danger: DangerCheck
    answers: SafetyAnswers
    turns: Turns
    emergencies: Emergencies
    following: Following
    corrections: Corrections
    fiction: Fiction

    def earlier(self, history: Sequence[Turn]) -> Earlier | None:
        """The danger that is spoken of: that of the first sign, until another one turns to another danger.

        What we only asked about was no sign yet.
        """
        told: Earlier | None = None
        before: Earlier | None = None
        for place, turn in enumerate(history):
            if turn.role == "assistant":
                told = before if told and told.turns == 0 and self.answers.asked(turn.content) else told
                told = self._taken_back(told) if told and self.answers.takes_back(turn.content) else told
            elif told and (right := self.corrections.of(turn.content, told.danger)):
                before, told = told, Earlier(right, 0, over=False, own=not right.other, theirs=right.other)
            elif found := self._sign(turn.content, history[:place], ordinary=told is None):
                before, told = told, self._onward(told, found, turn.content)
            elif told:
                over = told.over or self._leaves(turn.content, told.danger)
                told = replace(told, danger=self._role(turn.content, told), turns=told.turns + 1, over=over)
            if told is None and turn.role == "user" and self.asked_lately(history[:place]):
                found = self.together(turn.content, history[:place])
                told = Earlier(found, 0, over=False, together=True) if found else None
        texts = [own.content for own in history if own.role == "user"]
        return told and replace(told, danger=self.aged(self.settled(told, texts), texts))

    def settled(self, told: Earlier, texts: Sequence[str]) -> Danger:
        """The danger, of the kind of which all turns tell; what somebody said of themselves, or in so many words, stays."""
        danger = told.danger
        plain = danger.kind == "suicide" and any(self.danger.learned.likelihood(text).plain for text in texts)
        return danger if plain or told.own or told.theirs else settled(danger, texts)

    def together(self, text: str, before: Sequence[Turn]) -> Danger | None:
        """The danger that a turn and those before it tell together, where none was denied; more is asked where nobody asked.

        Whom it is about is not put right by it: that has an answer of its own.
        """
        told = [*(turn.content for turn in before if turn.role == "user"), text]
        if len(set(told)) == 1 or any(map(self._no_danger, told)) or self._has_own_answer(text, before):
            return None
        asked = self.asked_about(before) if self.asked_lately(before) else None
        return told_together(told, asked, responds=self.following.responds(text))

    def _onward(self, told: Earlier | None, found: Danger, text: str) -> Earlier:
        """The danger that is spoken of after one more sign."""
        own = not found.other and (self.turns.is_own(text) or self.corrections.says(text))
        if told and self.goes_on(found, told, text):
            own = told.own or (own and not told.theirs)
            return replace(told, danger=self._role(text, told), turns=0, over=False, own=own)
        return Earlier(found, 0, over=False, own=own)

    @staticmethod
    def _taken_back(told: Earlier) -> Earlier:
        return replace(told, over=True, denied=True)

    def _role(self, text: str, told: Earlier) -> Danger:
        """The danger, which is somebody else's from where only a helper writes so."""
        danger = told.danger
        return replace(danger, other=True, minor=False) if self.following.of_helper(text, danger, own=told.own) else danger

    def goes_on(self, now: Danger, told: Earlier, text: str) -> bool:
        """True for a sign that goes on with what is spoken of, and tells of no other danger.

        A veiled word, a denial and what somebody else said turn to no wish to die; another danger has to be much likelier.
        """
        before = told.danger
        if self.turned(text) or (self.turns.is_assault(text) and now.kind == "sexual"):
            return now.kind == before.kind
        if self.turns.denies(text) or self.turns.reports(text) or self._emergency(text):
            return True
        if before.group == "violence" and now.kind == "harm_others" and not now.other:
            return not self.danger.learned.likelihood(text).plain  # who is hurt and says what they fear or do about it
        if before.other and not now.other:
            return not self.turns.is_own(text) or (now.group == "self_harm" and self.veiled(now, text))
        if now.group == before.group:
            return now.kind == before.kind or now.group == "violence" or self.veiled(now, text)
        if now.group == "self_harm":
            return self.veiled(now, text)
        return self.following.reacts(text) or not self.danger.turns_to(now, text, before)

    def aged(self, danger: Danger, texts: Sequence[str]) -> Danger:
        """The danger with the age that the person gave, where one was given."""
        for text in reversed(texts):
            if (minor := self.turns.minor(text)) is not None and not danger.other:
                return replace(danger, minor=minor)
        return danger

    def asked(self, history: Sequence[Turn]) -> Danger | None:
        """The danger that our last message asked for, sure where it named one; None if it asked for none."""
        return self.answers.asked(history[-1].content) if history and history[-1].role == "assistant" else None

    def asked_about(self, history: Sequence[Turn]) -> Danger | None:
        """The danger that we asked about lately, whatever was said since: somebody else's first; None if we did not."""
        asked = [self.answers.asked(turn.content) for turn in history[-LATELY:] if turn.role == "assistant"]
        return next((one for one in asked if one and one.other), next((one for one in asked if one), None))

    def confessed(self, text: str, history: Sequence[Turn]) -> Danger | None:
        """The danger that our last message asked for, if this one says yes to it."""
        asked = self.asked(history)
        if asked is None or not self.turns.affirms(text):
            return None
        suspected = self.danger.check(history[-2].content) if not asked.sure and len(history) > 1 else None
        return replace(suspected, sure=False, faint=False) if suspected else asked

    def veiled(self, danger: Danger, text: str) -> bool:
        """True for a wish to die that is not said in so many words."""
        return danger.group == "self_harm" and not self.danger.learned.likelihood(text).plain

    def least(self, before: Sequence[Turn]) -> float:
        """So much more is asked of a turn of an ordinary conversation before it is a sign, unless we asked lately."""
        return IN_THE_MIDDLE if before and not self.asked_lately(before) else 0.0

    def asked_lately(self, history: Sequence[Turn]) -> bool:
        """True where a caring question was asked lately."""
        return any(self.answers.asked(turn.content) for turn in history[-ASKED_LATELY:] if turn.role == "assistant")

    def asked_by_name(self, history: Sequence[Turn]) -> bool:
        """True where a caring question that names a danger was asked lately."""
        asked = (self.answers.asked(turn.content) for turn in history[-ASKED_LATELY:] if turn.role == "assistant")
        return any(one and one.sure for one in asked)

    def admitted(self, text: str, history: Sequence[Turn]) -> Danger | None:
        """The writer's own danger, where they say that what we asked about, in doubt or of somebody else, is theirs."""
        asked = self.asked_about(history)
        if asked is None:
            return self._no_fiction(text, history)
        if self.answers.corrects(text) and (placed := self._placed(asked, history)):
            return placed
        if self.corrections.is_hurt(text):
            return Danger("home_violence", sure=True)
        named = asked.sure or self.danger.check(text)  # else "it's me" may be said of anything
        return replace(asked, sure=True, other=False) if named and self.corrections.is_own(text) else None

    def check(self, text: str, least: float) -> Danger | None:
        """The danger that a text tells of: of being hurt, where somebody else is said to hit, and the person is not."""
        danger = self.danger.check(text, least=least)
        if danger is None:
            return None
        if danger.kind in ("self_injury", "harm_others"):
            beside = self.corrections.beside_blows(text)
            if beside is not None and not self.turns.is_attacker(beside):
                return replace(danger, kind="home_violence", other=False)
        if danger.kind == "self_injury" and OF_DYING.search(text):
            danger = replace(danger, kind="suicide")
        if danger.group != "violence" and not danger.other and of_other(text, danger.kind):
            danger = replace(danger, other=True, minor=False)
        return danger

    def made_up(self, text: str) -> bool:
        """True for a text about somebody made up, unless it says that this is the writer."""
        return self.fiction.is_told(text) and not self.corrections.is_own(text)

    def _has_own_answer(self, text: str, before: Sequence[Turn]) -> bool:
        """True for a turn that says yes, or to be safe, calls for help, or puts right whom it is about."""
        answers = self.turns.affirms(text) or self.turns.is_safe(text)
        return answers or self.turns.calls_out(text) or self.emergencies.calls(text) or bool(self.admitted(text, before))

    def _no_danger(self, text: str) -> bool:
        """True for a text in which danger is denied, or told of somebody made up."""
        denied = self.turns.nobody_is_hurt(text) or self.turns.denies(text) or self.danger.denials.rest(text) is not None
        return denied or self.made_up(text)

    def _placed(self, asked: Danger, history: Sequence[Turn]) -> Danger | None:
        """The violence that was asked about, or suspected behind the open question, of which the place is put right now."""
        told = next((turn.content for turn in reversed(history) if turn.role == "user"), "")
        suspected = asked if asked.group == "violence" else self.danger.check(told)
        violent = suspected is not None and suspected.group == "violence"
        return replace(suspected, sure=True, faint=False) if suspected and violent else None

    def stands(self, text: str, history: Sequence[Turn]) -> bool:
        """True where nobody was misread: something urgent was told, or a danger in plain words that this turn does not deny."""
        told = [turn.content for turn in history if turn.role == "user"]
        if any(map(is_urgent, (*told, text))):
            return True
        return not self.turns.denies(text) and any(self.danger.learned.likelihood(own).plain for own in told)

    def _no_fiction(self, text: str, history: Sequence[Turn]) -> Danger | None:
        """The danger that was told of somebody made up, where the person says that it is them."""
        if not self.corrections.is_own(text):
            return None
        asked = [turn.content for turn in reversed(history[-LATELY:]) if turn.role == "user"]
        harm = next((own for own in asked if self.fiction.harms(own)), None)
        return Danger(self.danger.learned.kind(self.danger.learned.likelihood(harm).part), sure=True) if harm else None

    def _sign(self, text: str, before: Sequence[Turn], *, ordinary: bool) -> Danger | None:
        """The sure danger of a message of the history; none of somebody made up, in an ordinary conversation."""
        if ordinary and self.made_up(text):
            return None
        if emergency := self._emergency(text):
            return self.emergencies.danger(emergency, text)
        asked = self.asked(before)
        if asked and asked.sure and self.emergencies.told(text, asked):
            return asked
        danger = self.turned(text) or self.admitted(text, before) or self.confessed(text, before)
        danger = danger or self.of_whom_was_asked(self.check(text, self.least(before) if ordinary else 0.0), text, before)
        return danger if danger and danger.sure else None

    def of_whom_was_asked(self, danger: Danger | None, text: str, before: Sequence[Turn]) -> Danger | None:
        """The danger, which is somebody else's where we have just asked about them, unless the person says that it is own."""
        asked = self.asked(before)
        if danger is None or danger.other or asked is None or not asked.other:
            return danger
        return danger if self.turns.is_own(text) or self.corrections.says(text) else replace(danger, other=True, minor=False)

    def _emergency(self, text: str) -> Emergency | None:
        """The emergency that a text tells of by itself."""
        return self.emergencies.told(text, suspected=self.danger.check(text))

    def turned(self, text: str) -> Danger | None:
        """The danger of somebody who says not to want to die, but to be hurt by others."""
        rest = self.danger.denials.rest(text)
        return Danger("home_violence", sure=True) if rest and self.turns.is_hurt(rest) else None

    def _leaves(self, text: str, danger: Danger) -> bool:
        """True if that turn ended it. Who only denies to want to die is not let go while somebody else is the danger."""
        if self.emergencies.told(text, danger) or (danger.other and self.turns.has_called(text)):
            return False
        denied = danger.kind == "suicide" and not danger.other and self.turns.denies(text)
        lets_go = self.following.lets_go(text)
        elsewhere = (self.turns.changes_subject(text) or lets_go == "other_subject") and self.danger.check(text) is None
        return denied or self.turns.is_safe(text) or lets_go == "safe" or elsewhere
