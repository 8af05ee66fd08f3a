"""The answers to somebody in danger: the first answer by kind and person, the next turns, and the caring question."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from ion_mentoring.resources import paths, read_model
from ion_mentoring.understanding.folding import visible
from ion_mentoring.understanding.safety.book import Book, Several
from ion_mentoring.understanding.safety.danger import Danger, Group, Kind
from ion_mentoring.understanding.safety.helplines import Helplines, Need
from ion_mentoring.understanding.safety.later.matters import Matters
from ion_mentoring.understanding.safety.later.questions import Questions
from ion_mentoring.understanding.safety.later.reader import Later

ANSWERS: Final = "ion_mentoring/understanding/safety/answers.toml"
NEEDS: Final[dict[Kind, tuple[Need, ...]]] = {
    "suicide": ("self_harm",),
    "self_injury": ("self_harm",),
    "eating": ("eating", "self_harm"),
    "home_violence": ("violence",),
    "sexual": ("violence",),
    "stalking": ("violence",),
    "work_violence": ("work",),
    "harm_others": ("harm_others",),
}

TAKEN_BACK: Final = 20  # characters by which the words of a correction are known again

# What a caring question has asked for, by its name.
ASKED_OF: Final[dict[str, Kind]] = {
    "suicide": "suicide",
    "self_injury": "self_injury",
    "violence": "home_violence",
    "eating": "eating",
    "harm_others": "harm_others",
    "other": "suicide",
    "again": "suicide",
    "faint": "suicide",
}


@dataclass(frozen=True, slots=True)
class Listener:
    """The listener of an answer: language code, and country (ISO 3166-1 alpha-2) where it is known."""

    language: str
    country: str | None = None


class SafetyAnswers:
    """The texts with the lines of the listener's country in them."""

    def __init__(self, book: Book, matters: Matters, questions: Questions, helplines: Helplines) -> None:
        self._book = book
        self._matters = matters
        self._questions = questions
        self._helplines = helplines
        self._chosen = {need: re.compile(pattern) for need, pattern in book.chosen.items()}

    @staticmethod
    def load() -> "SafetyAnswers":
        """The answers of the product."""
        return SafetyAnswers(read_model(Book, paths(ANSWERS)[0]), Matters.load(), Questions.load(), Helplines.load())

    def first(self, danger: Danger, to: Listener) -> str:
        """The first answer to a danger."""
        texts = self._book.first[danger.kind]
        own = texts.other if danger.other else texts.minor if danger.minor else None
        return self._filled((own or texts.self_).in_(to.language), danger, to)

    def following(self, danger: Danger, to: Listener) -> list[str]:
        """The texts of the next turns, in order; the third one asks for what is needed."""
        group: Literal[Group, "other", "minor"] = danger.group
        if danger.other and danger.group != "harm_others":
            group = "other"
        elif danger.minor and not danger.other:
            group = "minor"
        first, second, *others = self._book.next[group].in_(to.language)
        return self.filled([first, second, self._book.needs[group].in_(to.language), *others], danger, to)

    def chosen(self, text: str, danger: Danger, to: Listener) -> str | None:
        """The text for a need that a reply of one word names; None for any other reply."""
        need = next((name for name, pattern in self._chosen.items() if pattern.fullmatch(visible(text).strip(" .!-'\""))), None)
        if need == "talk":
            own = self._book.listening.minor if danger.minor and not danger.other else None
            return (own or self._book.listening.self_).in_(to.language)
        texts = self.later(need, danger, to) if need else []
        return texts[0] if texts else None

    def without_voice(self, danger: Danger, to: Listener) -> str:
        """The ways for somebody who cannot telephone."""
        return self._filled(self._book.phone.in_(to.language), danger, to)

    def safe(self, danger: Danger, to: Listener) -> list[str]:
        """The texts for somebody who says that the danger has passed, in order."""
        return [self._filled(text, danger, to) for text in self._book.safe.in_(to.language)]

    def back(self, danger: Danger, to: Listener) -> str:
        """The question before the first ordinary answer after a danger."""
        return self._filled(self._book.back.in_(to.language), danger, to)

    def called_out(self, danger: Danger, to: Listener) -> str:
        """What is said to a call for help that does not say what happens."""
        return self._filled(self._book.called_out.in_(to.language), danger, to)

    def misheard(self, danger: Danger, to: Listener) -> str:
        """What is said to somebody who says that it is not so."""
        return self._filled(self._book.misheard.in_(to.language), danger, to)

    def takes_back(self, said: str) -> bool:
        """True for a message of ours that says to have misread somebody."""
        book = self._book
        return any(said.startswith(text[:TAKEN_BACK]) for own in (book.misheard, book.corrected) for text in (own.ko, own.en))

    def corrected(self, to: Listener) -> str:
        """The word to them before the ordinary answer, where they go on with their matter."""
        return self._book.corrected.in_(to.language)

    def later(self, kind: Later, danger: Danger, to: Listener) -> list[str]:
        """The texts for a turn after a sign, by its kind, in order; none for a kind that has no texts of its own."""
        book, group = self._book, "other" if danger.other and danger.group != "harm_others" else danger.group
        texts: dict[Later, Several] = {
            "under_way": book.begun[group],
            "body": book.hurt,
            "asks_line": book.about_lines,
            "asks_next": book.what_now[group],
            "refuses": book.refused,
            "thanks": book.goodbye,
        }
        if kind in texts:
            return self.filled(texts[kind].in_(to.language), danger, to)
        matter = self._matters.root.get(kind)
        text = matter.text(danger, to.language) if matter else None
        return [self._filled(text, danger, to)] if text else []

    def matters_of(self, danger: Danger) -> frozenset[Later]:
        """The matters of which something can be said in this danger, and those by which somebody shows to worry for another."""
        return self._matters.of(danger)

    def asked_for(self, text: str, danger: Danger, to: Listener) -> list[str]:
        """The answers to what a later turn asks about what follows, who is told, or what it costs."""
        return self.filled(self._questions.answers(text, danger, to.language), danger, to)

    def spent(self, danger: Danger, to: Listener) -> str:
        """What is said when all else was said."""
        return self._filled(self._book.spent.in_(to.language), danger, to)

    def filled(self, texts: Iterable[str], danger: Danger, to: Listener) -> list[str]:
        """Other texts with the numbers of the listener's country."""
        return [self._filled(text, danger, to) for text in texts]

    def where(self, to: Listener, texts: Iterable[str]) -> Listener:
        """The same listener in the country that they say to be in, which counts more than what their program says."""
        return replace(to, country=self._helplines.named(texts) or to.country)

    def asked(self, said: str) -> Danger | None:
        """The danger that a message of ours has asked for in doubt, None if it has asked for none.

        It is a sure one if the person says yes; to the question that names none, a yes says too little.
        """
        for name, question in self._book.care.question.items():
            if question.ko in said or question.en in said:
                return Danger(ASKED_OF[name], sure=name != "faint", other=name == "other")
        return None

    def question(self, danger: Danger, to: Listener) -> str:
        """The caring question of the unsure tier."""
        questions = self._book.care.question
        name = (
            "faint" if danger.faint else "other" if danger.other else danger.kind if danger.kind in questions else danger.group
        )
        return questions[name].in_(to.language)

    def asked_again(self, to: Listener) -> str:
        """The same question once more, where the answer to the first one leaves it open."""
        return self._book.care.question["again"].in_(to.language)

    def line(self, danger: Danger, to: Listener) -> str:
        """One line of where to turn."""
        line = self._line(danger, to)
        return self._book.care.lead.in_(to.language).replace("{line}", line) if danger.faint else line

    def _line(self, danger: Danger, to: Listener) -> str:
        return self._helplines.lines(_needs(danger), to.language, to.country)[0]

    def _filled(self, text: str, danger: Danger, to: Listener) -> str:
        lines, needs = self._helplines, _needs(danger)
        emergency = lines.emergency(to.language, to.country)
        urgent = f"- 위급하면 {emergency}" if to.language == "ko" else f"- In immediate danger: {emergency}"
        return (
            text.replace("{help}", "\n".join([*(f"- {line}" for line in lines.lines(needs, to.language, to.country)), urgent]))
            .replace("{text}", "\n".join(f"- {line}" for line in lines.lines(needs, to.language, to.country, text=True)))
            .replace(
                "{short}",
                f"{self._line(danger, to)}{'. 위급하면' if to.language == 'ko' else '. In immediate danger:'} {emergency}.",
            )
            .replace("{emergency}", emergency)
            .replace("{police}", lines.police(to.language, to.country))
            .replace("{ambulance}", lines.ambulance(to.language, to.country))
        )


def _needs(danger: Danger) -> tuple[Need, ...]:
    """A child is led to the line for children first, and somebody who worries for another to the line that counsels on it."""
    needs = NEEDS[danger.kind]
    if danger.minor:
        return ("minor", *needs)
    return ("other", *needs) if danger.other and danger.group == "self_harm" else needs
