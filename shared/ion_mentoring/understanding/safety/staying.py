"""The replies while a danger is spoken of and nothing is urgent: what is asked, good news, an end, a matter, the next text."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.understanding.pattern import Pattern
from ion_mentoring.understanding.safety.answers import OF_THE_BODY, SafetyAnswers
from ion_mentoring.understanding.safety.beside_denials import BesideDenials
from ion_mentoring.understanding.safety.check import DangerCheck
from ion_mentoring.understanding.safety.danger import Danger
from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.following import GOOD
from ion_mentoring.understanding.safety.later.reader import Later
from ion_mentoring.understanding.safety.past import Earlier, Past, Turn
from ion_mentoring.understanding.safety.replies import Caring, SafetyReply
from ion_mentoring.understanding.safety.saying import fresh, means_again, repeats, said
from ion_mentoring.understanding.safety.scopes.told import is_likely
from ion_mentoring.understanding.safety.turns import Turns

PRESSING: Final[tuple[Later, ...]] = ("under_way", "body")
# A question, also one without its mark.
ASKS: Final = Pattern(
    r"[?？]|(?:까|나|가|죠)요\W*$|(?:야|어|아) ?(?:돼|하)(?:나|냐|지|요)?\W*$|"
    r"(?i:^\W*(?:(?:and|so|but|ok|okay) )?(?:do|does|should|can|could|will|would|is|are|how|what|when|where|which|who|why)\b)"
)
UNLIKELY: Final = -1.0  # a logarithm of odds, below which a turn tells of anything but danger


class Staying(Struct, frozen=True):
    """Stays with a danger: never the same text twice, and in the words for whoever asks."""

    danger: DangerCheck
    answers: SafetyAnswers
    turns: Turns
    past: Past
    beside: BesideDenials

    def reply(
        self,
        text: str,
        now: Danger | None,
        earlier: Earlier,
        history: Sequence[Turn],
        to: Listener,
        kind: Later | None,
    ) -> SafetyReply | Caring:
        """The reply to a turn that goes on: what it asks, an end, its matter, or the next text."""
        danger, answers = self.past.aged(earlier.danger, [text]), self.answers
        elsewhere = now is None and (
            self.turns.leaves(text)
            or (self.turns.changes_subject(text) and self.past.following.matter(text, kind, danger) is None)
        )
        believed = self.past.stands(text, history)
        if not believed and self._nobody_is_hurt(text, now, earlier, history):
            return Caring(answers.corrected(danger, to), "", danger)
        role = self.role(text, earlier)
        if self.beside.denied(text) and (ended := self._ended(text, role, history, to, kind, elsewhere=elsewhere)):
            return ended
        if asked := self._first_unsaid(self._asked(text, role, history, to), history):
            return SafetyReply(asked, danger)
        if now is None and not believed and self._was_misread(text, kind, earlier, history):
            return Caring(answers.corrected(danger, to), "", danger)
        return self._going_on(text, now, earlier, danger, history, to, kind, elsewhere=elsewhere)

    def _going_on(
        self,
        text: str,
        now: Danger | None,
        earlier: Earlier,
        danger: Danger,
        history: Sequence[Turn],
        to: Listener,
        kind: Later | None,
        *,
        elsewhere: bool,
    ) -> SafetyReply | Caring:
        """The reply to somebody who neither puts something right nor asks."""
        answers = self.answers
        role = self.role(text, earlier)
        mute = (self.turns.cannot_call(text) or kind == "cannot_call") and not role.other
        ways = [answers.without_voice(danger, to), *answers.again("mute", danger, to)] if mute else []
        if way := self._first_unsaid(ways, history):
            return SafetyReply(way, danger)
        if ended := self._ended(text, role, history, to, kind, elsewhere=elsewhere):
            return ended
        if kind == "denies" and self.turns.jokes(text) and not earlier.own and not said(answers.misheard(danger, to), history):
            return SafetyReply(answers.misheard(danger, to), danger)
        if not elsewhere and (unsaid := self._expected(text, kind, earlier, history, to)):
            return SafetyReply(unsaid, danger)
        if self.turns.is_of_other(text) or (kind == "not_me" and not earlier.own and danger.group == "self_harm"):
            danger = replace(danger, other=True, minor=False)
        if elsewhere or (now is None and self.past.following.lets_go(text) == "other_subject"):
            return Caring(answers.back(danger, to), "", danger)
        first = [answers.first(danger, to)] if earlier.together else []  # which nobody was given yet
        honest = answers.unanswered(danger, to) if ASKS.search(text) else []
        unsaid = self._first_unsaid([*first, *honest], history)
        return SafetyReply(unsaid or self.next(danger, history, to, earlier.turns), danger)

    def _ended(
        self, text: str, danger: Danger, history: Sequence[Turn], to: Listener, kind: Later | None, *, elsewhere: bool
    ) -> SafetyReply | Caring | None:
        """The answer to somebody who says to be safe, or that it is not so; None to anybody else."""
        answers, of_other = self.answers, self.turns.is_of_other(text)
        wounded = (found := self.danger.check(text)) is not None and found.sure and found.kind in OF_THE_BODY
        if not wounded and (self.turns.is_safe(text) or self.past.following.lets_go(text) == "safe"):
            if elsewhere:
                return Caring(answers.back(danger, to), "", danger)
            news = self.past.following.good(text)
            good = answers.later(news, danger, to) if news else []
            return SafetyReply(fresh([*good, *answers.safe(danger, to)], history, 0), danger)
        if danger.group != "self_harm" or of_other or danger.other or self.beside.danger(text):
            return None
        told = self.turns.denies(text)
        light = kind == "denies" and not told and (self.turns.jokes(text) or self.turns.laughs(text))
        denies = light or (danger.kind == "suicide" and told) or self._says_no(text, history)
        if self.past.stands(text, history):
            return None
        if self.beside.own_matter(text):
            return Caring(answers.corrected(danger, to), "", danger)
        if denies and not said(answers.misheard(danger, to), history):
            return SafetyReply(answers.misheard(danger, to), danger)
        return None

    def _was_misread(self, text: str, kind: Later | None, earlier: Earlier, history: Sequence[Turn]) -> bool:
        """True for somebody's own matter after what was hardly a sign of theirs."""
        asked = [turn.content for turn in history if turn.role == "user"]
        signs = sum(found is not None and found.sure for found in map(self.danger.check, asked))
        at_once = earlier.turns <= 1 and signs <= 1  # who was misread says so at once, and gives no second sign
        own = (
            at_once
            and earlier.danger.group == "self_harm"
            and not earlier.danger.other
            and not (earlier.own or earlier.together)
            and self._is_weak(asked[-1 - earlier.turns])
        )
        return (
            own
            and not is_likely([*asked, text])
            and self.danger.learned.likelihood(text).score < UNLIKELY
            and self.turns.names_matter(text)
            and self.past.following.matter(text, kind, earlier.danger) is None
        )

    def _nobody_is_hurt(self, text: str, now: Danger | None, earlier: Earlier, history: Sequence[Turn]) -> bool:
        """True for who says at once that nobody is hurt, after a weak sign, or one of somebody else not in so many words."""
        told_now = self.danger.learned.likelihood(text).plain or self.turns.is_victim(text)
        if earlier.turns > 1 or earlier.together or told_now or not self.turns.nobody_is_hurt(text):
            return False
        sign = [turn.content for turn in history if turn.role == "user"][-1 - earlier.turns]
        return not (self.danger.learned.likelihood(sign).plain or self.turns.is_hurt(sign) or self.turns.is_victim(sign))

    def _says_no(self, text: str, history: Sequence[Turn]) -> bool:
        """True for a no to what was taken for a sign one turn ago, and was hardly one."""
        asked = [turn.content for turn in history if turn.role == "user"]
        return bool(asked) and self.turns.begins_with_no(text) and self._is_weak(asked[-1]) and self.danger.check(text) is None

    def _is_weak(self, text: str) -> bool:
        """True for what was hardly a sign, and did not say either whose danger it is."""
        return self.danger.weakly(text) and not self.past.corrections.says(text)

    def _expected(self, text: str, kind: Later | None, earlier: Earlier, history: Sequence[Turn], to: Listener) -> str | None:
        """The answer to a turn that is surely expected, to its matter or kind, or to one that may be expected; unsaid."""
        expected, likely = self.answers.expected(text, self.role(text, earlier), to)
        answer, matter = self._first_unsaid(expected, history), self.unsaid(text, kind, earlier, history, to)
        return (answer or matter) if likely else (matter or answer)

    def unsaid(self, text: str, kind: Later | None, earlier: Earlier, history: Sequence[Turn], to: Listener) -> str | None:
        """The first answer to what a turn asks, text for its matter, or for its kind, that was not said yet."""
        danger = self.role(text, earlier)
        now = kind in PRESSING and self.answers.asks_of(text, danger)
        matter = self.past.following.matter(text, kind, danger)
        weighs = self.answers.later(matter, danger, to) if matter else []
        own = self.answers.later(kind, danger, to) if kind and not now else []
        weighed = repeats(text, history) and bool(weighs) and matter not in GOOD
        weighed = weighed and not self.danger.learned.likelihood(text).plain
        again = self.answers.again("matter", danger, to) if weighed else []
        return self._first_unsaid([*self._asked(text, danger, history, to), *weighs, *own, *again], history)

    def _asked(self, text: str, danger: Danger, history: Sequence[Turn], to: Listener) -> list[str]:
        """The answers to what a turn asks, and the words for who asks that again: before others, where it was just answered."""
        texts = self.answers.asked_for(text, danger, to)
        if not texts or not self.answers.asks(text, danger):
            return texts
        if not repeats(text, history) and not means_again(text, history, to.language):
            return texts  # what only has a word of an earlier question is another one
        again = self.answers.again("question" if self.turns.names_matter(text) else "matter", danger, to)
        last = history[-1:]
        just = any(said(one, last) for one in texts) or (said(again[0], last) and said(texts[0], history))
        return [*again, *texts] if just else [*texts, *again]

    def _first_unsaid(self, texts: Sequence[str], history: Sequence[Turn]) -> str | None:
        """The first of these texts that was not said yet."""
        return next((own for own in texts if not said(own, history)), None)

    def role(self, text: str, earlier: Earlier) -> Danger:
        """The danger, which is somebody else's where only a helper writes so, at the age that the person gave."""
        danger = self.past.aged(earlier.danger, [text])
        return (
            replace(danger, other=True, minor=False) if self.past.following.of_helper(text, danger, own=earlier.own) else danger
        )

    def next(self, danger: Danger, history: Sequence[Turn], to: Listener, turns: int) -> str:
        """The next text; where each was said, that this is so and who can answer, before any comes again."""
        texts = [*self.answers.following(danger, to), self.answers.spent(danger, to)]
        return fresh(texts, history, turns)
