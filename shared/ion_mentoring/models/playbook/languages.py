"""The language of an answer: the one that was asked for, or the conversation's, which a line without words does not change."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from ion_mentoring.catalogue.bilingual import Bilingual, Datum
from ion_mentoring.models.protocol import Message
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.folding import visible
from ion_mentoring.understanding.language import language_of

LONGEST: Final = 120  # characters of a message that asks for a language and for little else
LANGUAGES: Final = "ion_mentoring/models/playbook/languages.toml"
FEWEST_WORDS: Final = 3  # that ask something beside the language


class _Words(Datum, frozen=True, kw_only=True):
    both: str
    none: str


class _Book(Datum, frozen=True, kw_only=True):
    """The data file."""

    asks: Bilingual
    words: _Words


class _Patterns(NamedTuple):
    asks: dict[str, re.Pattern[str]]
    words: re.Pattern[str]
    none: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    book = read_data(_Book, paths(LANGUAGES)[0])
    asks = {language: re.compile(book.asks.in_(language)) for language in ("en", "ko")}
    return _Patterns(asks, re.compile(book.words.both, re.IGNORECASE), re.compile(book.words.none))


def asked_language(messages: Sequence[Message]) -> str | None:
    """The language that was asked for last, `ko` or `en`; None if none was."""
    for message in reversed(messages):
        if message.role == "user" and len(message.content) <= LONGEST:
            text = _patterns().none.sub(" ", visible(message.content))
            asked = [language for language, pattern in _patterns().asks.items() if pattern.search(text)]
            if len(asked) == 1:
                return asked[0]
    return None


def spoken_language(messages: Sequence[Message]) -> str | None:
    """The language of an earlier message, where the last one has no words; None where it has, or nothing was said before."""
    if any(char.isalpha() for char in messages[-1].content):
        return None
    worded = (one.content for one in reversed(messages) if one.role == "user" and any(char.isalpha() for char in one.content))
    return next((language_of(text) for text in worded), None)


def beside_language(text: str) -> str:
    """The rest of a text that asks for a language; empty where little is left, or where it asks for none."""
    if not asked_language([Message("user", text)]):
        return ""
    rest = " ".join(_patterns().words.sub(" ", text).split()).strip(" ,.!:;")
    return rest if rest != text.strip(" ,.!:;") and len(rest.split()) >= FEWEST_WORDS else ""
