"""P3, P7 and P9: what the rate limit asks L2, what a stampede asks the model, and what an entry of L1 weighs."""

import asyncio
import time
import tracemalloc
from contextlib import AsyncExitStack
from typing import Any, Final

from bench.rows import Row, counted
from bench.unheard import unheard
from ion_mentoring.access.limits_local import LocalRateLimit
from ion_mentoring.access.limits_valkey import SharedRateLimit
from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.caching.entry import NO_EPOCH
from ion_mentoring.caching.l1 import L1Value
from ion_mentoring.caching.local import LocalCache
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.sealing.keys import CacheKeys
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring import clients
from ion_mentoring.wiring.router import build
from tests.fakes import client
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor

INSTANCES: Final = 4
AT_ONCE: Final = 32
SAME: Final = 1_000
ENTRIES: Final = 10_000
QUESTION: Final = {"user_input": "How do I prepare for a job interview?"}


def rows(valkey_port: int) -> list[Row]:
    """All of them; the server is emptied of nothing, and asked on loopback alone."""
    url = f"redis://127.0.0.1:{valkey_port}"
    limited = [asyncio.run(round_trips(url, limit)) for limit in (100, 6_000)]
    with unheard():
        asked = asyncio.run(model_calls(url))
    return [*limited, asked, entry_memory()]


async def round_trips(url: str, limit: int) -> Row:
    """P3: four instances, one caller, and four times as many requests as the limit lets through."""
    asked = passed = 0

    class Counting(ValkeyConnection):
        async def evaluate(self, *arguments: Any) -> list[int]:
            nonlocal asked
            asked += 1
            return await super().evaluate(*arguments)

    async with AsyncExitStack() as opened:

        def instance() -> SharedRateLimit:
            connection = Counting(ValkeyConnection.to(url)._where, timeout_s=2)
            opened.push_async_callback(connection.close)
            breaker, alone = Breaker(failures=3, rest_s=2, now=time.monotonic), LocalRateLimit(0, time.time)
            return SharedRateLimit(connection, breaker, alone, CacheKeys(b"bench"), limit=limit, now=time.time)

        instances = [instance() for _ in range(INSTANCES)]
        for first in range(0, limit * INSTANCES, AT_ONCE):
            taken = (instances[number % INSTANCES].take(f"caller {limit}") for number in range(first, first + AT_ONCE))
            passed += sum(one.allowed for one in await asyncio.gather(*taken))
    if passed > limit:
        raise SystemExit(f"the rate limit let {passed} through, and not {limit}")
    return counted("P3", f"rate limit {limit}: round trips a request", "a request", asked / (limit * INSTANCES), 0.1)


async def model_calls(url: str) -> Row:
    """P7: the same question a thousand times at once over four routers, which nobody knows the answer to."""
    async with Vendor(lambda request: Plan(pieces=("well ", "said"), first_s=1.0)) as vendor, AsyncExitStack() as running:
        environ = {
            "STORE": "sqlite:///:memory:",
            "MODEL": "openai:stand-in",
            "MODEL_URL": f"{vendor.url}/v1",
            "CACHE_URL": url,
            "CACHE_KEY_SECRET": f"bench {time.time()}",
            "RATE_LIMIT_PER_MINUTE": "1000000",
        }
        settings = RouterSettings.read(environ)
        routers = [await running.enter_async_context(client(build(settings))) for _ in range(INSTANCES)]
        ask = (routers[number % INSTANCES].post("/api/v2/process", json=QUESTION, timeout=60) for number in range(SAME))
        answers = await asyncio.gather(*ask)
        calls = len(vendor.requests)
    await clients.close()
    if {answer.json()["content"] for answer in answers} != {"well said"}:
        raise SystemExit("somebody got another answer")
    return counted("P7", f"{SAME} identical misses, {INSTANCES} routers: model calls", "calls", calls, 1)


def entry_memory() -> Row:
    """P9: what an entry of L1 takes beyond its value, which all share here."""
    value = "shared by all"
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    cache: LocalCache[L1Value[str]] = LocalCache(max_bytes=1 << 40, max_entries=ENTRIES, now=time.time)
    for number in range(ENTRIES):
        near = L1Value(value, time.time() + 3_600, NO_EPOCH)
        cache.put(f"{number:024}", near, size=number, expires_at=time.time() + 86_400)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return counted("P9", "bytes of an L1 entry beyond its text", "bytes", (held - before) / ENTRIES, 500)
