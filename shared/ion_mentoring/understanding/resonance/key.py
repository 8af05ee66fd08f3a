"""The resonance key: how somebody speaks, as one of 216 combinations of tone, pace and intent."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import Final, Literal, TypeVar

from ion_mentoring.errors import ValidationFailed


class Tone(StrEnum):
    """The feeling in the voice."""

    FRUSTRATED = "frustrated"
    PLAYFUL = "playful"
    ANXIOUS = "anxious"
    ANALYTICAL = "analytical"
    CALM = "calm"
    CURIOUS = "curious"
    URGENT = "urgent"
    CONFUSED = "confused"
    COLLABORATIVE = "collaborative"


class Pace(StrEnum):
    """The rhythm of the sentences."""

    BURST = "burst"
    FLOWING = "flowing"
    CONTEMPLATIVE = "contemplative"
    MEDIUM = "medium"


class Intent(StrEnum):
    """The person's wish for the answer."""

    SEEK_ADVICE = "seek_advice"
    PROBLEM_SOLVING = "problem_solving"
    LEARNING = "learning"
    VALIDATION = "validation"
    PLANNING = "planning"
    REFLECTION = "reflection"


PACE_ALIASES: Final = {"fast": Pace.BURST, "slow": Pace.CONTEMPLATIVE, "steady": Pace.MEDIUM}
INTENT_ALIASES: Final = {
    "seeking_advice": Intent.SEEK_ADVICE,
    "advice": Intent.SEEK_ADVICE,
    "problem": Intent.PROBLEM_SOLVING,
    "solving": Intent.PROBLEM_SOLVING,
    "learn": Intent.LEARNING,
    "inquiry": Intent.LEARNING,
    "technical": Intent.LEARNING,
    "validate": Intent.VALIDATION,
    "plan": Intent.PLANNING,
    "coordination": Intent.PLANNING,
    "reflect": Intent.REFLECTION,
    "expressive": Intent.REFLECTION,
    "statement": Intent.REFLECTION,
}

_TONES: Final = {tone.value: tone for tone in Tone}
_PACES: Final = {pace.value: pace for pace in Pace} | PACE_ALIASES
_INTENTS: Final = {intent.value: intent for intent in Intent} | INTENT_ALIASES


KeyPart = Literal["tone", "pace", "intent"]

Member = TypeVar("Member", bound=StrEnum)


class UnknownKeyPart(ValidationFailed):
    """A part of a resonance key is no value or alias of it; `field` names the part, `details` the allowed values."""


@dataclass(frozen=True, slots=True)
class ResonanceKey:
    """One of the 216 keys; `str()` gives its normal form, for instance `frustrated-burst-seek_advice`."""

    tone: Tone
    pace: Pace
    intent: Intent

    def __str__(self) -> str:
        return f"{self.tone}-{self.pace}-{self.intent}"

    @property
    def parts(self) -> dict[KeyPart, str]:
        """The values by part."""
        return {"tone": self.tone.value, "pace": self.pace.value, "intent": self.intent.value}

    @staticmethod
    def of(tone: str, pace: str, intent: str) -> "ResonanceKey":
        """The key of three parts in any accepted spelling; UnknownKeyPart names the first part that is none."""
        return ResonanceKey(
            _part("tone", tone, _TONES),
            _part("pace", pace, _PACES),
            _part("intent", intent, _INTENTS),
        )

    @staticmethod
    def parse(text: str) -> "ResonanceKey":
        """The key of a string form; everything after the second dash is the intent. UnknownKeyPart if it is none."""
        return _parse(text)

    @staticmethod
    def legacy(text: str) -> "ResonanceKey":
        """The key as callers of the monolith mean it: an unknown intent is learning, any other wrong key the default one."""
        tone, pace, _ = (*text.strip().split("-", 2), "", "")[:3]
        try:
            return ResonanceKey.parse(text)
        except UnknownKeyPart as error:
            known = error.field == "intent" and text.count("-") > 1
            return ResonanceKey.of(tone, pace, DEFAULT_KEY.intent) if known else DEFAULT_KEY


def _part(name: str, sent: str, known: Mapping[str, Member]) -> Member:
    value = known.get(sent.strip().lower().replace("-", "_"))
    if value is None:
        allowed = sorted({member.value for member in known.values()})
        raise UnknownKeyPart(f"unknown {name}", field=name, details={"allowed": allowed})
    return value


@lru_cache(maxsize=1024)
def _parse(text: str) -> ResonanceKey:
    tone, pace, intent = (*text.strip().split("-", 2), "", "")[:3]
    return ResonanceKey.of(tone, pace, intent)


ALL_KEYS: Final = tuple(ResonanceKey(*parts) for parts in product(Tone, Pace, Intent))
DEFAULT_KEY: Final = ResonanceKey(Tone.CALM, Pace.MEDIUM, Intent.LEARNING)
