"""The protocol of a store of requests that may come twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

RETENTION: Final = timedelta(hours=24)  # from the last writing


@dataclass(frozen=True, slots=True)
class Record:
    """One request: the mark of its body, the name of what it keeps elsewhere, and its answer, sealed, once there is one.

    Until then it is held by whoever works on it, up to `held_until`; who dies holds it no longer.
    """

    fingerprint: str
    entry: str
    held_until: datetime
    answer: bytes | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A record that is ours to answer; `version` is how it stands in the store."""

    name: str
    record: Record
    version: str


class Records(Protocol):
    """Keeps records for `RETENTION`. Every method raises StoreUnavailable if the store does not answer."""

    async def claim(self, name: str, wanted: Record) -> Claim | Record:
        """The right to answer, for one of all who ask for it; else the record that stands.

        What nobody holds any more is claimed again, by the same body alone, and keeps the `entry` of the first time.
        """

    async def update(self, claim: Claim, record: Record) -> Claim | None:
        """Writes the record of a claim; None, and nothing, where somebody else has claimed it since."""


def held(standing: Record, wanted: Record, now: datetime) -> bool:
    """True if a record cannot be claimed: it has its answer, is another body's, or somebody is at it."""
    return standing.answer is not None or standing.fingerprint != wanted.fingerprint or standing.held_until > now
