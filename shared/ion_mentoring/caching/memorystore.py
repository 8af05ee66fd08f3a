"""L2: answers in the region's Memorystore. Whatever it cannot give, it says is not there, and counts why.

An entry is `ION` and a version byte, the expiry (Unix seconds, so that a copy in L1 never outlives it), a checksum and the
value. Anything else at a key, of another version or damaged, is a miss. Nothing is ever unpickled.
"""

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from ion_mentoring.caching.breaker import Breaker
from ion_mentoring.caching.valkey_client import ValkeyConnection
from ion_mentoring.errors import CacheUnavailable

LAYOUT: Final = b"ION\x01"
NAMESPACE: Final = "ion:1:"
_HEAD: Final = struct.Struct(">4sdI")


@dataclass(frozen=True, slots=True)
class Entry:
    """A value with the time (Unix seconds) at which it ends."""

    value: bytes
    expires_at: float


@dataclass(slots=True)
class Counts:
    """What L2 did so far; `damaged` are misses, too, and `failures` are calls that the server did not answer."""

    hits: int = 0
    misses: int = 0
    damaged: int = 0
    failures: int = 0
    skipped: int = field(default=0)


class MemorystoreCache:
    """Entries behind a breaker; no method raises for a server that is away."""

    def __init__(self, connection: ValkeyConnection, breaker: Breaker, now: Callable[[], float]) -> None:
        self._connection = connection
        self._breaker = breaker
        self._now = now
        self.counts = Counts()

    @property
    def resting(self) -> bool:
        """True while the server is left alone after failures."""
        return self._breaker.open

    async def get(self, key: str) -> Entry | None:
        """The entry at a key, None where there is none that can be used."""
        if not self._breaker.allows():
            self.counts.skipped += 1
            return None
        try:
            stored = await self._connection.get(NAMESPACE + key)
        except CacheUnavailable:
            self._failed()
            return None
        self._breaker.succeeded()
        return self._read(stored)

    async def put(self, key: str, entry: Entry) -> bool:
        """Keeps an entry until it ends; False if it could not."""
        return await self.put_all({key: entry})

    async def put_all(self, entries: Mapping[str, Entry]) -> bool:
        """Keeps entries that end at about the same time in one round trip; False if it could not."""
        ttl_ms = int((min(entry.expires_at for entry in entries.values()) - self._now()) * 1000)
        if ttl_ms <= 0:
            return False
        if not self._breaker.allows():
            self.counts.skipped += 1
            return False
        packed = {NAMESPACE + key: pack(entry) for key, entry in entries.items()}
        try:
            await self._connection.set_all(packed, ttl_ms=ttl_ms)
        except CacheUnavailable:
            self._failed()
            return False
        self._breaker.succeeded()
        return True

    async def reachable(self) -> bool:
        """Whether the server answers now; asked by health checks, and not counted as traffic."""
        try:
            await self._connection.ping()
        except CacheUnavailable:
            return False
        self._breaker.succeeded()
        return True

    def _read(self, stored: bytes | None) -> Entry | None:
        if stored is None:
            self.counts.misses += 1
            return None
        entry = unpack(stored)
        if entry is None:
            self.counts.damaged += 1
        if entry is None or entry.expires_at <= self._now():
            self.counts.misses += 1
            return None
        self.counts.hits += 1
        return entry

    def _failed(self) -> None:
        self.counts.failures += 1
        self._breaker.failed()


def pack(entry: Entry) -> bytes:
    """An entry as L2 keeps it."""
    return _HEAD.pack(LAYOUT, entry.expires_at, zlib.crc32(entry.value)) + entry.value


def unpack(stored: bytes) -> Entry | None:
    """The entry of such bytes, None if they are anything else."""
    if len(stored) < _HEAD.size:
        return None
    layout, expires_at, checksum = _HEAD.unpack_from(stored)
    value = stored[_HEAD.size :]
    if layout != LAYOUT or checksum != zlib.crc32(value):
        return None
    return Entry(value, expires_at)
