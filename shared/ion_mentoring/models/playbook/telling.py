"""The moves that a situation allows, each said once in a conversation, in the persona's lines."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from ion_mentoring.models.playbook.pushback import Out
from ion_mentoring.models.playbook.situation import Counsel
from ion_mentoring.models.shape import Move, Occasion, Shape

ADVISE: Final[tuple[Move, ...]] = ("step", "steps", "option", "options", "people", "message")  # what may have been tried
LISTED: Final = 3  # steps in one list
SUMMED_UP: Final = ("acknowledge", "insight", "pattern", "measure", "people", "message", "trap")  # by slots of bullets
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+")
_ITEM = re.compile(r"(?:(?P<letter>[A-C]\) )|\d{1,2}[.)] |[·•-] )(?P<text>.+)")


class Teller(Struct, frozen=True):
    """Says what was not said before; `said` is all that was answered so far in the conversation, `out` is advised no more."""

    shape: Shape
    language: str
    said: str
    out: Out = Out()

    def occasion(self, name: Occasion, **slots: str) -> str | None:
        """The first text for an occasion that was not said yet, None if each was."""
        return next((text for text in self._filled(name, slots) if text not in self.said), None)

    def always(self, name: Occasion, **slots: str) -> str:
        """A text for an occasion; where each was said, the last one again."""
        texts = self._filled(name, slots)
        return next((text for text in texts if text not in self.said), texts[-1])

    def fresh(self, texts: Sequence[str]) -> str | None:
        """A text that was not said yet, None if each was; another one for each voice, so that not all mentors begin alike."""
        turned = len(self.shape.which_one.en) % len(texts) if texts else 0
        return next((text for text in (*texts[turned:], *texts[:turned]) if text not in self.said), None)

    def move(self, move: Move, counsel: Counsel) -> str | None:
        """A move in words, None where nothing is left for it."""
        if move == "question":
            return self._question(counsel)
        if move in ("steps", "options"):
            return self._list(move, counsel)
        texts = self.left(move, counsel)
        return self.line(move, texts[0]) if texts else None

    def left(self, move: Move, counsel: Counsel) -> list[str]:
        """Texts that the situation knows for a move and that were not said yet."""
        known: Sequence[str]
        match move:
            case "step" | "steps":
                known = counsel.steps
            case "option" | "options":
                known = counsel.options
            case "question":
                known = counsel.questions
            case _:
                known = (str(getattr(counsel, move)),)
        fresh = [text for text in known if text not in self.said]
        if not self.out.texts or move == "question" or not (move in ADVISE or self.out.everything):
            return fresh
        return [text for text in fresh if not self.out.has(text)]

    def _question(self, counsel: Counsel) -> str | None:
        left = self.left("question", counsel)
        return self.line("question", left[0]) if left else self.occasion("ask")

    def _list(self, move: Move, counsel: Counsel) -> str | None:
        left = self.left(move, counsel)[:LISTED]
        if len(left) < 2:
            return self.move("step" if move == "steps" else "option", counsel)
        if move == "options":
            return self.line(move, "\n".join(f"{letter}) {text}" for letter, text in zip("ABC", left, strict=False)))
        return self.line(move, "\n".join(self._item(place, text) for place, text in enumerate(left)))

    def _item(self, place: int, step: str) -> str:
        steps, language = self.shape.steps, "ko" if self.language == "ko" else "en"
        dues = steps.dues.get("ko" if self.language == "ko" else "en", ())
        due = dues[min(place, len(dues) - 1)] if dues else ""
        return steps.item.in_(language).format(n=place + 1, step=step, due=due)

    def line(self, move: Move, text: str) -> str:
        """A text in the persona's line for a move, one that was not used yet where there is one."""
        lines = self.shape.lines[move].in_(self.language)
        fresh = next((line for line in lines if _lead(line) == "" or _lead(line) not in self.said), _bare(lines[0]))
        return fresh.replace("{text}", text)

    def _filled(self, name: Occasion, slots: dict[str, str]) -> list[str]:
        return [_put(text, slots) for text in self.shape.turns[name].in_(self.language)]


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return _SENTENCE_END.split(text)


def first_sentence(text: str) -> str:
    """The first sentence of a text."""
    return _SENTENCE_END.split(text, maxsplit=1)[0]


def bullets(texts: Iterable[str]) -> str:
    """The first sentence of each text, as a bullet; three at most. A list is whole, its items a bullet each, or absent: what
    stands before it gives way to it."""
    items = [_items(text) for text in texts]
    most = max((len(one) for one in items if len(one) <= LISTED), default=0)
    listed = next((place for place, one in enumerate(items) if len(one) == most > 1), None)
    left, kept = LISTED - (most if listed is not None else 0), list[str]()
    for place, one in enumerate(items):
        if place == listed:
            kept += one
        elif left and len(one) == 1:
            kept, left = [*kept, *one], left - 1
    return "\n".join(f"• {text}" for text in kept or [items[0][0]]) if items else ""


def _items(text: str) -> list[str]:
    """The first sentences of the items of a list; of any other text its first one. A letter stays: one may choose by it."""
    items = [found for line in text.split("\n") if (found := _ITEM.match(line))]
    return [f"{one['letter'] or ''}{first_sentence(one['text'])}" for one in items] or [first_sentence(text)]


def light(counsel: Counsel, shape: Shape, language: str) -> str:
    """Three short bullets: the first sentence of what each of the persona's three has."""
    slots = {
        **{name: getattr(counsel, name) for name in SUMMED_UP},
        "first_step": counsel.steps[0],
        "first_question": counsel.questions[0],
    }
    first = {name: first_sentence(text) for name, text in slots.items()}
    return "\n".join(f"• {_put(line.in_(language), first)}" for line in shape.light)


def _bare(line: str) -> str:
    """A line without its words: its text, in quotation marks if it has them."""
    return "“{text}”" if "“{text}”" in line else "{text}"


def _lead(line: str) -> str:
    return line.partition("{text}")[0].strip(" “\n")


def _put(template: str, slots: dict[str, str]) -> str:
    for name, text in slots.items():
        template = template.replace(f"{{{name}}}", text)
    return template
