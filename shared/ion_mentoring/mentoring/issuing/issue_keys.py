"""The issue of API keys: made, listed, rotated with an overlap, and revoked in all instances."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from ion_mentoring.access.caller import SCOPES, Caller, Role, Scope
from ion_mentoring.access.key_format import new_id, new_secret
from ion_mentoring.errors import CacheUnavailable, NotFound, StoreUnavailable, ValidationFailed
from ion_mentoring.mentoring.issuing.marks import SecretMarks
from ion_mentoring.records.keys.protocol import KeyRecord, KeyRecords, SecretMark, StoredKey
from ion_mentoring.telemetry.events import EventLog

CHANGED: Final = "keys"  # the tag in the order of invalidations under which all keys that are known anywhere stand
TRIES: Final = 3  # each is lost only to somebody who wrote meanwhile


class KeyOrder(Struct, frozen=True):
    """A key as it is ordered; what is None is the usual."""

    tenant: str
    name: str
    role: Role
    scopes: frozenset[Scope] | None = None
    ends_at: datetime | None = None
    per_minute: int | None = None
    monthly_tokens: int | None = None


class IssuedKey(Struct, frozen=True):
    """A key with its secret, which nobody can tell again."""

    record: KeyRecord
    secret: str


class IssueKeys(Struct, frozen=True):
    """The use case. `invalidate` makes void, in all instances, what is known of keys."""

    keys: KeyRecords
    marks: SecretMarks
    invalidate: Callable[[str], Awaitable[None]]
    log: EventLog
    now: Callable[[], datetime]

    async def create(self, order: KeyOrder, by: Caller) -> IssuedKey:
        """A new key; ValidationFailed for scopes that its role has not, or an end that is past."""
        allowed = SCOPES[order.role]
        scopes = allowed if order.scopes is None else order.scopes
        if not scopes or not scopes <= allowed:
            raise ValidationFailed("scopes", field="scopes", details={"allowed": sorted(allowed)})
        now = self.now()
        if order.ends_at is not None and order.ends_at <= now:
            raise ValidationFailed("expires_at", field="expires_at", details={"rule": "a time to come"})
        for _ in range(TRIES):
            identity = new_id()
            secret = new_secret(identity)
            record = KeyRecord(
                id=identity,
                tenant=order.tenant,
                name=order.name,
                role=order.role.value,
                scopes=tuple(sorted(scopes)),
                secrets=(SecretMark(self.marks.of(secret)),),
                created_at=now,
                created_by=by.id,
                ends_at=order.ends_at,
                per_minute=order.per_minute,
                monthly_tokens=order.monthly_tokens,
            )
            if await self.keys.add(record):
                self._tell("key_created", record, by)
                return IssuedKey(record, secret)
        raise StoreUnavailable("three ids that are there already", retry_after_s=1)

    async def listed(self, tenant: str) -> tuple[tuple[KeyRecord, datetime | None], ...]:
        """The keys of a tenant with their last uses."""
        return await self.keys.of(tenant)

    async def rotate(self, key_id: str, by: Caller, overlap: timedelta) -> IssuedKey:
        """A new secret for a key; the one before opens for as long as `overlap`. NotFound for a key that opens nothing."""
        secret = new_secret(key_id)

        def rotated(record: KeyRecord) -> KeyRecord:
            until = self.now() + overlap
            newest = record.secrets[0]
            return replace(record, secrets=(SecretMark(self.marks.of(secret)), replace(newest, ends_at=until)))

        record = await self._changed(key_id, by, rotated)
        await self._everywhere()
        self._tell("key_rotated", record, by)
        return IssuedKey(record, secret)

    async def revoke(self, key_id: str, by: Caller) -> KeyRecord:
        """The end of a key, in all instances within the declared time; NotFound for one that opens nothing."""
        record = await self._changed(key_id, by, lambda record: replace(record, revoked_at=self.now(), secrets=()))
        await self._everywhere()
        self._tell("key_revoked", record, by)
        return record

    async def _changed(self, key_id: str, by: Caller, change: Callable[[KeyRecord], KeyRecord]) -> KeyRecord:
        for _ in range(TRIES):
            stored = await self._own(key_id, by)
            changed = change(stored.record)
            if await self.keys.replace(stored, changed):
                return changed
        raise StoreUnavailable("a key that changes all the time", retry_after_s=1)

    async def _own(self, key_id: str, by: Caller) -> StoredKey:
        """The key, if it opens something and `by` may change it; a foreign key and an absent one are the same."""
        stored = await self.keys.get(key_id)
        if stored is None or stored.record.revoked_at or (stored.record.tenant != by.tenant and not by.of_the_service):
            raise NotFound("no such key")
        return stored

    async def _everywhere(self) -> None:
        """Tells all instances; those that cannot be told ask the store again by themselves."""
        try:
            await self.invalidate(CHANGED)
        except CacheUnavailable as error:
            self.log.warning("keys_not_told", reason=str(error))

    def _tell(self, event: str, record: KeyRecord, by: Caller) -> None:
        self.log.info(event, key=record.id, tenant=record.tenant, role=record.role, caller=by.id)
