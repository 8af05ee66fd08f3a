"""The protocol of a store of batch results: each item of a batch gets one result, and keeps it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Protocol

RETENTION: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ItemResult:
    """The result of one item: its answer as a JSON object, or the reason why there is none."""

    batch_id: str
    item_id: str
    state: Literal["answered", "failed"]
    answer: Mapping[str, Any] | None
    reason: str | None
    at: datetime


class BatchResults(Protocol):
    """Keeps results for `RETENTION`. Every method raises StoreUnavailable if the store does not answer."""

    async def has(self, batch_id: str, item_id: str) -> bool:
        """True if an item has its result; an expired one counts until the store has dropped it."""

    async def store(self, result: ItemResult) -> bool:
        """Keeps a result; False if the item had one, which stays as it is."""

    async def of(self, batch_id: str) -> tuple[ItemResult, ...]:
        """All results of a batch in the order of their items, `2` before `10`."""


def in_order(results: list[ItemResult]) -> tuple[ItemResult, ...]:
    """Results sorted by item as people count."""
    return tuple(sorted(results, key=lambda result: _natural(result.item_id)))


def _natural(item_id: str) -> list[tuple[bool, int, str, str]]:
    """Numbers before words, and by their value: of two without leading zeros, the longer one is greater."""
    return [
        (not digits, len(digits.lstrip("0")), digits.lstrip("0") or word, digits)
        for digits, word in re.findall(r"([0-9]+)|([^0-9]+)", item_id)
    ]
