"""The protocol of a store of wrapped keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class WrappedKeys:
    """The keys of one holder, wrapped by the key of a period; `holder` is a keyed name."""

    holder: str
    period: str
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class PeriodKey:
    """The key of a period (`2026-W48`), wrapped by the master key; `names` is the one of keyed names, which has no end."""

    period: str
    wrapped: bytes
    made_at: datetime


class KeyStore(Protocol):
    """Keeps wrapped keys. Every method raises StoreUnavailable if the store does not answer."""

    async def periods(self) -> tuple[PeriodKey, ...]:
        """All keys of periods, and that of names."""

    async def add_period(self, key: PeriodKey) -> bool:
        """Keeps the key of a period; False, and nothing kept, if there is one."""

    async def replace_period(self, key: PeriodKey) -> None:
        """Keeps the same key, wrapped anew."""

    async def drop_period(self, period: str) -> None:
        """Forgets the key of a period, and with it all that it wrapped."""

    async def found(self, holders: Sequence[str]) -> Mapping[str, WrappedKeys]:
        """The keys that there are of these holders."""

    async def add(self, keys: Sequence[WrappedKeys]) -> None:
        """Keeps keys of new holders; who has some keeps them."""

    async def replace(self, old: WrappedKeys, new: WrappedKeys) -> bool:
        """Keeps the keys of a holder wrapped anew; False, and nothing kept, if they are no longer the old ones."""

    async def drop(self, holder: str) -> None:
        """Forgets the keys of a holder."""

    async def page(self, after: str, limit: int) -> tuple[WrappedKeys, ...]:
        """Keys of holders after one, in the order of their names."""

    async def counts(self) -> Mapping[str, int]:
        """The number of holders by period."""

    async def flag(self, name: str) -> bool:
        """True for a step of this store's that was declared done."""

    async def raise_flag(self, name: str) -> None:
        """Declares a step done."""
