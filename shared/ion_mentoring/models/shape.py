"""The voice of a persona, as data: which moves an answer makes, and in which words.

A shape is part of a card. Its lines have slots that the playbook fills from a situation and from what the person wrote; a model
of the vendors' is told the voice in its instruction instead.
"""

from collections.abc import Callable
from string import Formatter
from typing import Annotated, Final, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from ion_mentoring.catalogue.bilingual import Bilingual, Frozen
from ion_mentoring.understanding.resonance.key import Intent

Move = Literal[
    "acknowledge", "insight", "pattern", "step", "steps", "option", "options", "example", "measure", "people", "message",
    "trap", "question",
]  # fmt: skip
MOVES: Final[tuple[Move, ...]] = get_args(Move)
Felt = Literal["frustrated", "anxious", "urgent", "confused"]  # the tones that are spoken to
FELT: Final[tuple[Felt, ...]] = get_args(Felt)
Occasion = Literal[
    "quote", "tried", "other_way", "why", "meaning", "example", "longer", "words", "next", "yes", "no", "fact", "complaint",
    "shorter", "recall", "spent", "ask", "thanks", "good_news", "who", "small_talk", "unclear", "off_limits", "off_topic",
    "mentor", "language", "nothing_fits", "anywhere", "and_then", "to_whom",
]  # fmt: skip
OCCASIONS: Final[tuple[Occasion, ...]] = get_args(Occasion)
LIGHT_SLOTS: Final = frozenset(
    {"acknowledge", "insight", "pattern", "first_step", "measure", "people", "message", "first_question", "trap"}
)
SLOTS_OF: Final[dict[Occasion, frozenset[str]]] = {"quote": frozenset({"quote"}), "recall": frozenset({"quote", "step"})}


def _only(slots: frozenset[str]) -> Callable[[str], str]:
    """A check that a template has no slot but these."""

    def check(template: str) -> str:
        unknown = {name for _, name, _, _ in Formatter().parse(template) if name is not None} - slots
        if unknown:
            raise ValueError(f"unknown slot {sorted(unknown)}, known are {sorted(slots)}")
        return template

    return check


Text = Annotated[str, Field(min_length=1)]
Line = Annotated[str, Field(pattern=r"\{text\}"), AfterValidator(_only(frozenset({"text"})))]
LightTemplate = Annotated[str, Field(min_length=1), AfterValidator(_only(LIGHT_SLOTS))]
ChoiceTemplate = Annotated[str, Field(min_length=1, pattern=r"\{options\}"), AfterValidator(_only(frozenset({"options"})))]
StepTemplate = Annotated[str, Field(min_length=1), AfterValidator(_only(frozenset({"n", "step", "due"})))]


class Variants(Frozen):
    """Texts for one occasion, in the order in which they are said, in both languages."""

    ko: Annotated[tuple[Text, ...], Field(min_length=1)]
    en: Annotated[tuple[Text, ...], Field(min_length=1)]

    def in_(self, language: str) -> tuple[str, ...]:
        """The texts for a language code; other languages read the English ones."""
        return self.ko if language == "ko" else self.en


class Lines(Variants):
    """The lines in which one move is made; `{text}` is what a situation knows."""

    ko: Annotated[tuple[Line, ...], Field(min_length=1)]
    en: Annotated[tuple[Line, ...], Field(min_length=1)]


class Template(Frozen):
    """A text with slots, in both languages."""

    ko: str
    en: str

    def in_(self, language: str) -> str:
        """The text for a language code; other languages read the English one."""
        return self.ko if language == "ko" else self.en


class Light(Template):
    """A bullet of the light mode, in both languages, with slots that a situation fills."""

    ko: LightTemplate
    en: LightTemplate


class StepItem(Template):
    """The form of one step, in both languages."""

    ko: StepTemplate
    en: StepTemplate


class Choice(Template):
    """A question which of `{options}` is meant, in both languages."""

    ko: ChoiceTemplate
    en: ChoiceTemplate


class Steps(Frozen):
    """The form of a persona's steps; a step takes the due date of its place, the last one where there are more steps."""

    item: StepItem
    dues: dict[Literal["ko", "en"], tuple[str, ...]] = Field(default_factory=dict)


class Shape(Frozen):
    """A persona's way of answering: the moves of a first answer by intent, and the words for every move and occasion."""

    opening: dict[Felt, Bilingual]
    plans: dict[Intent, tuple[Move, ...]]
    lines: dict[Move, Lines]
    turns: dict[Occasion, Variants]
    steps: Steps
    light: tuple[Light, Light, Light]
    which_one: Choice

    @model_validator(mode="after")
    def _complete(self) -> "Shape":
        for name, texts, wanted in (
            ("opening", self.opening, FELT),
            ("plans", self.plans, tuple(Intent)),
            ("lines", self.lines, MOVES),
            ("turns", self.turns, OCCASIONS),
        ):
            missing = [part for part in wanted if part not in texts]
            if missing:
                raise ValueError(f"{name} lacks {', '.join(missing)}")
        for occasion, variants in self.turns.items():
            for text in (*variants.ko, *variants.en):
                _only(SLOTS_OF.get(occasion, frozenset()))(text)
        return self
