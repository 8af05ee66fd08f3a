"""Wrapped keys behind a breaker: what waits for a key waits no longer than for the record itself."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.user_keys.protocol import KeyStore, PeriodKey, WrappedKeys

WITHIN_S: Final = 1.0
MANY_WITHIN_S: Final = 5.0


class GuardedKeyStore(Struct, frozen=True):
    """The same keys; StoreUnavailable in time."""

    kept: KeyStore
    guards: Guards

    async def periods(self) -> tuple[PeriodKey, ...]:
        """All keys of periods."""
        return await self.guards.reading(self.kept.periods, WITHIN_S)

    async def add_period(self, key: PeriodKey) -> bool:
        """Keeps the key of a period."""
        return await self.guards.writing(lambda: self.kept.add_period(key), WITHIN_S)

    async def replace_period(self, key: PeriodKey) -> None:
        """Keeps the same key, wrapped anew."""
        await self.guards.writing(lambda: self.kept.replace_period(key), WITHIN_S)

    async def drop_period(self, period: str) -> None:
        """Forgets the key of a period."""
        await self.guards.writing(lambda: self.kept.drop_period(period), WITHIN_S)

    async def found(self, holders: Sequence[str]) -> Mapping[str, WrappedKeys]:
        """The keys that there are."""
        return await self.guards.reading(lambda: self.kept.found(holders), _within(len(holders)))

    async def add(self, keys: Sequence[WrappedKeys]) -> None:
        """Keeps keys of new holders."""
        await self.guards.writing(lambda: self.kept.add(keys), _within(len(keys)))

    async def replace(self, old: WrappedKeys, new: WrappedKeys) -> bool:
        """Keeps the keys of a holder wrapped anew."""
        return await self.guards.writing(lambda: self.kept.replace(old, new), WITHIN_S)

    async def drop(self, holder: str) -> None:
        """Forgets the keys of a holder."""
        await self.guards.writing(lambda: self.kept.drop(holder), WITHIN_S)

    async def page(self, after: str, limit: int) -> tuple[WrappedKeys, ...]:
        """Keys of holders after one."""
        return await self.guards.reading(lambda: self.kept.page(after, limit), MANY_WITHIN_S)

    async def counts(self) -> Mapping[str, int]:
        """The number of holders by period."""
        return await self.guards.reading(self.kept.counts, MANY_WITHIN_S)

    async def flag(self, name: str) -> bool:
        """True for a step that was declared done."""
        return await self.guards.reading(lambda: self.kept.flag(name), WITHIN_S)

    async def raise_flag(self, name: str) -> None:
        """Declares a step done."""
        await self.guards.writing(lambda: self.kept.raise_flag(name), WITHIN_S)


def _within(many: int) -> float:
    return WITHIN_S if many <= 1 else MANY_WITHIN_S
