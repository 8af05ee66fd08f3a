"""What is said to the matter of a later turn: blame, fear of being found out, means at hand, where to go tonight, ..."""

from typing import Annotated, Final

from pydantic import Field, RootModel

from ion_mentoring.catalogue.bilingual import Bilingual, Frozen
from ion_mentoring.resources import paths, read_model
from ion_mentoring.understanding.safety.danger import GROUPS, Danger, Group
from ion_mentoring.understanding.safety.later.reader import Later

MATTERS: Final = "ion_mentoring/understanding/safety/later/matters.toml"


class _Korean(Frozen):
    ko: str


class Matter(Frozen):
    """The texts of one matter, by to whom they are said."""

    of: tuple[Group, ...] = GROUPS
    self_: Annotated[Bilingual | None, Field(alias="self")] = None
    child: _Korean | None = None
    other: Bilingual | None = None
    harm_others: Bilingual | None = None

    def text(self, danger: Danger, language: str) -> str | None:
        """The text for the one who is spoken to; None where it has none for them, or for this danger."""
        if danger.group not in self.of:
            return None
        if danger.other:
            return self.other.in_(language) if self.other else None
        if danger.group == "harm_others" and self.harm_others:
            return self.harm_others.in_(language)
        if danger.minor and self.child and language == "ko":
            return self.child.ko
        return self.self_.in_(language) if self.self_ else None


class Matters(RootModel[dict[Later, Matter]]):
    """The data file."""

    @staticmethod
    def load() -> "Matters":
        """The product's texts."""
        return read_model(Matters, paths(MATTERS)[0])
