"""English reported speech made direct: "ask him to stop calling me" becomes "Could you stop calling me?" """

import re
from functools import cache, cached_property
from typing import Final

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.models.playbook.composing.spoken import Act, Spoken
from ion_mentoring.resources import paths, read_data

PATTERNS: Final = "ion_mentoring/models/playbook/composing/english.toml"
SHORTEST, LONGEST = 3, 140  # characters of what is to be said
# what follows a "her" that owns nothing
_NO_OWNER: Final = (
    r"(?:for|to|that|about|if|when|because|and|or|in|on|at|with|by|from|the|an?|not|so|as|but|again|soon"
    r"|there|here|back|home)\b"
)
_YOURS: Final = (
    (r"\b(?:he|she) (?=(?:doesn|isn|wasn|hasn).t\b)", "you "),
    (r"\byou doesn(.)t\b", r"you don\1t"),
    (r"\byou isn(.)t\b", r"you aren\1t"),
    (r"\byou wasn(.)t\b", r"you weren\1t"),
    (r"\byou hasn(.)t\b", r"you haven\1t"),
    (r"\b(?:he|she) was\b", "you were"),
    (r"\b(?:he|she) (do|go)es\b", r"you \1"),
    (r"\b(?:he|she) has\b", "you have"),
    (r"\b(?:he|she) (?!is\b|was\b)([a-z]+[^s\W])s\b", r"you \1"),
    (r"\b(?:hers|theirs)\b|(?<=\bas )his\b(?! \w)", "yours"),
    (r"\b(?:he|she|they)(?:['’]s|['’]re| is| are)\b", "you're"),
    (rf"\b(?:his|their|her(?! {_NO_OWNER}))\b(?= \w)", "your"),
    (r"\b(?:he|she|they|him|her|them)\b", "you"),
)


class _Turn(Datum, frozen=True, kw_only=True):
    name: str
    pattern: str


class _Book(Datum, frozen=True, kw_only=True):
    """The data file."""

    word: str
    who: str
    to: str
    asks: str
    because: str
    tail: str
    turns: tuple[_Turn, ...]


class _Grammar:
    """The patterns; those of a turn are made when a text is the first to ask for words."""

    def __init__(self, book: _Book) -> None:
        self._book = book
        self.asks = re.compile(book.asks, re.IGNORECASE)

    @cached_property
    def because(self) -> re.Pattern[str]:
        return re.compile(self._book.because, re.IGNORECASE)

    @cached_property
    def tail(self) -> re.Pattern[str]:
        return re.compile(self._book.tail, re.IGNORECASE)

    @cached_property
    def turns(self) -> list[tuple[str, re.Pattern[str]]]:
        book = self._book
        who = book.who.replace("{word}", book.word)
        filled = ((one.name, one.pattern.replace("{who}", who).replace("{to}", book.to)) for one in book.turns)
        return [(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in filled]


@cache
def _grammar() -> _Grammar:
    return _Grammar(read_data(_Book, paths(PATTERNS)[0]))


def asks(text: str) -> bool:
    """True for a text that may ask for words."""
    return _grammar().asks.search(text) is not None


def reason(text: str) -> str | None:
    """The clause that gives a reason."""
    found = _grammar().because.search(text)
    return _yours(_tidy(found["said"])) if found else None


def spoken(text: str) -> Spoken | None:
    """The words and the person they are for; None where the text says nothing that could be turned."""
    for name, pattern in _grammar().turns:
        if found := pattern.search(text):
            said = _tidy(found["said"])
            who = found["who"] if "who" in pattern.groupindex else ""
            return _direct(name, said, who, found) if SHORTEST <= len(said) <= LONGEST else None
    return None


def _direct(name: str, said: str, who: str, found: re.Match[str]) -> Spoken:
    yours = said if name == "no_to" else _yours(said)
    match name:
        case "asks_if":
            i = "I" if found["i"].lower() == "i" else "we"
            return _both("request", f"could {i} {yours}?", who)
        case "asks_you" | "to":
            return _both("request", f"could you {yours}?", who)
        case "not_to":
            stop = "stop" if re.match(r"\w+ing\b", yours) else "not"
            return _both("request", f"could you please {stop} {yours}?", who)
        case "asks_open":
            return _both("asks", f"I wanted to ask {yours}.", who)
        case "for":
            return _both("request", f"I'd like to ask you for {yours}.", who)
        case "wants":
            return _both("request", f"I'd like {yours}.", who)
        case "no_to":
            return _both("tells", f"I can't take on {yours} this time.", who)
    return _both("tells", f"{yours}.", who)


def _both(act: Act, words: str, who: str) -> Spoken:
    words = words[0].upper() + words[1:]
    return Spoken(act, words, words, who)


def _tidy(said: str) -> str:
    before = ""
    while before != said:
        before, said = said, _grammar().tail.sub("", said.strip(" ,;:-\"'“”"))
    return re.sub(r"\bi\b", "I", said)


def _yours(said: str) -> str:
    """The words as said to that person's face."""
    for pattern, instead in _YOURS:
        said = re.sub(pattern, instead, said, flags=re.IGNORECASE)
    return said
