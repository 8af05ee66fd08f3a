"""The keys that an instance knows: read from the store at their first use, and again whenever they may have changed.

A known key costs a look into a table, as long as its reading may be relied on; now and then it is read again behind an answer.
While the store does not answer, a key that was known lately goes on for a while, since otherwise nobody could ask anything.
"""

import asyncio
import hashlib
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from ion_mentoring.access.caller import Caller, Role, Scope, qualified
from ion_mentoring.access.key_format import id_of
from ion_mentoring.caching.reliance import Reading, Reliance
from ion_mentoring.errors import StoreUnavailable, Unauthenticated
from ion_mentoring.mentoring.issuing.marks import SecretMarks
from ion_mentoring.records.keys.protocol import KeyRecord, KeyRecords
from ion_mentoring.telemetry.events import EventLog

MOST: Final = 10_000
AHEAD_S: Final = 30.0  # a key that was read longer ago is read again behind an answer
GOES_ON_S: Final = 3_600.0  # without a store
MINUTE_S: Final = 60


class KnownKey(Struct):
    """A key as it was read: `caller` is None for one that opens nothing. It ends at a time in Unix seconds."""

    key_id: str
    caller: Caller | None
    reading: Reading
    ends_at: float
    used_minute: int = 0


class KnownKeys:
    """Names the owners of keys, as long as their readings may be relied on."""

    def __init__(self, keys: KeyRecords, marks: SecretMarks, reliance: Reliance, log: EventLog) -> None:
        self._keys = keys
        self._marks = marks
        self._reliance = reliance
        self._now = reliance.now
        self._log = log
        self._known: OrderedDict[bytes, KnownKey] = OrderedDict()  # by digest
        self._reading: dict[bytes, asyncio.Task[KnownKey]] = {}
        self._noting: set[asyncio.Task[None]] = set()

    async def caller(self, key: str) -> Caller:
        """The owner, without asking where it is known and holds; Unauthenticated for what opens nothing."""
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
        known = self._known.get(digest)
        if known is not None and self._reliance.holds(known.reading):
            return self._opened(digest, key, known)
        key_id = id_of(key)
        if key_id is None:
            raise Unauthenticated("no API key of ours")
        return await self._looked_up(digest, key, key_id)

    async def _looked_up(self, digest: bytes, key: str, key_id: str) -> Caller:
        await self._reliance.asked()
        known = self._known.get(digest)
        if known is None or not self._reliance.holds(known.reading):
            known = await asyncio.shield(self._begun(digest, key, key_id))
        return self._opened(digest, key, known)

    def _begun(self, digest: bytes, key: str, key_id: str) -> "asyncio.Task[KnownKey]":
        """The reading of a key from the store, one for all who wait for it."""
        reading = self._reading.get(digest)
        if reading is None:
            reading = self._reading[digest] = asyncio.get_running_loop().create_task(self._read(digest, key, key_id))
            reading.add_done_callback(lambda done: self._ended(digest, done))
        return reading

    def _ended(self, digest: bytes, done: "asyncio.Task[KnownKey]") -> None:
        self._reading.pop(digest, None)
        if not done.cancelled():
            done.exception()  # whoever waits is told; where nobody does, that is no loss

    async def _read(self, digest: bytes, key: str, key_id: str) -> KnownKey:
        reading = self._reliance.begun()
        before = self._known.get(digest)
        try:
            stored = await self._keys.get(key_id)
        except StoreUnavailable:
            if before is None or self._reliance.age(before.reading) > GOES_ON_S:
                raise
            self._log.warning("key_unverified", key=key_id)
            return before
        caller, ends_at = self._owner(key, stored.record if stored else None)
        known = KnownKey(key_id, caller, reading, ends_at, before.used_minute if before else 0)
        self._known[digest] = known
        self._known.move_to_end(digest, last=caller is not None)  # what opens nothing is the first to go
        if len(self._known) > MOST:
            self._known.popitem(last=False)
        return known

    def _owner(self, key: str, record: KeyRecord | None) -> tuple[Caller | None, float]:
        """The caller that a key is, until when; None where it opens nothing."""
        until = {secret.mac: secret.ends_at for secret in record.secrets} if record else {}
        mark = self._marks.among(key, until)
        if record is None or mark is None:
            return None, float("inf")
        ends_at = min((at.timestamp() for at in (until[mark], record.ends_at) if at), default=float("inf"))
        return (None if ends_at <= self._now() else caller_of(record)), ends_at

    def _opened(self, digest: bytes, key: str, known: KnownKey) -> Caller:
        now = self._now()
        if self._reliance.age(known.reading) > AHEAD_S:
            self._begun(digest, key, known.key_id)
        if known.caller is None or known.ends_at <= now:
            raise Unauthenticated("a key that opens nothing")
        minute = int(now // MINUTE_S)
        if minute > known.used_minute:
            known.used_minute = minute
            self._note(known.key_id, now)
        return known.caller

    def _note(self, key_id: str, now: float) -> None:
        """Notes the use, behind the answer: nobody waits for that, and a note that is lost is followed by the next one."""
        noting = asyncio.get_running_loop().create_task(self._noted(key_id, datetime.fromtimestamp(now, UTC)))
        self._noting.add(noting)
        noting.add_done_callback(self._noting.discard)

    async def _noted(self, key_id: str, at: datetime) -> None:
        try:
            await self._keys.used(key_id, at)
        except StoreUnavailable as error:
            self._log.warning("key_use_unwritten", reason=str(error))


def caller_of(record: KeyRecord) -> Caller:
    """The caller that a key's record makes."""
    return Caller(
        qualified(record.tenant, f"key:{record.id}"),
        frozenset({Role(record.role)}),
        monthly_tokens=record.monthly_tokens,
        tenant=record.tenant,
        scopes=frozenset(map(Scope, record.scopes)),
        per_minute=record.per_minute,
    )
