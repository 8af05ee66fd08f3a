"""A record of the audit log: one link of a chain, which each writer has anew every day.

A record's mark is a keyed hash over all that it says and the mark of the one before it, so that none can be changed, dropped or
put elsewhere without the key. An anchor names the ends of a day's chains, and the anchor before it.
"""

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Protocol, Self

RETENTION: Final = timedelta(days=731)  # two years, of which one may be a leap year
FIRST: Final = ""  # stands for the mark before a chain's first record


class Marks(Protocol):
    """The keyed hashes under which records are marked."""

    @property
    def newest(self) -> str:
        """The name of the key for new records."""

    def mark(self, key: str, content: bytes) -> str | None:
        """The mark of a content under the key of a name; None if there is no such key."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a record: the n-th of a writer's day, from 1."""

    day: str
    writer: str
    number: int

    def __str__(self) -> str:
        return f"{self.day} {self.writer} #{self.number}"


@dataclass(frozen=True, slots=True)
class _Marked:
    """What is kept under a mark: `key` names the key of `mark`."""

    key: str
    mark: str

    def marked(self, marks: Marks) -> Self:
        """The same under its mark."""
        named = replace(self, key=marks.newest)
        return replace(named, mark=marks.mark(named.key, named.content()) or "")

    def content(self) -> bytes:
        """The bytes that the mark is over."""
        said = {name: value for name, value in asdict(self).items() if name != "mark"}
        return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()

    def text(self) -> str:
        """The form in which it is kept."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def of(cls, text: str) -> Self:
        """The record that was kept; ValueError for what is none."""
        return cls(**_known(cls, json.loads(text)))


@dataclass(frozen=True, slots=True)
class AuditRecord(_Marked):
    """Who did what to whose, when, from where, with which outcome; `who`, `target` and `address` are pseudonyms."""

    day: str
    writer: str
    number: int
    at: str
    kind: str
    outcome: str
    who: str
    tenant: str
    roles: list[str]
    address: str
    path: str
    target: str | None
    target_tenant: str | None
    facts: dict[str, str]
    previous: str

    @property
    def place(self) -> Place:
        """Where it belongs."""
        return Place(self.day, self.writer, self.number)


@dataclass(frozen=True, slots=True)
class Anchor(_Marked):
    """The ends of a day's chains: by writer, how many records, and the mark of the last; with the anchor of a day before."""

    day: str
    heads: dict[str, list[Any]]
    before: str | None
    previous: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a writer's chain of a day, as it is at the moment."""

    day: str
    writer: str
    number: int
    mark: str


def day_of(at: datetime) -> str:
    """The day of a time, in UTC."""
    return at.astimezone(UTC).date().isoformat()


def kept_until(day: str) -> datetime:
    """The time at which all that is of a day may go, together."""
    after = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(days=1)
    return after + RETENTION


def _known(kind: type[Any], said: Any) -> dict[str, Any]:
    names = {one.name for one in fields(kind)}
    if not isinstance(said, dict) or said.keys() != names:
        raise ValueError("other fields than those of a record")
    return said
