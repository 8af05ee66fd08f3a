"""API keys behind a breaker: a caller waits for being known, so that a store that is away is told at once."""

from datetime import datetime
from typing import Final

from msgspec import Struct

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.keys.protocol import KeyRecord, KeyRecords, StoredKey

WITHIN_S: Final = 2.0


class GuardedKeyRecords(Struct, frozen=True):
    """The same keys; StoreUnavailable in time."""

    kept: KeyRecords
    guards: Guards

    async def add(self, record: KeyRecord) -> bool:
        """Keeps a new key."""
        return await self.guards.writing(lambda: self.kept.add(record), WITHIN_S)

    async def get(self, key_id: str) -> StoredKey | None:
        """The key of an id."""
        return await self.guards.reading(lambda: self.kept.get(key_id), WITHIN_S)

    async def replace(self, stored: StoredKey, record: KeyRecord) -> bool:
        """Writes a record over the one that was read."""
        return await self.guards.writing(lambda: self.kept.replace(stored, record), WITHIN_S)

    async def of(self, tenant: str) -> tuple[tuple[KeyRecord, datetime | None], ...]:
        """The keys of a tenant with their last uses."""
        return await self.guards.reading(lambda: self.kept.of(tenant), WITHIN_S)

    async def used(self, key_id: str, at: datetime) -> None:
        """Notes a use."""
        await self.guards.writing(lambda: self.kept.used(key_id, at), WITHIN_S)
