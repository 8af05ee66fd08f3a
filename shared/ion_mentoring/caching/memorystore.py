"""L2: answers in the region's Memorystore. Whatever it cannot give, it says is not there, and counts why."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from ion_mentoring.caching.envelope import Entry, pack, unpack
from ion_mentoring.caching.valkey_client import CacheRefused, ValkeyConnection
from ion_mentoring.errors import CacheUnavailable
from ion_mentoring.resilience.breaker import Breaker

NAMESPACE: Final = "ion:1:"

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class MemorystoreFigures:
    """What L2 did so far.

    `misses` are all reads that gave nothing though the server answered; among them `damaged`, where something was there
    that is no entry of ours. `failures` are calls that were not answered, `refused` those answered with a no, and
    `skipped` those not made, since the server was left alone.
    """

    hits: int = 0
    misses: int = 0
    damaged: int = 0
    failures: int = 0
    refused: int = 0
    skipped: int = 0


class MemorystoreCache:
    """Entries behind a breaker; no method raises for a server that is away. `now` is wall-clock time in seconds."""

    def __init__(self, connection: ValkeyConnection, breaker: Breaker, now: Callable[[], float]) -> None:
        self._connection = connection
        self._breaker = breaker
        self._now = now
        self._hits = self._misses = self._damaged = self._failures = self._refused = self._skipped = 0

    @property
    def resting(self) -> bool:
        """True while the server is left alone after failures, until it has answered again."""
        return self._breaker.open

    async def get(self, key: str) -> Entry | None:
        """The entry at a key, None where there is none that can be used."""
        if not self._allowed():
            return None
        try:
            stored = await self._answer(self._connection.get(NAMESPACE + key))
        except CacheRefused:
            stored = b""  # the key holds another type of value
        except CacheUnavailable:
            return None
        entry = self._read(key, stored)
        if entry is None:
            self._misses += 1
        else:
            self._hits += 1
        return entry

    async def put(self, key: str, entry: Entry) -> bool:
        """Keeps an entry until it ends; False if it could not."""
        return await self.put_many({key: entry})

    async def put_many(self, entries: Mapping[str, Entry]) -> bool:
        """Keeps entries, each until it ends, in one round trip; False if it could not. Entries that have ended are left out."""
        packed = [(NAMESPACE + key, pack(key, entry), self._ttl_ms(entry)) for key, entry in entries.items()]
        alive = [(key, stored, ttl_ms) for key, stored, ttl_ms in packed if ttl_ms > 0]
        if not alive or not self._allowed():
            return False
        try:
            await self._answer(self._sent(alive))
        except CacheUnavailable:
            return False
        return True

    async def reachable(self) -> bool:
        """Whether the server answers now; asked by health checks, and not counted as traffic."""
        try:
            await self._connection.ping()
        except CacheUnavailable:
            return False
        self._breaker.succeeded()
        return True

    def count_unreadable(self) -> None:
        """Counts the last hit as damaged after all: whoever asked could make nothing of its value."""
        self._hits -= 1
        self._misses += 1
        self._damaged += 1

    def figures(self) -> MemorystoreFigures:
        """A snapshot of the counters."""
        return MemorystoreFigures(self._hits, self._misses, self._damaged, self._failures, self._refused, self._skipped)

    def _allowed(self) -> bool:
        allowed = self._breaker.allows()
        self._skipped += not allowed
        return allowed

    async def _sent(self, entries: list[tuple[str, bytes, int]]) -> None:
        if len(entries) > 1:
            return await self._connection.set_many(entries)
        key, stored, ttl_ms = entries[0]
        return await self._connection.set(key, stored, ttl_ms=ttl_ms)

    async def _answer(self, asked: Awaitable[Answer]) -> Answer:
        """What the server says, counted; a refusal is an answer as far as the breaker is concerned."""
        try:
            answer = await asked
        except CacheRefused:
            self._refused += 1
            self._breaker.succeeded()
            raise
        except CacheUnavailable:
            self._failures += 1
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return answer

    def _read(self, key: str, stored: bytes | None) -> Entry | None:
        if stored is None:
            return None
        entry = unpack(key, stored)
        if entry is None:
            self._damaged += 1
            return None
        return entry if entry.expires_at > self._now() else None

    def _ttl_ms(self, entry: Entry) -> int:
        return int((entry.expires_at - self._now()) * 1000)
