"""Somebody pushes back: what was advised was tried already, and is out from then on, or they ask why to believe it."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from msgspec import Struct

from ion_mentoring.catalogue.bilingual import Bilingual, Datum, Several
from ion_mentoring.models.playbook.layout.items import sentences
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.meaning.vectors import Direction, load_vectors

PUSHBACK: Final = "ion_mentoring/models/playbook/pushback.toml"
READ: Final = 400  # characters of a turn in which it is looked for
MOST_WORDS: Final = 40  # of a turn that says so and tells no new story
SAME: Final = 0.55  # the cosine of two texts from which they advise the same
SHORTEST: Final = 12  # characters of a sentence that advises something
NAMED: Final = 0.5  # the share of the words of a way's name that name it
_SYLLABLES: Final = re.compile(r"[가-힣]{2,}")
_LETTERS: Final = re.compile(r"[a-z]{4,}")
_NAME: Final = re.compile(r"^([^:.\"“]{2,60}): ")


class _Way(Datum, frozen=True, kw_only=True):
    name: str
    instead: str = ""  # the kind that it goes on from, which is not said then
    when: Bilingual
    says: Bilingual


class Pushback(Datum, frozen=True, kw_only=True):
    """The data file."""

    tried: Bilingual
    told: Bilingual
    tried_news: Bilingual
    tried_words: Bilingual
    doubts: Bilingual
    out: Several
    out_named: Several
    no_more: Several
    opens_another: Several
    sure: Several
    way: tuple[_Way, ...]


@cache
def pushback() -> Pushback:
    """The patterns and texts."""
    return read_data(Pushback, paths(PUSHBACK)[0])


def _finds(pattern: Bilingual, text: str, language: str) -> bool:
    return re.search(pattern.in_(language), text[:READ].lower()) is not None


def says_tried(text: str, language: str) -> bool:
    """True for a turn in Korean or English that says that something was tried and did not help."""
    known = pushback()
    short = len(text.split()) <= MOST_WORDS
    return short and _finds(known.tried, text, language) and not _finds(known.tried_news, text, language)


def doubts(text: str, language: str) -> bool:
    """True for a turn that asks why what was advised should be believed."""
    return _finds(pushback().doubts, text, language)


def tried_things(text: str, advised: str, language: str) -> tuple[str, ...]:
    """Everything that is out after a turn that says it was tried: what the turn names, and what was advised just before."""
    named = " ".join(re.sub(pushback().tried_words.in_(language), " ", text.lower()).split(" ")).strip(" .,!?~")
    own = (" ".join(named.split()),) if _beginnings(named, language) else ()
    return (*own, *(one for part in advised.split("\n") for one in sentences(part) if len(one) >= SHORTEST and "?" not in one))


def other_ways(tried: Sequence[str], language: str) -> list[str]:
    """Ways that hold anywhere where one of the kinds that were tried failed; writing is none where that was tried, too."""
    text = " ".join(tried).lower()
    failed = [one for one in pushback().way if re.search(one.when.in_(language), text)]
    over = {one.instead for one in failed[1:]} if failed else set()
    return [one.says.in_(language) for one in failed if one.name not in over]


def says_words_failed(text: str, language: str) -> bool:
    """True for a turn in Korean or English that says that somebody was told or asked."""
    return _finds(pushback().told, text, language)


class Out(Struct, frozen=True):
    """Texts that must not be advised again, in whatever words, and where they lie; what the person named comes first."""

    texts: tuple[str, ...] = ()
    language: str = "en"
    where: tuple[Direction, ...] = ()
    everything: bool = False

    @staticmethod
    def of(texts: Sequence[str], language: str, *, everything: bool = False) -> "Out":
        """These texts, in Korean or English; `everything` like them is out, and not what they advise alone."""
        return Out(tuple(texts), language, tuple(_of(text, language) for text in texts), everything)

    def has(self, text: str) -> bool:
        """True for a text that advises the same as one of them."""
        if not self.texts:
            return False
        name = _NAME.match(text)
        own = [_of(one, self.language) for one in (text, *([name[1]] if name else []))]
        if any(_likeness(one, other) >= SAME for one in own for other in self.where):
            return True
        return name is not None and any(self._names(name[1], text) for text in self.texts)

    def name_of(self, texts: Sequence[str], last: str) -> str | None:
        """The name of the first of these ways that a turn names."""
        return next((name[1] for text in texts if (name := _NAME.match(text)) and self._names(name[1], last)), None)

    def _names(self, name: str, text: str) -> bool:
        own = _beginnings(name, self.language)
        return bool(own) and len(own & _beginnings(text, self.language)) > NAMED * len(own)


def _beginnings(text: str, language: str) -> frozenset[str]:
    """The beginnings of the words of a text that are long enough to say something."""
    words, most = (_SYLLABLES.findall(text), 2) if language == "ko" else (_LETTERS.findall(text.lower()), 5)
    return frozenset(word[:most] for word in words)


def _of(text: str, language: str) -> Direction:
    return load_vectors("ko" if language == "ko" else "en").of(text)


def _likeness(one: Direction, other: Direction) -> float:
    """The cosine of two directions."""
    length = one.length * other.length
    return sum(a * b for a, b in zip(one.numbers, other.numbers, strict=True)) / length if length else 0.0
