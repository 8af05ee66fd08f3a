"""The table of what is kept: each kind with where it lies, for how long, and why, from `kept.toml`."""

from datetime import timedelta
from functools import cache
from typing import Final, Literal

from pydantic import Field

from ion_mentoring.catalogue.bilingual import Bilingual, Frozen
from ion_mentoring.resources import paths, read_model

TABLE: Final = "ion_mentoring/mentoring/privacy/kept.toml"
DAY: Final = timedelta(days=1)

Place = Literal["store", "cache", "instance", "topics", "logs", "backups"]


class KeptKind(Frozen):
    """One kind of what is kept, as the table's head explains it; `kept` is None where nothing but an erasure ends it."""

    id: str
    what: Bilingual
    why: Bilingual
    basis: Literal["contract", "duty", "interest"]
    places: tuple[Place, ...] = Field(alias="in")
    collections: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    kept: timedelta | None = None
    since: Literal["said", "changed", "made", "ended"] | None = None
    rule: str | None = None
    goes: Literal["person", "time"]
    told: bool = False


class KeptTable(Frozen):
    """The table, with the words of its columns."""

    kind: tuple[KeptKind, ...]
    since: dict[str, Bilingual]
    places: dict[Place, Bilingual] = Field(alias="in")
    basis: dict[str, Bilingual]

    def period(self, kind: KeptKind, language: str) -> str:
        """The time that a kind is kept for, as people say it."""
        if kind.kept is None or kind.since is None:
            return "삭제할 때까지" if language == "ko" else "until it is erased"
        both = self.since[kind.since].in_(language), length(kind.kept, language)
        return " ".join(both if language == "ko" else reversed(both))

    def where(self, kind: KeptKind, language: str) -> str:
        """The places of a kind, as people call them."""
        return ", ".join(self.places[place].in_(language) for place in kind.places)


def length(time: timedelta, language: str) -> str:
    """A length of time in the largest unit that it is whole in."""
    units = ((DAY, "일", "days"), (timedelta(hours=1), "시간", "hours"), (timedelta(minutes=1), "분", "minutes"))
    for unit, korean, english in units:
        if time > unit and not time % unit:
            return f"{time // unit}{korean}" if language == "ko" else f"{time // unit} {english}"
    return f"{time.total_seconds():g}" + ("초" if language == "ko" else " seconds")


@cache
def kept_table() -> KeptTable:
    """The table, read once."""
    return read_model(KeptTable, paths(TABLE)[0])
