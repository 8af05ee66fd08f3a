"""What somebody puts right after we took it for something else: whom it is about, who is hurt, and whom they may hurt."""

from typing import Annotated, Final

from msgspec import Meta
from msgspec.structs import replace

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.folding import flat
from ion_mentoring.understanding.pattern import Pattern
from ion_mentoring.understanding.safety.danger import Danger, Group
from ion_mentoring.understanding.safety.later.matters import Matter

CORRECTIONS: Final = "ion_mentoring/understanding/safety/later/corrections.toml"

Patterns = Annotated[tuple[str, ...], Meta(min_length=1)]


class _Both(Datum, frozen=True, kw_only=True):
    ko: Patterns
    en: Patterns


class Book(Datum, frozen=True, kw_only=True):
    """The data file."""

    own: _Both
    hurt: _Both
    struck: _Both
    aimed: _Both
    theirs: _Both
    about: _Both
    heard_own: Matter
    heard_aimed: Matter
    heard_theirs: Matter
    heard_hurt: Matter
    heard_place: Matter


class Corrections:
    """Tells from a turn whom a danger is about, where somebody puts that right; people mix the languages."""

    def __init__(self, book: Book) -> None:
        self._own, self._hurt, self._struck = (_pattern(one) for one in (book.own, book.hurt, book.struck))
        self._aimed, self._theirs, self._about = (_pattern(one) for one in (book.aimed, book.theirs, book.about))
        self._book = book

    @staticmethod
    def load() -> "Corrections":
        """The product's corrections."""
        return Corrections(read_data(Book, paths(CORRECTIONS)[0]))

    def is_own(self, text: str) -> bool:
        """True if the person says that it is about themselves."""
        return self._own.search(flat(text)) is not None

    def is_hurt(self, text: str) -> bool:
        """True if the person says to be the one who is hurt, and not the one who hurts."""
        return self._hurt.search(flat(text)) is not None

    def is_aimed(self, text: str) -> bool:
        """True if the person says that it is somebody else whom they may hurt, and not themselves."""
        return self._aimed.search(flat(text)) is not None

    def is_theirs(self, text: str, group: Group) -> bool:
        """True if the person says that it is somebody else who is in danger, and not themselves."""
        low = flat(text)
        says = self._theirs.search(low) or (group != "violence" and self._about.search(low))
        return bool(says) and not self.is_own(text) and not self.is_hurt(text)

    def beside_blows(self, text: str) -> str | None:
        """What stands beside the words that somebody else hits the person; None where no words say so."""
        low = flat(text)
        return self._struck.sub(" ", low) if self._struck.search(low) else None

    def says(self, text: str) -> bool:
        """True if the person says either."""
        return self.is_own(text) or self.is_hurt(text)

    def of(self, text: str, danger: Danger) -> Danger | None:
        """The danger as the person puts it right: their own, of being hurt, of hurting, or somebody else's.

        None where nothing is put right.
        """
        if danger.group == "self_harm" and not danger.other and self.is_aimed(text):
            return replace(danger, kind="harm_others", sure=True, faint=False)
        if self.is_hurt(text) and (danger.other or danger.group != "violence"):
            return replace(danger, kind=danger.kind if danger.group == "violence" else "home_violence", other=False)
        if not danger.other and self.is_theirs(text, danger.group):
            return replace(danger, other=True, minor=False)
        return replace(danger, other=False) if danger.other and self.is_own(text) else None

    def heard(self, text: str, danger: Danger, language: str) -> str:
        """The word that it was heard, whoever or whatever place was put right, which comes before the answer."""
        book, own = self._book, self._book.heard_own if self.is_own(text) else self._book.heard_place
        own = self._book.heard_theirs if danger.other and self.is_theirs(text, danger.group) else own
        aimed = book.heard_aimed if danger.group == "harm_others" and self.is_aimed(text) else own
        return (book.heard_hurt if self.is_hurt(text) else aimed).text(danger, language) or ""


def _pattern(both: _Both) -> Pattern:
    return Pattern("|".join((*both.ko, *both.en)))
