"""The shape of a persona's answer, as data: which parts it has, in which order, in whose voice.

A shape is part of a card. Its templates have slots (`SLOTS`) that the playbook fills from a situation; a model of the
vendors' sees the shape described in its instruction instead.
"""

from collections.abc import Callable
from string import Formatter
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, model_validator

from ion_mentoring.catalogue.bilingual import Bilingual, Frozen
from ion_mentoring.understanding.resonance.key import Intent, Tone

SLOTS: Final = frozenset(
    {
        *("title", "acknowledge", "insight", "pattern", "first_step", "steps", "options", "example", "measure"),
        *("people", "message", "first_question", "questions", "trap"),
    }
)
STEP_SLOTS: Final = frozenset({"n", "step", "due"})
Depth = Literal["short", "normal", "long"]
Pleasantry = Literal["greeting", "thanks", "about"]
PLEASANTRIES: Final[tuple[Pleasantry, ...]] = ("greeting", "thanks", "about")


def _only(slots: frozenset[str]) -> Callable[[str], str]:
    """A check that a template has no slot but these."""

    def check(template: str) -> str:
        unknown = {name for _, name, _, _ in Formatter().parse(template) if name is not None} - slots
        if unknown:
            raise ValueError(f"unknown slot {sorted(unknown)}, known are {sorted(slots)}")
        return template

    return check


Template = Annotated[str, Field(min_length=1), AfterValidator(_only(SLOTS))]
StepTemplate = Annotated[str, Field(min_length=1), AfterValidator(_only(STEP_SLOTS))]


class Slotted(Bilingual):
    """A template in both languages whose slots a situation fills."""

    ko: Template
    en: Template


class StepItem(Bilingual):
    """The form of one step, in both languages."""

    ko: StepTemplate
    en: StepTemplate


class Section(Slotted):
    """One part of an answer: shown from a depth on, for some intents only, and first where it leads."""

    depth: Depth = "short"
    only_for: frozenset[Intent] = frozenset()
    leads_for: frozenset[Intent] = frozenset()


class Steps(Frozen):
    """The form of a persona's steps; a step takes the due date of its place, the last one where there are more steps."""

    item: StepItem
    dues: dict[Literal["ko", "en"], tuple[str, ...]] = Field(default_factory=dict)


class Shape(Frozen):
    """A persona's way of answering: openings by tone, sections in order, closings by intent."""

    opening: dict[Tone, Slotted]
    sections: tuple[Section, ...] = Field(min_length=3)
    closing: dict[Intent, Bilingual]
    steps: Steps
    light: tuple[Slotted, Slotted, Slotted]
    nothing_fits: Bilingual
    small_talk: dict[Pleasantry, Bilingual]
    continuing: Slotted

    @model_validator(mode="after")
    def _complete(self) -> "Shape":
        for name, texts, wanted in (
            ("opening", self.opening, tuple(Tone)),
            ("closing", self.closing, tuple(Intent)),
            ("small_talk", self.small_talk, PLEASANTRIES),
        ):
            missing = [part for part in wanted if part not in texts]
            if missing:
                raise ValueError(f"{name} lacks {', '.join(missing)}")
        return self
