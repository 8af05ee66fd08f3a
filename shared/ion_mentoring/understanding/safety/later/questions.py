"""Answers to what is asked or told in so many words: what follows, what is too late, whom to tell, good news."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Final

from msgspec import Meta

from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.folding import flat
from ion_mentoring.understanding.pattern import Pattern
from ion_mentoring.understanding.safety.danger import GROUPS, Danger, Setting
from ion_mentoring.understanding.safety.helplines import Need
from ion_mentoring.understanding.safety.later.matters import Matter

QUESTIONS: Final = "ion_mentoring/understanding/safety/later/questions/*.toml"
NEWS: Final = "ion_mentoring/understanding/safety/later/news.toml"
WHOM: Final = "whom"  # the question whose answer depends on the setting
SORRY: Final = "sorry"  # the answer to who says to be misread: no news
WORDS: Final = "words_to"  # the question what to say, which helpers ask, too


class Question(Matter, frozen=True, kw_only=True):
    """The texts that answer one question, the words that tell it and those beside which it is another, and needs whose lines
    come first."""

    words: Annotated[tuple[str, ...], Meta(min_length=1)]
    without: tuple[str, ...] = ("(?!)",)  # nothing
    lines: tuple[Need, ...] = ()


_Book = dict[str, Question]  # one data file


Asked = tuple[Pattern, Pattern, Question]


class Questions:
    """Tells the questions and the news from a turn, and has their answers."""

    def __init__(self, questions: Mapping[str, Question], news: frozenset[str]) -> None:
        self._news = news
        self._asked: dict[str, Asked] = {
            name: (Pattern("|".join(one.words)), Pattern("|".join(one.without)), one) for name, one in questions.items()
        }

    @staticmethod
    def load() -> "Questions":
        """The product's questions; what is asked is answered before news is taken up."""
        every = [read_data(_Book, path) for path in (*paths(QUESTIONS), *paths(NEWS))]
        return Questions({name: question for some in every for name, question in some.items()}, frozenset(every[-1]) - {SORRY})

    def answers(
        self, text: str, danger: Danger, language: str, setting: Setting | None = None
    ) -> list[tuple[str, tuple[Need, ...]]]:
        """The answers to what a turn asks, for the one who is spoken to, each with needs whose lines come first."""
        found = [(own.text(danger, language), own.lines) for own in _found(text, self._asked.values()) if own.fits(setting)]
        return [(answer, lines) for answer, lines in found if answer]

    def asks_of(self, text: str, danger: Danger) -> bool:
        """True for a question or news that is said of such a danger, and not of all."""
        named = (name for name, one in self._asked.items() if _found(text, [one]))
        asked = ((name in self._news, self._asked[name][2]) for name in named)
        return any((news or own.of != GROUPS or own.kinds) and own.text(danger, "ko") for news, own in asked)

    def asks(self, text: str, danger: Danger) -> bool:
        """True for a question that has an answer in such a danger, and is no news."""
        asked = (one for name, one in self._asked.items() if name not in self._news and name != SORRY)
        return any(one[2].text(danger, "ko") for one in asked if _found(text, [one]))

    def asks_words(self, text: str) -> bool:
        """True for the question what to say to somebody."""
        return self._is(WORDS, text)

    def asks_whom(self, text: str) -> bool:
        """True for the question whom one can tell."""
        return self._is(WHOM, text)

    def _is(self, name: str, text: str) -> bool:
        return bool(_found(text, [self._asked[name]]))


def _found(text: str, asked: Iterable[Asked]) -> list[Question]:
    low = flat(text)
    return [own for words, without, own in asked if words.search(low) and not without.search(low)]
