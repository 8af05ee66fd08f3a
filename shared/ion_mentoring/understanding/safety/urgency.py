"""What is said of this minute: of an emergency, of what goes on, and to somebody who has done what was asked."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.understanding.safety.answers import SafetyAnswers
from ion_mentoring.understanding.safety.danger import Danger, Group
from ion_mentoring.understanding.safety.emergencies import Emergencies
from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.later.reader import Later
from ion_mentoring.understanding.safety.past import Turn
from ion_mentoring.understanding.safety.saying import fresh, said
from ion_mentoring.understanding.safety.turns import Turns
from ion_mentoring.understanding.safety.urgent.kinds import BY_ROLE, ORDER, Emergency

GOING_ON: Final[Mapping[Group, Emergency]] = {"self_harm": "edge", "violence": "attacker"}  # by what is spoken of
CALLING: Final[Mapping[Group, Emergency]] = {"self_harm": "planned", "violence": "attacker"}  # the same once called
OF_ONE_SELF: Final[tuple[Emergency, ...]] = ("edge", "attacker", "planned", "means")  # whose texts speak to who stands there


class Urgency(Struct, frozen=True):
    """Tells emergencies in the course of a conversation, and has what is said in them."""

    emergencies: Emergencies
    answers: SafetyAnswers
    turns: Turns

    def before(self, danger: Danger, history: Sequence[Turn], to: Listener) -> Emergency | None:
        """The emergency that our last message was about."""
        last = [turn for turn in history if turn.role == "assistant"][-1:]
        for name in ORDER:
            of_other = danger.other and name in OF_ONE_SELF
            spoken = (replace(danger, other=not danger.other), danger) if name in BY_ROLE else (danger,)
            if not of_other and any(said(text, last) for one in spoken for text in self._texts(name, one, to)):
                return name
        calling = self.answers.filled(self.emergencies.calling(to.language), danger, to)
        if not danger.other and any(said(text, last) for text in calling):
            return CALLING.get(danger.group)
        goes_on = any(said(text, last) for text in self.answers.later("under_way", danger, to))
        return GOING_ON.get(danger.group) if goes_on and not danger.other else None

    def told(
        self, text: str, kind: Later | None, spoken_of: Danger | None, suspected: Danger | None, *, answered: bool
    ) -> Emergency | None:
        """The emergency that a text tells of; that something was swallowed can be said in any words, but for a no."""
        told = self.emergencies.told(text, spoken_of, suspected=suspected, answered=answered)
        swallowed = kind == "took_it" and not self.turns.is_safe(text) and not self.emergencies.excluded("swallowed", text)
        return told or ("swallowed" if swallowed else None)

    def stays(self, text: str, kind: Later | None, danger: Danger, history: Sequence[Turn], to: Listener) -> bool:
        """True while what was swallowed is still the matter, whatever is said, and there is a text left for it."""
        left = [own for own in self._texts("swallowed", danger, to) if not said(own, history)]
        over = self.turns.is_safe(text) or self.emergencies.excluded("swallowed", text)
        return bool(left) and kind != "denies" and not over

    def text(self, emergency: Emergency, danger: Danger, history: Sequence[Turn], to: Listener) -> str:
        """The next text of an emergency."""
        return fresh(self._texts(emergency, danger, to), history, 0)

    def done(self, emergency: Emergency, danger: Danger, to: Listener) -> str:
        """The text for somebody who has called or come away."""
        return self.answers.filled([self.emergencies.done(emergency, to.language)], danger, to)[0]

    def _texts(self, emergency: Emergency, danger: Danger, to: Listener) -> list[str]:
        if danger.other and emergency in OF_ONE_SELF:
            return self.answers.later("under_way", danger, to)
        return self.answers.filled(self.emergencies.texts(emergency, to.language, other=danger.other), danger, to)
