"""The emergencies of this minute: somebody swallowed something, stands at an edge, is attacked, is hurt, or has a plan to die.

It comes before everything else that is said: one thing to do and one number.
"""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from msgspec import field

from ion_mentoring.catalogue.bilingual import Bilingual, Datum, Several
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.folding import flat
from ion_mentoring.understanding.pattern import Pattern
from ion_mentoring.understanding.safety.danger import KINDS, Danger, Kind

EMERGENCIES: Final = "ion_mentoring/understanding/safety/emergencies.toml"
NEVER: Final = "(?!)"

Emergency = Literal["swallowed", "attacker", "edge", "cut", "neck", "heart", "hungry", "body", "planned"]
ORDER: Final[tuple[Emergency, ...]] = get_args(Emergency)  # of which one is said where several are told
KIND_OF: Final[dict[Emergency, Kind]] = {
    "swallowed": "suicide",
    "attacker": "home_violence",
    "edge": "suicide",
    "cut": "self_injury",
    "neck": "home_violence",
    "heart": "eating",
    "hungry": "eating",
    "body": "self_injury",
    "planned": "suicide",
}


_VIOLENCE: Final[tuple[Kind, ...]] = ("home_violence", "sexual", "stalking", "work_violence")
BELONGS_TO: Final[Mapping[Emergency, tuple[Kind, ...]]] = {
    "swallowed": ("suicide", "self_injury"),
    "attacker": _VIOLENCE,
    "edge": ("suicide", "self_injury", "harm_others"),
    "cut": ("self_injury", "suicide"),
    "neck": (*_VIOLENCE, "suicide", "self_injury", "harm_others"),
    "heart": KINDS,
    "hungry": KINDS,
    "body": KINDS,
    "planned": ("suicide",),
}


class _Both(Datum, frozen=True, kw_only=True):
    ko: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class _Told(Datum, frozen=True, kw_only=True):
    alone: _Both = _Both()
    within: _Both = _Both()
    not_: _Both = field(name="not", default=_Both())
    say: Several
    done: Bilingual


class _Calling(_Both, frozen=True, kw_only=True):
    say: Several


class Book(Datum, frozen=True, kw_only=True):
    """The data file."""

    swallowed: _Told
    attacker: _Told
    edge: _Told
    cut: _Told
    neck: _Told
    heart: _Told
    hungry: _Told
    body: _Told
    planned: _Told
    last: dict[Literal["police", "ambulance"], Bilingual]
    calling: _Calling


class Emergencies:
    """Tells emergencies from texts in either language, and has what is said in each."""

    def __init__(self, book: Book) -> None:
        told: dict[Emergency, _Told] = {name: getattr(book, name) for name in ORDER}
        self._alone = {name: _pattern(own.alone) for name, own in told.items()}
        self._within = {name: _pattern(own.within) for name, own in told.items()}
        self._not = {name: _pattern(own.not_) for name, own in told.items()}
        self._say = {name: own.say for name, own in told.items()}
        self._last, self._calling, self._call = book.last, book.calling.say, _pattern(book.calling)
        self._done = {name: own.done for name, own in told.items()}

    @staticmethod
    def load() -> "Emergencies":
        """The product's emergencies."""
        return Emergencies(read_data(Book, paths(EMERGENCIES)[0]))

    def told(self, text: str, spoken_of: Danger | None = None) -> Emergency | None:
        """The emergency that a text tells of; where a danger is spoken of, fewer words tell one that belongs to it."""
        low = flat(text)
        for name in ORDER:
            within = spoken_of is not None and spoken_of.kind in BELONGS_TO[name] and self._within[name].search(low)
            if (within or self._alone[name].search(low)) and not self._not[name].search(low):
                return name
        return None

    def calls(self, text: str) -> bool:
        """True where the number of an emergency, or who comes in one, is all that somebody writes."""
        return self._call.fullmatch(flat(text)) is not None

    def calling(self, language: str) -> tuple[str, ...]:
        """The texts for such a call, in order."""
        return self._calling.in_(language)

    def excluded(self, emergency: Emergency, text: str) -> bool:
        """True if the text tells of it as of another time, or that it is not so."""
        return self._not[emergency].search(flat(text)) is not None

    def texts(self, emergency: Emergency, language: str) -> tuple[str, ...]:
        """The texts that are said, in order; the last one only says which number is left."""
        last = self._last["police" if emergency == "attacker" else "ambulance"]
        return (*self._say[emergency].in_(language), last.in_(language))

    def done(self, emergency: Emergency, language: str) -> str:
        """The text for somebody who has done what was said: called, or come away."""
        return self._done[emergency].in_(language)


def _pattern(both: _Both) -> Pattern:
    return Pattern("|".join((*both.ko, *both.en)) or NEVER)
