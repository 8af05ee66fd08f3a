"""The protocol of a store of batch results: each item of a batch gets one result, and keeps it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Protocol

from ion_mentoring.records.paging import Page

RETENTION: Final = timedelta(days=30)
ERASED: Final = "ERASED"  # the reason of a result whose user was erased


@dataclass(frozen=True, slots=True)
class ItemResult:
    """The result of one item: its answer as a JSON object, or the reason why there is none.

    `key` is its name within the batch, its id where nothing else is said; `bill` is what its answer has cost, as a ledger's
    entry. `owner` is whose words it holds; nobody hears that from the store. `look_first` marks a sign of danger. `round`
    counts the replays: a failed result gives way to one of a later round.
    """

    batch_id: str
    item_id: str
    state: Literal["answered", "failed"]
    answer: Mapping[str, Any] | None
    reason: str | None
    at: datetime
    key: str | None = None
    round: int = 0
    look_first: bool = False
    bill: Mapping[str, Any] | None = None
    expires_at: datetime | None = None
    owner: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        """The item's name within its batch."""
        return self.item_id if self.key is None else self.key

    @property
    def until(self) -> datetime:
        """The time when it is forgotten."""
        return self.at + RETENTION if self.expires_at is None else self.expires_at


@dataclass(frozen=True, slots=True)
class Counts:
    """The results of a batch, counted; `began_at` is the time of the first one."""

    answered: int = 0
    failed: int = 0
    look_first: int = 0
    began_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeldResult:
    """A result of a holder's; `batch` is the batch's id, or a keyed name where that was a publisher's own."""

    batch: str
    item_id: str
    state: str
    answer: Mapping[str, Any] | None
    reason: str | None
    at: datetime
    expires_at: datetime


class BatchResults(Protocol):
    """Keeps results for their time. Every method raises StoreUnavailable if the store does not answer."""

    async def found(self, batch_id: str, names: Sequence[str]) -> Mapping[str, ItemResult]:
        """The results that there are of these items, by name; an expired one counts until the store has dropped it."""

    async def store(self, result: ItemResult) -> bool:
        """Keeps a result; False if the item had one, which stays as it is. Only a failed one of an earlier round gives way."""

    async def of(self, batch_id: str) -> tuple[ItemResult, ...]:
        """All results of a batch in the order of their items, `2` before `10`."""

    async def page(self, batch_id: str, first: str, last: str) -> tuple[ItemResult, ...]:
        """The results of the items from one name to another, in the order of their names."""

    async def counts(self, batch_id: str) -> Counts:
        """The number of results by state, expired ones included."""

    async def answered_since(self, batch_id: str, moment: datetime) -> bool:
        """True if an item of the batch was answered after that moment."""

    async def held(self, holder: str, after: str) -> Page[HeldResult]:
        """The results of a holder, a keyed name."""

    async def erase(self, holder: str) -> int:
        """Empties the results of a holder, a keyed name; how many they were."""


def in_order(results: list[ItemResult]) -> tuple[ItemResult, ...]:
    """Results sorted by item as people count."""
    return tuple(sorted(results, key=lambda result: _natural(result.item_id)))


def _natural(item_id: str) -> list[tuple[bool, int, str, str]]:
    """Numbers before words, and by their value: of two without leading zeros, the longer one is greater."""
    return [
        (not digits, len(digits.lstrip("0")), digits.lstrip("0") or word, digits)
        for digits, word in re.findall(r"([0-9]+)|([^0-9]+)", item_id)
    ]
