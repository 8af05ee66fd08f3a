"""The answers to somebody in danger: the first answer by kind and person, the next turns, and the caring question."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, Literal

from msgspec.structs import replace

from ion_mentoring.catalogue.bilingual import Several
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.folding import visible
from ion_mentoring.understanding.safety.book import Book
from ion_mentoring.understanding.safety.contacts import Contact
from ion_mentoring.understanding.safety.danger import KINDS, Audience, Danger, Kind, Setting
from ion_mentoring.understanding.safety.filling import Filling, Listener
from ion_mentoring.understanding.safety.helplines import Helplines, Need
from ion_mentoring.understanding.safety.informal import Informal
from ion_mentoring.understanding.safety.later.expected.expected import EXPECTED, scope_of
from ion_mentoring.understanding.safety.later.matters import Matters
from ion_mentoring.understanding.safety.later.questions import Questions
from ion_mentoring.understanding.safety.later.reader import Later
from ion_mentoring.understanding.safety.later.settings import Settings
from ion_mentoring.understanding.safety.openings.openings import opening_answer

ANSWERS: Final = "ion_mentoring/understanding/safety/answers.toml"
# The dangers in which the lines of a setting come first, where they do not in all: an office for labour is none for who wants
# to die, and the one for school violence none for who cannot eat.
LINES_IN: Final[Mapping[Need, tuple[Kind, ...]]] = {
    **dict.fromkeys(("work", "labour", "migrant"), ("work_violence",)),
    "school": ("home_violence", "work_violence", "sexual", "stalking", "harm_others"),
    "pictures": ("sexual", "stalking"),
}
EXPECTED_FROM: Final = 0.28  # the probability from which a turn may be an expected one
EXPECTED_IN_A_WORD: Final = 0.6  # the same where the text is one word
BEFORE_MATTERS: Final = 0.33  # and from which its answer goes before that to a matter
OF_THE_BODY: Final[tuple[Kind, ...]] = ("self_injury", "eating")  # dangers that a doctor looks at, however it is said
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


class SafetyAnswers:
    """The texts with the lines of the listener's country in them."""

    def __init__(self, book: Book, matters: Matters, questions: Questions, settings: Settings, filling: Filling) -> None:
        self._book = book
        self._matters = matters
        self._questions = questions
        self._settings = settings
        self._filling = filling
        self._informal = Informal.load()
        self._chosen = {need: re.compile(pattern) for need, pattern in book.chosen.items()}

    @staticmethod
    def load() -> "SafetyAnswers":
        """The answers of the product."""
        book, filling = read_data(Book, paths(ANSWERS)[0]), Filling(Helplines.load())
        return SafetyAnswers(book, Matters.load(), Questions.load(), Settings.load(), filling)

    def first(self, danger: Danger, to: Listener, told: str = "") -> str:
        """The first answer to a danger: to the story that was `told`, else one that speaks of no other setting than theirs."""
        by_child = to.child and danger.other  # who is spoken to in other words
        if told and not by_child and (text := opening_answer(danger, told, to.language)):
            return self._filled(text, danger, to)
        if text := self._settings.first(to.setting, danger, to.language):
            return self._filled(text, danger, to)
        texts = self._book.first[danger.kind]
        helper = (texts.young if to.child else None) or texts.other
        own = helper if danger.other else texts.minor if danger.minor else None
        return self._filled((own or texts.self_).in_(to.language), danger, to)

    def following(self, danger: Danger, to: Listener) -> list[str]:
        """The texts of the next turns, in order, those for the setting first; the third asks for what is needed."""
        book, audience = self._book, danger.audience
        child = danger.minor and not danger.other
        name: Audience | Literal["minor", "young", "eating"] = "minor" if child and danger.group != "harm_others" else audience
        if audience == "self_harm" and danger.kind in OF_THE_BODY:  # to a child, too: nobody there is to be feared
            name = "eating" if danger.kind == "eating" else audience
        if to.child and audience in ("other", "other_injury", "other_violence"):
            name = "young"
        own = self._settings.next(self._here(danger, to), danger, to.language) if danger.group == "violence" else []
        first, second, *others = [*own, *book.next[name].in_(to.language)]
        needs = book.needs["minor" if child else danger.group if not danger.other else "other"]
        return self.filled([first, second, needs.in_(to.language), *others], danger, to)

    def chosen(self, text: str, danger: Danger, to: Listener) -> str | None:
        """The text for a need that a reply of one word names; None for any other reply."""
        need = next((name for name, pattern in self._chosen.items() if pattern.fullmatch(visible(text).strip(" .!-'\""))), None)
        if need == "talk":
            own = self._book.listening.minor if danger.minor and not danger.other else None
            return self._spoken((own or self._book.listening.self_).in_(to.language), danger, to)
        texts = self.later(need, danger, to) if need else []
        return texts[0] if texts else None

    def without_voice(self, danger: Danger, to: Listener) -> str:
        """The ways for somebody who cannot telephone."""
        return self._filled(self._book.phone.in_(to.language), danger, to)

    def safe(self, danger: Danger, to: Listener) -> list[str]:
        """The texts for somebody who says that the danger has passed, in order."""
        return [
            self._filled(text, danger, to)
            for text in self._book.safe["other" if danger.other else danger.group].in_(to.language)
        ]

    def back(self, danger: Danger, to: Listener) -> str:
        """The question before the first ordinary answer after a danger."""
        return self._filled(self._book.back.in_(to.language), danger, to)

    def called_out(self, danger: Danger, to: Listener) -> str:
        """The text for a call for help that does not say what happens."""
        return self._filled(self._book.called_out.in_(to.language), danger, to)

    def misheard(self, danger: Danger, to: Listener) -> str:
        """The text for somebody who says that it is not so."""
        return self._filled(self._book.misheard.in_(to.language), danger, to)

    def takes_back(self, said: str) -> bool:
        """True for a message of ours that says to have misread somebody."""
        book = self._book
        texts = (text for own in (book.misheard, book.corrected) for text in (own.ko, self._informal.said(own.ko), own.en))
        return any(said.startswith(text[:TAKEN_BACK]) for text in texts)

    def corrected(self, danger: Danger, to: Listener) -> str:
        """The word to them before the ordinary answer, where they go on with their matter."""
        return self._spoken(self._book.corrected.in_(to.language), danger, to)

    def later(self, kind: Later, danger: Danger, to: Listener) -> list[str]:
        """The texts for a turn after a sign, by its kind, in order; none for a kind that has no texts of its own."""
        book, audience = self._book, danger.audience
        texts: dict[Later, Several] = {
            "under_way": book.begun[_begun_for(danger)],
            "body": book.hurt,
            "asks_line": book.about_lines,
            "asks_next": book.what_now["eating" if audience == "self_harm" and danger.kind == "eating" else audience],
            "refuses": book.refused,
            "thanks": book.goodbye,
        }
        if kind in texts:
            own = (
                self._settings.next(self._here(danger, to), danger, to.language)
                if kind == "asks_next" and danger.group == "violence"
                else []
            )
            return self.filled([*own, *texts[kind].in_(to.language)], danger, to)
        if kind == "words_for_help" and danger.other and danger.audience != "other":
            return self.later("asks_next", danger, to)
        matter = self._matters.all.get(kind)
        text = matter.text(danger, to.language) if matter and matter.fits(self._here(danger, to)) else None
        return [self._filled(text, danger, to)] if text else []

    def matters_of(self, danger: Danger) -> frozenset[Later]:
        """The matters of which something can be said in this danger, and those by which somebody shows to worry for another."""
        return self._matters.of(danger)

    def asked_for(self, text: str, danger: Danger, to: Listener) -> list[str]:
        """The answers to what a later turn asks about what follows, who is told, or what it costs."""
        here = self._here(danger, to)
        found = self._questions.answers(text, danger, to.language, here)
        report = self._settings.report(here, danger, to.language) if self._questions.asks_whom(text) else None
        own = [self._filled(report, danger, to)] if report else []
        if danger.other and self._questions.asks_words(text):
            own += self.later("asks_next", danger, to)
        return [*own, *(self._filled(answer, danger, to, first) for answer, first in found)]

    def expected(self, text: str, danger: Danger, to: Listener) -> tuple[list[str], bool]:
        """The answers to the turns that are expected in this danger, where the text may be these, the likeliest first, and
        whether that one is likely enough to go before a matter.

        A child who worries for another is spoken to in other words than those.
        """
        if to.child and danger.other:
            return [], False
        least = EXPECTED_IN_A_WORD if len(text.split()) == 1 else EXPECTED_FROM
        meant = [one for one in EXPECTED.ranked(scope_of(danger), text, to.language) if one.probability >= least]
        answers, urgent = [one.turn.in_(to.language).answer for one in meant], self._book.urgent.in_(to.language)
        texts = (answer if "{" in answer else f"{answer}\n\n{urgent}" for answer in answers)
        return self.filled(texts, danger, to), bool(meant) and meant[0].probability >= BEFORE_MATTERS

    def asks_of(self, text: str, danger: Danger) -> bool:
        """True for a question, or news, of such a danger and of nothing else."""
        return self._questions.asks_of(text, danger)

    def again(self, what: Literal["question", "matter", "mute"], danger: Danger, to: Listener) -> list[str]:
        """The texts for what was answered already and is asked or told again, in order."""
        again = self._book.again[what]
        texts = again.minor if danger.minor and not danger.other else again.self_
        return self.filled(texts.in_(to.language), danger, to)

    def asks(self, text: str, danger: Danger) -> bool:
        """True for a question that has an answer, and is no news."""
        return self._questions.asks(text, danger)

    def unanswered(self, danger: Danger, to: Listener) -> list[str]:
        """The texts for a question that has no answer here, in order."""
        return self.filled(self._book.unanswered.in_(to.language), danger, to)

    def spent(self, danger: Danger, to: Listener) -> str:
        """The text for when all else was said."""
        return self._filled(self._book.spent.in_(to.language), danger, to)

    def filled(self, texts: Iterable[str], danger: Danger, to: Listener) -> list[str]:
        """Other texts with the numbers of the listener's country."""
        return [self._filled(text, danger, to) for text in texts]

    def corrects(self, text: str) -> bool:
        """True for a text that puts the place, or the one who hurts, right."""
        return self._settings.corrects(text)

    def settled(self, danger: Danger, texts: Iterable[str], to: Listener) -> Danger:
        """The danger of the kind that belongs to the place which somebody has put right."""
        return self._settings.settled(danger, to.setting) if any(self.corrects(text) for text in texts) else danger

    def where(self, to: Listener, texts: Iterable[str]) -> Listener:
        """The same listener in the country that they say to be in, which counts more than what their program says, and the
        setting of which they tell."""
        told = list(texts)
        return replace(to, country=self._filling.country(told) or to.country, setting=self._settings.told(told))

    def asked(self, said: str) -> Danger | None:
        """The danger that a message of ours has asked for in doubt, None if it has asked for none.

        It is a sure one if the person says yes; to the question that names none, a yes says too little.
        """
        for name, question in self._book.care.question.items():
            if any(one in said for one in (question.ko, self._informal.said(question.ko), question.en)):
                return Danger(ASKED_OF[name], sure=name != "faint", other=name == "other")
        return None

    def question(self, danger: Danger, to: Listener) -> str:
        """The caring question of the unsure tier."""
        return self._spoken(self._book.care.question[self._care_of(danger)].in_(to.language), danger, to)

    def instead(self, danger: Danger, to: Listener) -> str:
        """The words in place of an ordinary answer, where the playbook has none that fits."""
        return self._spoken(self._book.care.instead[self._care_of(danger)].in_(to.language), danger, to)

    def _care_of(self, danger: Danger) -> str:
        """The name of the question, and of what is said with it."""
        if danger.faint:
            return "faint"
        if danger.other:
            return "other"
        return danger.kind if danger.kind in self._book.care.question else danger.group

    def asked_again(self, danger: Danger, to: Listener) -> str:
        """The same question once more, where the answer to the first one leaves it open."""
        return self._spoken(self._book.care.question["again"].in_(to.language), danger, to)

    def line(self, danger: Danger, to: Listener) -> str:
        """One line of where to turn."""
        line = self._line(danger, to)
        return self._spoken(self._book.care.lead.in_(to.language), danger, to).replace("{line}", line) if danger.faint else line

    def contacts(self, said: str, danger: Danger, to: Listener, *, at_once: bool) -> tuple[Contact, ...]:
        """The ways to reach somebody beside what is `said`; none beside the promise to name no more numbers."""
        refused = self._book.refused
        if any(
            said.startswith(text[:TAKEN_BACK]) for text in (refused.ko[0], self._informal.said(refused.ko[0]), refused.en[0])
        ):
            return ()
        return self._filling.contacts(said, danger, to, self._lines_of(danger, to), at_once=at_once)

    def _lines_of(self, danger: Danger, to: Listener) -> tuple[Need, ...]:
        """The needs of the setting whose lines come first in this danger."""
        return tuple(need for need in self._settings.lines(to.setting) if danger.kind in LINES_IN.get(need, KINDS))

    def _here(self, danger: Danger, to: Listener) -> Setting | None:
        return self._settings.of(danger, to.setting)

    def _line(self, danger: Danger, to: Listener) -> str:
        return self._filling.line(danger, to)

    def _filled(self, text: str, danger: Danger, to: Listener, first: tuple[Need, ...] = ()) -> str:
        spoken = self._spoken(text, danger, to)
        return self._filling.filled(spoken, danger, to, first or self._lines_of(danger, to))

    def _spoken(self, text: str, danger: Danger, to: Listener) -> str:
        """The text as it is said to whoever writes: in Korean, informally to a child."""
        child = to.child or (danger.minor and not danger.other)
        return self._informal.said(text) if child and to.language == "ko" else text


def _begun_for(danger: Danger) -> Literal["self_harm", "violence", "harm_others", "other", "other_violence", "other_harm"]:
    """The name of the texts for what goes on now: to a helper those for the danger, where it has some of its own."""
    if not danger.other:
        return danger.group
    if danger.group == "violence":
        return "other_violence"
    return "other_harm" if danger.group == "harm_others" else "other"
