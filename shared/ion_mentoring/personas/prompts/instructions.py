"""The instructions for every persona's model beside its own card, as data with a version."""

from functools import cache
from typing import Annotated, Final

from pydantic import Field, model_validator

from ion_mentoring.catalogue.bilingual import Bilingual, Frozen
from ion_mentoring.resources import paths, read_model
from ion_mentoring.understanding.resonance.key import Intent, KeyPart, Pace, Tone

INSTRUCTIONS: Final = "ion_mentoring/personas/prompts/instructions.toml"


class Instructions(Frozen):
    """Texts with slots: `speaking` has {parts}, each of `parts` {value}, `language` {language}, `feeling` {feeling}."""

    version: Annotated[int, Field(ge=1)]
    rules: Bilingual
    speaking: Bilingual
    language: Bilingual
    feeling: Bilingual
    light: Bilingual
    parts: dict[KeyPart, Bilingual]
    tone: dict[Tone, Bilingual]
    pace: dict[Pace, Bilingual]
    intent: dict[Intent, Bilingual]

    @model_validator(mode="after")
    def _for_every_key(self) -> "Instructions":
        for name, texts, wanted in (("tone", self.tone, Tone), ("pace", self.pace, Pace), ("intent", self.intent, Intent)):
            missing = [part.value for part in wanted if part not in texts]
            if missing:
                raise ValueError(f"{name} lacks {', '.join(missing)}")
        return self


@cache
def load_instructions() -> Instructions:
    """The product's instructions; CardInvalid names what is wrong with them."""
    return read_model(Instructions, paths(INSTRUCTIONS)[0])
