"""The emergencies of this minute: somebody swallowed something, stands at an edge, is attacked, is hurt, or has a plan to die.

It comes before everything else that is said: one thing to do and one number.
"""

from typing import Final, Literal

from msgspec import field
from msgspec.structs import replace

from ion_mentoring.catalogue.bilingual import Bilingual, Datum, Several
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.folding import flat
from ion_mentoring.understanding.pattern import Pattern
from ion_mentoring.understanding.safety.danger import Danger
from ion_mentoring.understanding.safety.urgent.kinds import BELONGS_TO, KIND_OF, OF_POLICE, ORDER, Emergency
from ion_mentoring.understanding.safety.urgent.told import heard_in, of_other

EMERGENCIES: Final = "ion_mentoring/understanding/safety/emergencies.toml"
NEVER: Final = "(?!)"


class _Both(Datum, frozen=True, kw_only=True):
    ko: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class _Told(Datum, frozen=True, kw_only=True):
    alone: _Both = _Both()
    within: _Both = _Both()
    not_: _Both = field(name="not", default=_Both())
    say: Several
    other: Several | None = None  # to whoever knows of it, where that is something else
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
    means: _Told
    baby: _Told
    armed: _Told
    assault: _Told
    pay: _Told
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
        self._other = {name: own.other for name, own in told.items() if own.other}
        self._last, self._calling, self._call = book.last, book.calling.say, _pattern(book.calling)
        self._done = {name: own.done for name, own in told.items()}

    @staticmethod
    def load() -> "Emergencies":
        """The product's emergencies."""
        return Emergencies(read_data(Book, paths(EMERGENCIES)[0]))

    def told(
        self, text: str, spoken_of: Danger | None = None, *, suspected: Danger | None = None, answered: bool = False
    ) -> Emergency | None:
        """The emergency that a text tells of; where a danger is spoken of, fewer words tell one that belongs to it, and where
        one is suspected in the text itself, a likely one is believed, but for a text that has an answer of its own."""
        low = flat(text)
        for name in ORDER:
            within = spoken_of is not None and spoken_of.kind in BELONGS_TO[name] and self._within[name].search(low)
            if (within or self._alone[name].search(low)) and not self._not[name].search(low):
                return name
        learned = heard_in(text, spoken_of, suspected, answered=answered)
        return learned if learned and not self._not[learned].search(low) else None

    def danger(self, emergency: Emergency, text: str) -> Danger:
        """The danger of a text that tells of an emergency: somebody else's where it surely speaks of another.

        Who is hurt tells of another, too: of the one who does it.
        """
        danger = Danger(KIND_OF[emergency], sure=True)
        return replace(danger, other=danger.group != "violence" and of_other(text, danger.kind))

    def calls(self, text: str) -> bool:
        """True where the number of an emergency, or who comes in one, is all that somebody writes."""
        return self._call.fullmatch(flat(text)) is not None

    def calling(self, language: str) -> tuple[str, ...]:
        """The texts for such a call, in order."""
        return self._calling.in_(language)

    def excluded(self, emergency: Emergency, text: str) -> bool:
        """True if the text tells of it as of another time, or that it is not so."""
        return self._not[emergency].search(flat(text)) is not None

    def texts(self, emergency: Emergency, language: str, *, other: bool = False) -> tuple[str, ...]:
        """The texts that are said, in order, to whom it concerns or to another; the last one only says which number is left."""
        last = self._last["police" if emergency in OF_POLICE else "ambulance"]
        own = (self._other.get(emergency) if other else None) or self._say[emergency]
        return (*own.in_(language), last.in_(language))

    def done(self, emergency: Emergency, language: str) -> str:
        """The text for somebody who has done what was said: called, or come away."""
        return self._done[emergency].in_(language)


def _pattern(both: _Both) -> Pattern:
    return Pattern("|".join((*both.ko, *both.en)) or NEVER)
