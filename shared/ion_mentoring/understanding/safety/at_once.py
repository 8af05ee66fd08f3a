"""The replies to what happens in this minute: an emergency, what goes on, a call for help; before anything else is said."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.understanding.pattern import Pattern
from ion_mentoring.understanding.safety.answers import OF_THE_BODY, SafetyAnswers
from ion_mentoring.understanding.safety.danger import Danger
from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.later.reader import Later
from ion_mentoring.understanding.safety.past import Earlier, Past, Turn
from ion_mentoring.understanding.safety.replies import SafetyReply
from ion_mentoring.understanding.safety.saying import fresh
from ion_mentoring.understanding.safety.staying import PRESSING
from ion_mentoring.understanding.safety.turns import Turns
from ion_mentoring.understanding.safety.urgency import Urgency
from ion_mentoring.understanding.safety.urgent.kinds import BY_ROLE, KIND_OF, Emergency
from ion_mentoring.understanding.safety.urgent.told import of_other

NOT_AT_ONCE: Final[tuple[Emergency, ...]] = (
    "planned",
    "hungry",
    "armed",
    "assault",
    "pay",
)  # for which a line is of more use than an ambulance
FAINTS: Final = Pattern(
    r"(?i)쓰러|기절|실신|어지러|핑 ?돌|앞이 ?(?:까매|캄캄)|심장|두근|맥박|"
    r"\b(?:faint\w*|pass(?:ed|ing)? out|dizzy|black(?:ed)? out|heart)\b"
)


class AtOnce(Struct, frozen=True):
    """Replies to what happens in this minute."""

    answers: SafetyAnswers
    turns: Turns
    urgency: Urgency
    past: Past

    def urgent(
        self,
        text: str,
        kind: Later | None,
        now: Danger | None,
        before: Danger | None,
        history: Sequence[Turn],
        to: Listener,
        *,
        put_right: bool = False,
    ) -> SafetyReply | None:
        """The answer to an emergency of this minute, or to somebody who has done what was asked in one."""
        if before and self.turns.help_has_left(text):
            return None
        asked = self.urgency.before(before, history, to) if before else None
        if before and asked and self.turns.has_done(text):
            return SafetyReply(self.urgency.done(asked, before, to), before)
        spoken_of = before or (now if now and now.sure else None)
        answered = before is not None and (self.turns.is_safe(text) or bool(self.answers.asked_for(text, before, to)))
        emergency = self.urgency.told(text, kind, spoken_of, now, answered=answered or put_right)
        if before and asked == "swallowed" and not emergency and self.urgency.stays(text, kind, before, history, to):
            emergency = asked
        if emergency is None:
            return None
        danger = before or now or self.past.emergencies.danger(emergency, text)
        if emergency == "body" and danger.kind == "eating" and FAINTS.search(text):
            emergency = "heart"  # whose text speaks of what not eating does
        if emergency in BY_ROLE:
            helps = before is not None and before.other and not self.past.corrections.says(text)
            danger = replace(danger, other=helps or of_other(text, KIND_OF[emergency]))
        said, at_once = self.urgency.text(emergency, danger, history, to), emergency not in NOT_AT_ONCE
        return SafetyReply(said, replace(danger, sure=True, faint=False), at_once)

    def pressing(
        self, text: str, kind: Later | None, now: Danger | None, earlier: Earlier, role: Danger, to: Listener
    ) -> list[str]:
        """The texts for what goes on now, in order; none where nothing does, or another danger is told."""
        other = now is not None and now.sure and now.group != earlier.danger.group
        calm = self.turns.is_safe(text) or self.answers.asks_of(text, role)
        if kind not in PRESSING or other or calm or self.turns.help_has_left(text):
            return []
        return self.answers.later("body" if earlier.danger.kind in OF_THE_BODY else kind, earlier.danger, to)

    def called_out(self, history: Sequence[Turn], to: Listener) -> SafetyReply:
        """The answer to a call for help that does not say what happens: it is asked, and then said how to call."""
        unsure = Danger("suicide", sure=False, faint=True)
        texts = [self.answers.called_out(unsure, to), *self.calling(unsure, to)]
        return SafetyReply(fresh(texts, history, 0), unsure)

    def calling(self, danger: Danger, to: Listener) -> list[str]:
        """The texts that say how to call, in order."""
        return self.answers.filled(self.past.emergencies.calling(to.language), danger, to)
