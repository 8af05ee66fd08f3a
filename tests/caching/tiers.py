"""Both tiers as wiring makes them, for as many instances over one server as a test wants."""

from collections.abc import Callable
from typing import TypeVar

from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.caching.entry import CacheScope
from ion_mentoring.caching.envelope import Envelopes
from ion_mentoring.caching.epochs import Epochs
from ion_mentoring.caching.fill_once import FillOnce
from ion_mentoring.caching.freshness import Freshness, Times
from ion_mentoring.caching.l1 import L1Value
from ion_mentoring.caching.local import LocalCache
from ion_mentoring.caching.memorystore import MemorystoreCache
from ion_mentoring.caching.two_tier import TwoTierCache
from ion_mentoring.mentoring.answering.values import decode_reply, encode_reply
from ion_mentoring.personas.contract import Reply
from ion_mentoring.resilience.breaker import Breaker
from tests.fakes import Clock

REST_S = 2.0
UNVERIFIED_S = 5.0
SECRET = b"secret"
TIMES = Times(soft_s=60.0, hard_s=600.0)
ANYBODYS = CacheScope("lua:ko:calm-medium-learning")

Value = TypeVar("Value")
Decode = Callable[[bytes], str]


def far_tier(connection: ValkeyConnection, clock: Clock, epochs: Epochs | None = None) -> MemorystoreCache:
    """L2 behind a breaker whose clock the test ticks."""
    known = epochs or Epochs(UNVERIFIED_S, clock)
    return MemorystoreCache(connection, Breaker(failures=3, rest_s=REST_S, now=clock), Envelopes(SECRET), known, clock)


def instance_of(
    connection: ValkeyConnection | None, clock: Clock, *, decode: Decode = bytes.decode, chance: float = 1.0
) -> TwoTierCache[str]:
    """The cache of one instance; with a `chance` of 1 nothing is renewed early."""
    return _over(connection, clock, str.encode, decode, chance)


def replies(connection: ValkeyConnection | None, clock: Clock) -> TwoTierCache[Reply]:
    """The cache of one instance for what personas reply."""
    return _over(connection, clock, encode_reply, decode_reply, 1.0)


def _over(
    connection: ValkeyConnection | None,
    clock: Clock,
    encode: Callable[[Value], bytes],
    decode: Callable[[bytes], Value],
    chance: float,
) -> TwoTierCache[Value]:
    kept: LocalCache[L1Value[Value]] = LocalCache(max_bytes=1_000_000, max_entries=100, now=clock)
    epochs = Epochs(UNVERIFIED_S, clock)
    server = far_tier(connection, clock, epochs) if connection else None
    return TwoTierCache(kept, server, epochs, Freshness(TIMES, clock, lambda: chance), encode=encode, decode=decode)


async def make(cache: TwoTierCache[str], key: str, value: str, scope: CacheScope = ANYBODYS) -> bool:
    """Makes a value in an instance's turn; whether L2 has it then."""
    fill = FillOnce(cache)
    async with fill.turn(key, scope, patience_s=1) as turn:
        assert turn.found is None
        return await fill.keep(turn, value)
