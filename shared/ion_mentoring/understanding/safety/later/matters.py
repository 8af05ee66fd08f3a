"""What is said to the matter of a later turn: blame, fear of being found out, means at hand, where to go tonight, ..."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field

from ion_mentoring.catalogue.bilingual import Bilingual, Datum
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.safety.danger import GROUPS, Audience, Danger, Group, Kind, Setting
from ion_mentoring.understanding.safety.later.reader import KINDS, OF_HELPERS, OPEN, Later

MATTERS: Final = "ion_mentoring/understanding/safety/later/matters/*.toml"


class _Korean(Datum, frozen=True, kw_only=True):
    ko: str


class Matter(Datum, frozen=True, kw_only=True):
    """The texts of one matter, by to whom they are said; of some groups or kinds of danger, and in all settings but some."""

    of: tuple[Group, ...] = GROUPS
    kinds: tuple[Kind, ...] = ()
    unless: tuple[Setting, ...] = ()
    self_: Bilingual | None = field(name="self", default=None)
    child: _Korean | None = None
    other: Bilingual | None = None
    harm_others: Bilingual | None = None
    violence: Bilingual | None = None
    child_violence: _Korean | None = None
    others: dict[Audience, Bilingual] = field(default_factory=dict)

    def fits(self, setting: Setting | None) -> bool:
        """True where it can be said in the setting."""
        return setting not in self.unless

    def text(self, danger: Danger, language: str) -> str | None:
        """The text for the one who is spoken to; None where it has none for them, or for this danger."""
        if danger.group not in self.of or (self.kinds and danger.kind not in self.kinds):
            return None
        if danger.other:
            own = self.others.get(danger.audience, self.other)
            return own.in_(language) if own else None
        if danger.group == "harm_others" and self.harm_others:
            return self.harm_others.in_(language)
        child = self.child_violence if danger.group == "violence" and self.child_violence else self.child
        if danger.minor and child and language == "ko":
            return child.ko
        if danger.group == "violence" and self.violence:
            return self.violence.in_(language)
        return self.self_.in_(language) if self.self_ else None


class Matters(Struct, frozen=True):
    """All matters by name."""

    all: Mapping[Later, Matter]

    def of(self, danger: Danger) -> frozenset[Later]:
        """The matters that have a text for a danger (in Korean, which has all), those of helpers, and kinds that tell."""
        named = (name for name, matter in self.all.items() if name in OF_HELPERS or matter.text(danger, "ko"))
        return frozenset((*named, *(kind for kind in KINDS if kind not in OPEN)))

    @staticmethod
    def load() -> "Matters":
        """The product's texts."""
        every = [read_data(dict[Later, Matter], path) for path in paths(MATTERS)]
        return Matters({name: matter for some in every for name, matter in some.items()})
