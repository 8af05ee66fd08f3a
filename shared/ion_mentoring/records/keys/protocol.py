"""The protocol of a store of API keys."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

KEPT_AFTER_END: Final = timedelta(days=400)  # so that whoever looks into a year's log finds whose key that was


@dataclass(frozen=True, slots=True)
class SecretMark:
    """The HMAC of a secret; it opens up to `ends_at`, where there is one."""

    mac: str
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """One key under its public id: `secrets` are its marks, the newest first; two while it is being rotated.

    `role` and `scopes` are names as callers have them. `per_minute` and `monthly_tokens` are its own limits, None is the usual.
    """

    id: str
    tenant: str
    name: str
    role: str
    scopes: tuple[str, ...]
    secrets: tuple[SecretMark, ...]
    created_at: datetime
    created_by: str
    ends_at: datetime | None = None
    revoked_at: datetime | None = None
    per_minute: int | None = None
    monthly_tokens: int | None = None

    @property
    def kept_until(self) -> datetime | None:
        """The time at which the record may go; None while the key may still open."""
        ends = [at for at in (self.ends_at, self.revoked_at) if at]
        return min(ends) + KEPT_AFTER_END if ends else None


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A record as it stands in the store; `version` changes with each writing of it, and not with its use."""

    record: KeyRecord
    version: str


class KeyRecords(Protocol):
    """Keeps keys. Every method raises StoreUnavailable if the store does not answer."""

    async def add(self, record: KeyRecord) -> bool:
        """Keeps a new key; False if there is one of that id."""

    async def get(self, key_id: str) -> StoredKey | None:
        """The key of an id."""

    async def replace(self, stored: StoredKey, record: KeyRecord) -> bool:
        """Writes a record over the one that was read; False, and nothing written, if somebody else wrote meanwhile."""

    async def of(self, tenant: str) -> tuple[tuple[KeyRecord, datetime | None], ...]:
        """The keys of a tenant with their last uses, in the order of their making."""

    async def used(self, key_id: str, at: datetime) -> None:
        """Notes a use, to the minute; an earlier one than is known changes nothing."""
