"""The protocol of a store of erasures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

RETENTION: Final = timedelta(days=400)  # longer than any backup lives


@dataclass(frozen=True, slots=True)
class Erasure:
    """The erasure of one holder, a keyed name: asked for, and once all is gone, finished; `erased` counts by kind.

    `last_at` is when it was asked for last: what is of a time before is the holder's no more.
    """

    holder: str
    asked_at: datetime
    finished_at: datetime | None = None
    erased: Mapping[str, int] = field(default_factory=dict)
    last_at: datetime | None = field(default=None, compare=False)  # asked for again, it is the same one


class Erasures(Protocol):
    """Keeps erasures for `RETENTION`. Every method raises StoreUnavailable if the store does not answer."""

    async def get(self, holder: str) -> Erasure | None:
        """The last erasure of a holder."""

    async def put(self, erasure: Erasure) -> None:
        """Keeps one, in place of the last of the same holder."""

    async def all(self) -> tuple[Erasure, ...]:
        """All of them, to be gone through again."""
