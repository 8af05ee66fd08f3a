"""The same look-ups in our cache, in cashews, in aiocache, in cachetools and in a dictionary, which is the limit.

Keys by Zipf's law, all of them kept; a second is the number of look-ups that hit in one process and one task.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import cachetools
import cashews
import numpy as np
from aiocache import SimpleMemoryCache

from ion_mentoring.caching.entry import CacheScope
from ion_mentoring.caching.epochs import Epochs
from ion_mentoring.caching.fill_once import FillOnce
from ion_mentoring.caching.freshness import Freshness, Times
from ion_mentoring.caching.l1 import L1Value
from ion_mentoring.caching.local import LocalCache
from ion_mentoring.caching.two_tier import TwoTierCache

KEYS: Final = 10_000
SCOPE: Final = CacheScope("lua:ko:calm-medium-learning")

Get = Callable[[str], Awaitable[Any]]
Put = Callable[[str, str], Awaitable[Any]]


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="bench.compare_caches")
    parser.add_argument("--lookups", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    asyncio.run(compared(asked.lookups, asked.rounds))
    return 0


async def compared(lookups: int, rounds: int) -> None:
    """Each in turn, the best of its rounds."""
    dice = np.random.default_rng(1)
    weights = 1 / np.arange(1, KEYS + 1)
    keys = [str(key) for key in dice.choice(KEYS, lookups, p=weights / weights.sum())]
    print(f"{'':<24} {'look-ups/s':>12} {'p50 us':>8} {'p99 us':>8}")
    for name, (get, put) in subjects().items():
        for key in range(KEYS):
            await put(str(key), "value")
        best = max([await _measured(get, keys) for _ in range(rounds)])
        print(f"{name:<24} {best[0]:>12,.0f} {best[1]:>8.2f} {best[2]:>8.2f}")


async def _measured(get: Get, keys: list[str]) -> tuple[float, float, float]:
    began = time.perf_counter()
    for key in keys:
        if await get(key) is None:
            raise SystemExit("a look-up missed, so that this would measure something else")
    a_second = len(keys) / (time.perf_counter() - began)
    took = []
    for key in keys[:20_000]:
        began = time.perf_counter()
        await get(key)
        took.append((time.perf_counter() - began) * 1e6)
    took.sort()
    return a_second, took[len(took) // 2], took[len(took) * 99 // 100]


def subjects() -> dict[str, tuple[Get, Put]]:
    """A way to get and a way to put for each."""
    return {
        "dictionary": _plain({}),
        "cachetools LRU, TTL": _plain(cachetools.TTLCache(2 * KEYS, 3_600)),
        "ours, L1": _ours(),
        "aiocache, memory": _aiocache(),
        "cashews, memory": _cashews(),
    }


def _plain(kept: Any) -> tuple[Get, Put]:
    async def get(key: str) -> Any:
        return kept.get(key)

    async def put(key: str, value: str) -> None:
        kept[key] = value

    return get, put


def _ours() -> tuple[Get, Put]:
    kept: LocalCache[L1Value[str]] = LocalCache(max_bytes=1 << 40, max_entries=2 * KEYS, now=time.time)
    freshness = Freshness(Times(3_600, 86_400), time.time, lambda: 1.0)
    cache: TwoTierCache[str] = TwoTierCache(kept, None, Epochs(5, time.time), freshness, encode=str.encode, decode=bytes.decode)
    fill = FillOnce(cache)

    async def get(key: str) -> Any:
        return cache.look(key, SCOPE)

    async def put(key: str, value: str) -> None:
        async with fill.turn(key, SCOPE, 1) as turn:
            await fill.keep(turn, value)

    return get, put


def _aiocache() -> tuple[Get, Put]:
    cache = SimpleMemoryCache()
    return cache.get, lambda key, value: cache.set(key, value, ttl=3_600)


def _cashews() -> tuple[Get, Put]:
    cache = cashews.Cache()
    cache.setup("mem://", size=2 * KEYS)
    return cache.get, lambda key, value: cache.set(key, value, expire=3_600)


if __name__ == "__main__":
    raise SystemExit(main())
