"""The setting in which somebody is hurt: a home, a job, a school, a lesson, the army, ...; and the texts that fit it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

from msgspec import Meta
from msgspec.structs import replace

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.folding import flat
from ion_mentoring.understanding.pattern import Pattern
from ion_mentoring.understanding.safety.danger import SETTINGS, Danger, Kind, Setting
from ion_mentoring.understanding.safety.helplines import Need
from ion_mentoring.understanding.safety.later.matters import Matter

HOW: Final = "ion_mentoring/understanding/safety/later/settings.toml"
PLACES: Final = "ion_mentoring/understanding/safety/later/places/*.toml"
OWN: Final[Mapping[Kind, Setting]] = {"home_violence": "home", "work_violence": "work"}  # whose first answer speaks of it
# A stalker is met on the way, whatever place is named beside.
ELSEWHERE: Final[frozenset[tuple[Kind, Setting]]] = frozenset((("stalking", "home"), ("stalking", "work")))


class Place(Datum, frozen=True, kw_only=True):
    """One setting: the words that tell it, the lines for it, and the texts; those are said in the order of `next`."""

    words: Annotated[tuple[str, ...], Meta(min_length=1)]
    lines: tuple[Need, ...] = ()
    first: Matter | None = None
    next: tuple[Matter, ...] = ()
    report: Matter | None = None


_Book = dict[Setting, Place]  # one data file


class _How(Datum, frozen=True, kw_only=True):
    """The words that tell a setting in any place."""

    otherwise: tuple[str, ...]
    instead: tuple[str, ...]
    named: tuple[str, ...]
    hurts: tuple[str, ...]


class Settings:
    """Tells the setting from a conversation, and has its texts."""

    def __init__(self, how: _How, places: Mapping[Setting, Place]) -> None:
        self._places = places
        self._otherwise = Pattern("|".join(how.otherwise))
        self._instead = Pattern("|".join(how.instead))
        self._named = Pattern("|".join((*how.named, *(one for place in places.values() for one in place.words))))
        self._hurts = Pattern("|".join(how.hurts))
        self._words = {name: Pattern("|".join(place.words)) for name, place in places.items()}

    @staticmethod
    def load() -> "Settings":
        """The product's settings."""
        every = [read_data(_Book, path) for path in paths(PLACES)]
        places = {name: place for some in every for name, place in some.items()}
        return Settings(read_data(_How, paths(HOW)[0]), {name: places[name] for name in SETTINGS})

    def told(self, texts: Sequence[str]) -> Setting | None:
        """The setting that somebody tells of: the first in which somebody is hurt, or the one that puts another right."""
        found: Setting | None = None
        sure = False
        for text in texts:
            low = flat(text)
            name = self._meant(low)
            if name is None:
                continue
            hurts, right = self._hurts.search(low) is not None, self._denies(low)
            if found is None or right or (hurts and not sure):
                found, sure = name, hurts or right
        return found

    def corrects(self, text: str) -> bool:
        """True for a text that puts a place, or the one who hurts, right: that names one instead of another."""
        low = flat(text)
        return self._denies(low) and self._meant(low) is not None

    def _meant(self, low: str) -> Setting | None:
        """The setting that is named, and not denied."""
        meant = self._otherwise.sub(" ", low)
        return next((name for name, words in self._words.items() if words.search(meant)), None)

    def _denies(self, low: str) -> bool:
        """True where a place or somebody is said to be another."""
        denied = (self._named.search(own.group()) for own in self._otherwise.finditer(low))
        return any(denied) or self._instead.search(low) is not None

    @staticmethod
    def settled(danger: Danger, setting: Setting | None) -> Danger:
        """The danger of the kind that belongs to the setting, where both are of a home or a job."""
        kind = next((kind for kind, own in OWN.items() if own == setting), None)
        return replace(danger, kind=kind) if kind and danger.kind in OWN else danger

    @staticmethod
    def of(danger: Danger, setting: Setting | None) -> Setting | None:
        """The setting that counts in a danger: a stalker is met on the way, whatever home or job is named beside."""
        return None if setting and (danger.kind, setting) in ELSEWHERE else setting

    def first(self, setting: Setting | None, danger: Danger, language: str) -> str | None:
        """The first answer that fits the setting, where that of the kind speaks of another; None where it fits."""
        if danger.kind not in OWN or setting is None or OWN[danger.kind] == setting:
            return None
        place = self._places.get(setting)
        return place.first.text(danger, language) if place and place.first else None

    def next(self, setting: Setting | None, danger: Danger, language: str) -> list[str]:
        """The texts for the next turns in the setting, in order."""
        place = self._places.get(setting) if setting else None
        polite = danger.minor and not danger.other and language == "ko"
        texts = [text.text(danger, language) for text in place.next if text.child or not polite] if place else []
        return [text for text in texts if text]

    def report(self, setting: Setting | None, danger: Danger, language: str) -> str | None:
        """The answer to the question whom one can tell, in the setting."""
        place = self._places.get(setting) if setting else None
        return place.report.text(danger, language) if place and place.report else None

    def lines(self, setting: Setting | None) -> tuple[Need, ...]:
        """The needs whose lines come first in the setting."""
        place = self._places.get(setting) if setting else None
        return place.lines if place else ()
