"""The ways in which a text is read for signs of danger, so that neither spaces nor marks nor drawn-out letters hide one."""

import re
from collections.abc import Iterator
from typing import Final

from ion_mentoring.understanding.folding import readings
from ion_mentoring.understanding.safety.sound import sound_of

VIEWS: Final = ("ko", "ko_words", "ko_sound", "en")

_NOT_HANGUL: Final = re.compile(r"[^가-힣\s]+")
_SENTENCE_END: Final = re.compile(r"[.!?,;:…\n]+")
_NOT_ENGLISH: Final = re.compile(r"[^a-z0-9]+")
_DRAWN_OUT_SYLLABLE: Final = re.compile(r"([아어오우으이야여요에])\1+")
_REPEATED: Final = re.compile(r"(.)\1{2,}")
_LONE_SYLLABLES: Final = re.compile(r"(?<![가-힣])([가-힣]) (?=[가-힣](?![가-힣]))")
_LONE_LETTERS: Final = re.compile(r"(?<![a-z0-9])(?:[a-z] ){2,}[a-z](?![a-z0-9])")


def views_of(text: str) -> Iterator[tuple[str, str]]:
    """The readings of a text, each with the name of its view.

    `ko` is the Hangul alone, without any space; `ko_words` the Hangul as it is spaced; `ko_sound` its sound; `en` the Latin
    letters and digits, one space between words. English comes up to three times: with drawn-out letters made two, made one,
    and with spelled-out words put together. Where something that cannot be seen stands in a text, all of them come twice: as if
    nothing, and as if a space stood there.
    """
    for flat in readings(text):
        yield from views_of_folded(flat)


def views_of_folded(flat: str) -> Iterator[tuple[str, str]]:
    """The same for a text that is in one case and form already."""
    words = _hangul(flat)
    if words:
        yield "ko_words", words
        yield "ko", words.replace(" ", "")
        yield "ko_sound", sound_of(words.replace(" ", ""))
    english = _NOT_ENGLISH.sub(" ", flat).strip()
    if english:
        yield from (("en", reading) for reading in dict.fromkeys(_english(english)))


def _hangul(flat: str) -> str:
    """The syllables, spaced as they are; those that stand alone in a row are one word: `죽 고 싶 다`."""
    words = " ".join(_NOT_HANGUL.sub("", _SENTENCE_END.sub(" ", flat)).split())
    words = _REPEATED.sub(r"\1", _DRAWN_OUT_SYLLABLE.sub("", words))
    return _LONE_SYLLABLES.sub(r"\1", words)


def _english(words: str) -> Iterator[str]:
    twice = _REPEATED.sub(r"\1\1", words)
    yield twice
    yield _REPEATED.sub(r"\1", words)
    yield _LONE_LETTERS.sub(lambda spelled: spelled[0].replace(" ", ""), twice)
