"""A situation told in a persona's own shape: its length follows the pace, its order and closing follow the intent."""

import re
from collections.abc import Iterable
from typing import Final

from ion_mentoring.models.playbook.situation import Counsel
from ion_mentoring.models.shape import Section, Shape
from ion_mentoring.understanding.resonance.key import Intent, Pace, ResonanceKey

DEPTHS: Final = ("short", "normal", "long")
DEPTH_OF: Final = {Pace.BURST: 0, Pace.FLOWING: 1, Pace.MEDIUM: 1, Pace.CONTEMPLATIVE: 2}
STEPS_AT: Final = (2, 3, None)  # how many steps an answer of each depth tells; None is all

_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+")


def whole(counsel: Counsel, key: ResonanceKey, shape: Shape, language: str, *, continuing: bool = False) -> str:
    """The full answer. In a conversation that goes on, it says so and goes one step deeper."""
    depth = min(DEPTH_OF[key.pace] + continuing, 2)
    slots = _slots(counsel, shape, language, depth)
    opening = shape.continuing if continuing else shape.opening[key.tone]
    parts = [opening.in_(language).format_map(slots)]
    parts += [part.in_(language).format_map(slots) for part in _in_order(shape.sections, key.intent, depth)]
    if depth > 0:
        parts.append(shape.closing[key.intent].in_(language))
    return "\n\n".join(parts)


def light(counsel: Counsel, shape: Shape, language: str) -> str:
    """Three short bullets: the first sentence of each of the persona's three chosen slots."""
    first = {name: _first_sentence(text) for name, text in _slots(counsel, shape, language, 0).items()}
    return "\n".join(f"• {line.in_(language).format_map(first)}" for line in shape.light)


def brief(text: str) -> str:
    """A text in paragraphs as two short bullets: how its first begins, and how its last does, the question back."""
    first, *_, last = text.split("\n\n")
    return "\n".join(f"• {_first_sentence(paragraph)}" for paragraph in (first, last))


def _in_order(sections: Iterable[Section], intent: Intent, depth: int) -> list[Section]:
    shown = [
        section
        for section in sections
        if DEPTHS.index(section.depth) <= depth and (not section.only_for or intent in section.only_for)
    ]
    return sorted(shown, key=lambda section: intent not in section.leads_for)


def _slots(counsel: Counsel, shape: Shape, language: str, depth: int) -> dict[str, str]:
    item = shape.steps.item.in_(language)
    dues = shape.steps.dues.get("ko" if language == "ko" else "en", ())
    steps = [
        item.format(n=n, step=step, due=dues[min(n, len(dues)) - 1] if dues else "")
        for n, step in enumerate(counsel.steps[: STEPS_AT[depth]], 1)
    ]
    return {
        **counsel.model_dump(include={"title", "acknowledge", "insight", "pattern", "example", "measure"}),
        **counsel.model_dump(include={"people", "message", "trap"}),
        "first_step": counsel.steps[0],
        "steps": "\n".join(steps),
        "options": "\n".join(f"{letter}) {option}" for letter, option in zip("ABCD", counsel.options, strict=False)),
        "first_question": counsel.questions[0],
        "questions": "\n".join(f"- {question}" for question in counsel.questions),
    }


def _first_sentence(text: str) -> str:
    return _SENTENCE_END.split(text, maxsplit=1)[0]
