"""The shape of a persona's answer, as data: which parts it has, in which order, in whose voice.

A shape is part of a card. Its templates have slots (`SLOTS`) that the playbook fills from a situation; a model of the
vendors' sees the shape described in its instruction instead.
"""

from string import Formatter
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, model_validator

from ion_mentoring.catalogue.bilingual import Bilingual, Frozen
from ion_mentoring.resonance.key import Intent, Tone

SLOTS: Final = frozenset(
    {
        *("title", "acknowledge", "insight", "pattern", "first_step", "steps", "options", "example", "measure"),
        *("people", "message", "first_question", "questions", "trap"),
    }
)
Depth = Literal["short", "normal", "long"]


def _only_slots(template: str) -> str:
    unknown = {name for _, name, _, _ in Formatter().parse(template) if name is not None} - SLOTS
    if unknown:
        raise ValueError(f"unknown slot {sorted(unknown)}, known are {sorted(SLOTS)}")
    return template


Template = Annotated[str, Field(min_length=1), AfterValidator(_only_slots)]


class Slotted(Frozen):
    """A template in both languages whose slots a situation fills."""

    ko: Template
    en: Template

    def in_(self, language: str) -> str:
        """The template for a language code."""
        return self.ko if language == "ko" else self.en


class Section(Slotted):
    """One part of an answer: shown from a depth on, for some intents only, and first where it leads."""

    depth: Depth = "short"
    only_for: frozenset[Intent] = frozenset()
    leads_for: frozenset[Intent] = frozenset()


class Steps(Frozen):
    """How a persona writes steps: `item` has `{n}`, `{step}`, `{due}`; a step takes the due date of its place."""

    item: Bilingual
    dues: dict[Literal["ko", "en"], tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fills(self) -> "Steps":
        for language in ("ko", "en"):
            self.item.in_(language).format(n=1, step="", due="")
        return self


class Shape(Frozen):
    """A persona's way of answering: openings by tone, sections in order, closings by intent."""

    opening: dict[Tone, Slotted]
    sections: tuple[Section, ...] = Field(min_length=3)
    closing: dict[Intent, Bilingual]
    steps: Steps
    light: tuple[Slotted, Slotted, Slotted]
    nothing_fits: Bilingual
    continuing: Slotted

    @model_validator(mode="after")
    def _complete(self) -> "Shape":
        for name, texts, wanted in (("opening", self.opening, Tone), ("closing", self.closing, Intent)):
            missing = [part.value for part in wanted if part not in texts]
            if missing:
                raise ValueError(f"{name} lacks {', '.join(missing)}")
        return self
