"""A persona as data: one TOML card with its names, voice, prompt and its own columns of the affinity tables."""

from typing import Annotated, TypeVar

from pydantic import BeforeValidator, Field, field_validator

from ion_mentoring.catalogue.bilingual import Bilingual, Frozen
from ion_mentoring.models.generation import Generation
from ion_mentoring.models.shape import Shape
from ion_mentoring.resources import paths, read_model
from ion_mentoring.understanding.resonance.key import Intent, Pace, Tone

BEST_FROM = 0.8  # a persona is "best for" every part where its affinity is at least this

Part = TypeVar("Part", Tone, Pace, Intent)
Score = Annotated[float, Field(ge=0, le=1)]
Words = Annotated[tuple[str, ...], Field(min_length=1), BeforeValidator(lambda words: tuple(words))]


class BilingualWords(Frozen):
    """A list of words in both languages."""

    ko: Words
    en: Words

    def in_(self, language: str) -> tuple[str, ...]:
        """The words for a language code; other languages read the English ones."""
        return self.ko if language == "ko" else self.en


class Affinity(Frozen):
    """The fit of a persona to each tone, pace and intent: every part of the key has a value in [0, 1]."""

    tone: dict[Tone, Score]
    pace: dict[Pace, Score]
    intent: dict[Intent, Score]

    @field_validator("tone", "pace", "intent")
    @classmethod
    def _whole_column(cls, column: dict[Part, float]) -> dict[Part, float]:
        for known in (Tone, Pace, Intent):
            if column and all(isinstance(part, known) for part in column):
                missing = [part.value for part in known if part not in column]
                if missing:
                    raise ValueError(f"lacks {', '.join(missing)}")
                return column
        raise ValueError("is empty")

    @staticmethod
    def best(column: dict[Part, float]) -> list[Part]:
        """The parts of one column that the persona is best for, in the column's order."""
        return [part for part, score in column.items() if score >= BEST_FROM]


class Instruction(Frozen):
    """The prompt texts of a persona; `version` is raised whenever they change, so that old answers are not served."""

    version: int = Field(ge=1)
    style: str
    ko: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_(self, language: str) -> str:
        """The instruction for a language code; other languages read the English one."""
        return self.ko if language == "ko" else self.en


class Card(Frozen):
    """Everything that makes a persona. `listed` orders the roster, and ties in routing go to the lower one.

    `character` is the character card (chara_card_v2, as JSON) that it was made of, if one was; nothing reads it but its export.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{1,30}$")
    listed: int = Field(ge=1)
    version: int = Field(ge=1)
    emoji: str
    name: Bilingual
    role: Bilingual
    description: Bilingual
    traits: BilingualWords
    strengths: Words
    preferred_tones: tuple[Tone, ...] = Field(min_length=1)
    never: Bilingual
    hints: BilingualWords
    topics: tuple[str, ...] = ()
    prompt: Instruction
    generation: Generation
    affinity: Affinity
    shape: Shape
    character: str = ""


def load_card(literal: str) -> Card:
    """The card at a literal path such as `ion_mentoring/personas/cards/lua.toml`."""
    return read_model(Card, paths(literal)[0])
