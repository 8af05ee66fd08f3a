"""L2: entries in the region's Memorystore. Whatever it cannot give, it says is not there, and counts why."""

import secrets
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from msgspec import Struct

from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.caching.entry import Entry
from ion_mentoring.caching.envelope import Envelopes
from ion_mentoring.caching.epochs import BEGIN, INVALIDATE, Epochs
from ion_mentoring.caching.guarded import NAMESPACE, GuardedServer
from ion_mentoring.caching.leases import ACQUIRE, KEEP, RELEASE, RENEW
from ion_mentoring.caching.pack import packed, unpacked
from ion_mentoring.caching.reads import SharedReads, Values
from ion_mentoring.errors import CacheUnavailable
from ion_mentoring.resilience.breaker import Breaker

EPOCHS: Final = NAMESPACE + "epochs"
PACK: Final = NAMESPACE + "pack"
LONGEST_S: Final = 86_400 * 30  # as settings allow: no entry lives longer
SALT_BYTES: Final = 16
ERA_BITS: Final = 40  # Lua's JSON keeps 14 digits

Answer = TypeVar("Answer")


class MemorystoreFigures(Struct, frozen=True):
    """The figures of L2 so far.

    `misses` are all reads that gave nothing though the server answered; among them `damaged`, where something was there
    that is no entry of ours, and `void`, where it had been invalidated. `failures` are calls that were not answered,
    `refused` those answered with a no, and `skipped` those not made, since the server was left alone. `round_trips` are
    those of reads.
    """

    hits: int = 0
    misses: int = 0
    damaged: int = 0
    void: int = 0
    failures: int = 0
    refused: int = 0
    skipped: int = 0
    round_trips: int = 0


class MemorystoreCache:
    """Entries; no read or write of them raises for a server that is away. `now` is wall-clock time in seconds.

    Every read brings what was invalidated lately to `epochs`, which are whoever's who decides what holds. `guard` is the
    server behind its breaker; `tell` hears why a call failed.
    """

    def __init__(
        self,
        connection: ValkeyConnection,
        breaker: Breaker,
        envelopes: Envelopes,
        epochs: Epochs,
        now: Callable[[], float],
        tell: Callable[[str], None] = lambda _reason: None,
    ) -> None:
        self.guard = GuardedServer(connection, breaker, tell)
        self._connection = connection
        self._envelopes = envelopes
        self._epochs = epochs
        self._now = now
        self._reads = SharedReads(self._read)
        self._hits = self._misses = self._damaged = self._void = 0

    async def get(self, key: str, owner: str = "") -> Entry | None:
        """The entry at a key, None where there is none that can be used."""
        values = await self._values(_entry_key(key), _salt_key(owner)) if owner else await self._values(_entry_key(key))
        if values is None:
            return None
        stored, salt = values[0], values[1] if owner else b""
        entry = None if stored is None or salt is None else self._opened(key, stored, salt)
        if entry is None:
            self._misses += 1
        else:
            self._hits += 1
        return entry

    async def verify(self) -> bool:
        """Brings what was invalidated lately; False if the server could not be asked."""
        return await self._values() is not None

    async def put(self, key: str, entry: Entry, owner: str = "", *, token: int = 0) -> bool:
        """Keeps an entry until it ends; False if it could not.

        With the token of its lease it is kept only by whoever holds that still, and the lease is given back.
        """
        ttl_ms = int((entry.expires_at - self._now()) * 1000)
        if ttl_ms <= 0 or not self.guard.allowed():
            return False
        try:
            salt = await self.guard.answered(self._salt(owner)) if owner else b""
            packed = self._envelopes.pack(key, entry, salt)
            return await self.guard.answered(self._kept(key, packed, ttl_ms, token))
        except CacheUnavailable:
            return False

    async def acquire(self, key: str, for_s: float) -> int | None:
        """The token of a new lease, greater than any before; 0 while another holds it, None where none is to be had."""
        return await self._asked_of_lease(ACQUIRE, key, int(for_s * 1000))

    async def renew(self, key: str, token: int, for_s: float) -> bool:
        """Holds a lease on; False if it is lost, or may be."""
        return bool(await self._asked_of_lease(RENEW, key, token, int(for_s * 1000)))

    async def release(self, key: str, token: int) -> None:
        """Gives a lease back, if it is still held."""
        await self._asked_of_lease(RELEASE, key, token)

    async def awaited(self, key: str, owner: str = "") -> tuple[Entry | None, bool]:
        """The entry that somebody else may have made by now, and whether somebody holds the lease to make it."""
        values = await self._values(_lease_key(key), _entry_key(key), *([_salt_key(owner)] if owner else []))
        if values is None:
            return None, False
        held, stored, salt = (*values, b"")[:3]
        entry = None if stored is None or salt is None else self._opened(key, stored, salt)
        return entry, held is not None

    async def invalidate(self, pattern: str) -> None:
        """Makes void whatever is about something that the pattern matches; CacheUnavailable if that cannot be recorded."""
        era = secrets.randbits(ERA_BITS)
        await self.guard.answered(self._connection.evaluate(INVALIDATE, EPOCHS, pattern, LONGEST_S, era))
        await self.verify()

    async def forget(self, owner: str) -> None:
        """Makes an owner's entries unreadable for ever, by dropping the salt of their keys; CacheUnavailable if it cannot."""
        await self.guard.answered(self._connection.delete(_salt_key(owner)))

    async def pack(self, keys: Sequence[str], for_s: float) -> None:
        """Packs the entries at keys, the first ones first, for instances that start."""
        stored = await self.guard.quietly(lambda: self._connection.get_many([_entry_key(key) for key in keys])) or []
        whole = packed((key, value) for key, value in zip(keys, stored, strict=False) if value is not None)
        await self.guard.quietly(lambda: self._connection.set(PACK, whole, ttl_ms=int(for_s * 1000)))

    async def packed(self) -> list[tuple[str, Entry]]:
        """The entries of the pack that have not ended."""
        whole = await self.guard.quietly(lambda: self._connection.get(PACK)) or b""
        opened = ((key, self._envelopes.unpack(key, stored)) for key, stored in unpacked(whole))
        return [(key, entry) for key, entry in opened if entry and entry.expires_at > self._now()]

    def count_unreadable(self) -> None:
        """Counts the last hit as damaged after all: whoever asked could make nothing of its value."""
        self._hits -= 1
        self._misses += 1
        self._damaged += 1

    def count_void(self) -> None:
        """Counts the last hit as invalidated after all."""
        self._hits -= 1
        self._misses += 1
        self._void += 1

    def figures(self) -> MemorystoreFigures:
        """A snapshot of the counters."""
        return MemorystoreFigures(
            self._hits,
            self._misses,
            self._damaged,
            self._void,
            self.guard.failures,
            self.guard.refused,
            self.guard.skipped,
            self._reads.round_trips,
        )

    async def _values(self, *keys: str) -> Values | None:
        """The values at keys, in a round trip with other readers and with what was invalidated; None if there are none."""
        if not self.guard.allowed():
            return None
        asked_at = self._now()
        try:
            epochs, *values = await self._reads.read(EPOCHS, *keys)
            if not self._epochs.learn(epochs, asked_at):
                await self._begin()
        except CacheUnavailable:
            return None
        return values

    async def _kept(self, key: str, packed: bytes, ttl_ms: int, token: int) -> bool:
        if not token:
            await self._connection.set(_entry_key(key), packed, ttl_ms=ttl_ms)
            return True
        return await self._connection.evaluate(KEEP, (_entry_key(key), _lease_key(key)), packed, ttl_ms, token) == [1]

    async def _asked_of_lease(self, script: str, key: str, *arguments: int) -> int | None:
        if not self.guard.allowed():
            return None
        try:
            (said,) = await self.guard.answered(self._connection.evaluate(script, _lease_key(key), *arguments))
        except (CacheUnavailable, ValueError):
            return None
        return said

    async def _begin(self) -> None:
        """Begins an era where the server has lost the last one, or never had one."""
        await self.guard.answered(self._connection.evaluate(BEGIN, EPOCHS, secrets.randbits(ERA_BITS)))
        asked_at = self._now()
        (epochs,) = await self._reads.read(EPOCHS)
        self._epochs.learn(epochs, asked_at)

    async def _read(self, keys: Sequence[str]) -> Values:
        return await self.guard.answered(self._connection.get_many(keys))

    async def _salt(self, owner: str) -> bytes:
        salt = secrets.token_bytes(SALT_BYTES)
        return await self._connection.keep_first(_salt_key(owner), salt, ttl_ms=LONGEST_S * 1000)

    def _opened(self, key: str, stored: bytes, salt: bytes) -> Entry | None:
        entry = self._envelopes.unpack(key, stored, salt)
        if entry is None:
            self._damaged += 1
            return None
        return entry if entry.expires_at > self._now() else None


def _entry_key(key: str) -> str:
    """The key of an entry: in one slot of a cluster with its lease."""
    return f"{NAMESPACE}{{{key}}}"


def _lease_key(key: str) -> str:
    return f"{NAMESPACE}{{{key}}}:lease"


def _salt_key(owner: str) -> str:
    return f"{NAMESPACE}owner:{owner}"
