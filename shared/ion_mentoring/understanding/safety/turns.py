"""The turns after a sign: a person says that it is over, that telephoning is too hard, or turns to something else."""

import re
from typing import Annotated, Final

from msgspec import Meta
from msgspec.structs import asdict

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.folding import flat
from ion_mentoring.understanding.pattern import Pattern

TURNS: Final = "ion_mentoring/understanding/safety/turns.toml"
SHORTEST_SUBJECT: Final = 12  # characters: a shorter text goes on with what was spoken of

# Lists that came after the classifiers of later turns were learned; the next training takes them in.
UNLEARNED: Final = frozenset(
    ("came_and_went", "joke", "laugh", "called", "hazed", "cared_for", "threatens", "victim", "attacks")
)

QUOTED: Final = re.compile(r"[“\"][^”\"]*[”\"]")

Patterns = Annotated[tuple[str, ...], Meta(min_length=1)]


class _Both(Datum, frozen=True, kw_only=True):
    ko: Patterns
    en: Patterns


class Book(Datum, frozen=True, kw_only=True):
    """The data file."""

    unable_to_call: _Both
    says_safe: _Both
    takes_back: _Both
    has_done: _Both
    came_and_went: _Both
    other_subject: _Both
    new_matter: _Both
    asks: _Both
    same_matter: _Both
    denies: _Both
    not_me: _Both
    affirms: _Both
    minor: _Both
    adult: _Both
    calls_out: _Both
    still: _Both
    threatened: _Both
    tells_of_other: _Both
    begins_no: _Both
    nobody_hurt: _Both
    reports: _Both
    own: _Both
    hurts_me: _Both
    assault: _Both
    other_threatens: _Both
    not_told: _Both
    farewell: _Both
    joke: _Both
    laugh: _Both
    hazed: _Both
    called: _Both
    cared_for: _Both
    threatens: _Both
    victim: _Both
    attacks: _Both


class Turns:
    """Reads turns of either language; people mix them."""

    def __init__(self, book: Book) -> None:
        self._patterns = {name: Pattern("|".join((*own.ko, *own.en))) for name, own in asdict(book).items()}

    @staticmethod
    def load() -> "Turns":
        """The reader with the product's data."""
        return Turns(read_data(Book, paths(TURNS)[0]))

    def cannot_call(self, text: str) -> bool:
        """True if telephoning is too hard for the person."""
        return self._says("unable_to_call", text)

    def is_safe(self, text: str) -> bool:
        """True if the person says that the danger has passed, and does not quote somebody else."""
        own = QUOTED.sub(" ", text)
        return self._says("says_safe", own) and not self._says("takes_back", own)

    def has_done(self, text: str) -> bool:
        """True if the person says to have called, written or come away, as was asked."""
        return self._says("has_done", text)

    def help_has_left(self, text: str) -> bool:
        """True if the person says that the police or an ambulance have been, and are gone."""
        return self._says("came_and_went", text)

    def takes_back(self, text: str) -> bool:
        """True if the person says not to be safe."""
        return self._says("takes_back", text)

    def denies(self, text: str) -> bool:
        """True if the person says that it is not what it was taken for."""
        return self._says("denies", text)

    def begins_with_no(self, text: str) -> bool:
        """True for a turn that begins with a no."""
        return self._says("begins_no", text)

    def nobody_is_hurt(self, text: str) -> bool:
        """True if the person says that nobody is hurt, or wants to be."""
        return self._says("nobody_hurt", text)

    def is_of_other(self, text: str) -> bool:
        """True if the person says that somebody else is in danger."""
        return self._says("not_me", text)

    def affirms(self, text: str) -> bool:
        """True if the person says yes to what was asked."""
        return self._says("affirms", text) and not self._says("denies", text)

    def minor(self, text: str) -> bool | None:
        """True if the person says to be a child or a youth, False if to be grown up, None if neither."""
        if self._says("adult", text):
            return False
        return True if self._says("minor", text) else None

    def calls_out(self, text: str) -> bool:
        """True if a call for help, or the number of one, is all that the person says."""
        return self._says("calls_out", text)

    def changes_subject(self, text: str) -> bool:
        """True if the person asks about something else; which it has to name: in doubt it is the same matter."""
        if self._says("other_subject", text):
            return True
        asks = len(text.strip()) >= SHORTEST_SUBJECT and self._says("asks", text) and self._says("new_matter", text)
        return asks and not self._says("same_matter", text) and not self.cannot_call(text)

    def is_still_there(self, text: str) -> bool:
        """True if the person says that what was over is there still, or again."""
        return self._says("still", text)

    def is_threatened(self, text: str) -> bool:
        """True if somebody else threatens to hurt the person."""
        return self._says("threatened", text)

    def is_victim(self, text: str) -> bool:
        """True if somebody else has hit or kicked the person, or thrown something at them; not the other way round."""
        return self._says("victim", text) and not self._says("attacks", text)

    def is_attacker(self, text: str) -> bool:
        """True if the person has hit or kicked somebody, or wants to, and was not hit first."""
        return self._says("attacks", text) and not self._says("victim", text)

    def tells_of_other(self, text: str) -> bool:
        """True if a text says of somebody else that they hurt themselves."""
        return self._says("tells_of_other", text)

    def reports(self, text: str) -> bool:
        """True if a text tells what somebody else said or was asked about dying, or that it is not about that."""
        return self._says("reports", text)

    def is_own(self, text: str) -> bool:
        """True if the person says in plain words that it happens to them, or that they want it themselves."""
        return self._says("own", text) and not self._says("tells_of_other", text)

    def is_hurt(self, text: str) -> bool:
        """True if the person says that somebody hurts them."""
        return self._says("hurts_me", text)

    def is_assault(self, text: str) -> bool:
        """True if a text says of somebody that they were forced."""
        return self._says("assault", text)

    def is_farewell(self, text: str) -> bool:
        """True if somebody else has said goodbye and cannot be reached."""
        return self._says("farewell", text)

    def jokes(self, text: str) -> bool:
        """True if the person says that it was said in fun."""
        return self._says("joke", text)

    def is_of_cared_for(self, text: str) -> bool:
        """True for a text about somebody of the family who is cared for by others."""
        return self._says("cared_for", text)

    def has_called(self, text: str) -> bool:
        """True if the person says that help was called, or is on the way."""
        return self._says("called", text)

    def is_hazed(self, text: str) -> bool:
        """True for what is done to the young ones of a unit or a school."""
        return self._says("hazed", text)

    def laughs(self, text: str) -> bool:
        """True for a text with a laugh in it."""
        return self._says("laugh", text)

    def threatens(self, text: str) -> bool:
        """True if the person says that they would hurt somebody."""
        return self._says("threatens", text)

    def other_threatens(self, text: str) -> bool:
        """True if a text says of somebody else that they mean to hurt people."""
        return self._says("other_threatens", text) and not self._says("threatened", text)

    def has_not_told(self, text: str) -> bool:
        """True if the person says that nobody knows yet."""
        return self._says("not_told", text)

    def names_subject(self, text: str) -> bool:
        """True if the person names something of work or learning."""
        return self._says("new_matter", text)

    def leaves(self, text: str) -> bool:
        """True if the person says to change the subject, names another, and no word of the one before."""
        return self._says("other_subject", text) and self._says("new_matter", text) and not self._says("same_matter", text)

    def names_matter(self, text: str) -> bool:
        """True if the person names something of work, learning or the day, or asks about it."""
        return self._says("new_matter", text) or self._says("asks", text)

    def named(self, text: str) -> list[str]:
        """The names of the lists that have a pattern in the text, of those that the classifiers were learned with."""
        low = flat(text)
        return [name for name, pattern in self._patterns.items() if name not in UNLEARNED and pattern.search(low)]

    def _says(self, name: str, text: str) -> bool:
        return self._patterns[name].search(flat(text)) is not None
