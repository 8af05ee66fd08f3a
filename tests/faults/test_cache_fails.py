"""The cache server is killed, paused, filled, gives garbage or wants another password: no answer fails, and it comes back."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
import valkey

from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from tests.faults.conftest import Routed, Router
from tests.real_parts.connections import babbling
from tests.real_parts.forwarder import forwarding
from tests.real_parts.valkey import BreakableServer, failed_over, in_step
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor

TIMEOUT_S = 0.1  # of one call to L2
BACK_WITHIN_S = 5.0
SECRET = {"CACHE_KEY_SECRET": "s", "RATE_LIMIT_PER_MINUTE": "100000"}


async def asked(router: Router, times: int) -> list[float]:
    """Seconds that answers took, sorted; each of them has to be one."""
    took = []
    for number in range(times):
        began = time.perf_counter()
        known_or_new = number % 5 if number % 2 else f"{number} at {began}"
        await router.asked(user_input=f"How do I prepare for interview {known_or_new}?")
        took.append(time.perf_counter() - began)
    return sorted(took)


async def figures(router: Router) -> dict[str, int]:
    """What L2 did so far."""
    shown: dict[str, int] = (await router.http.get("/api/v2/cache-stats")).json()["l2"]
    return shown


async def used_again(router: Router) -> float:
    """Seconds until L2 is used again."""
    began = time.perf_counter()
    while time.perf_counter() - began < BACK_WITHIN_S + 1:
        before = await figures(router)
        await router.asked(user_input=f"What do I ask at {time.perf_counter()}?")
        if (await figures(router))["misses"] > before["misses"]:
            return time.perf_counter() - began
        await asyncio.sleep(0.1)
    return float("inf")


def killed(server: BreakableServer) -> Callable[[], None]:
    server.kill()
    return server.start_again


def paused(server: BreakableServer) -> Callable[[], None]:
    pid = server._server._process.pid
    os.kill(pid, signal.SIGSTOP)
    return lambda: os.kill(pid, signal.SIGCONT)


def full(server: BreakableServer) -> Callable[[], None]:
    server.ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
    server.ask("CONFIG", "SET", "maxmemory", "1")
    return lambda: server.ask("CONFIG", "SET", "maxmemory", "0")


def locked(server: BreakableServer) -> Callable[[], None]:
    with valkey.Valkey(port=server.port) as operator:
        operator.config_set("requirepass", "another")
        operator.client_kill_filter(_type="normal", skipme=True)
    return lambda: None


REASONS = {  # whoever is killed may look slow first, where the machine is busy
    killed: ("ConnectionError", "TimeoutError"),
    paused: ("TimeoutError",),
    full: ("OutOfMemoryError",),
    locked: ("AuthenticationError",),
}


@pytest.mark.parametrize("fault", REASONS, ids=lambda fault: fault.__name__)
async def test_answers_go_on_and_wait_no_longer_than_the_set_time(
    routed: Routed,
    vendor: Vendor,
    breakable: Callable[..., BreakableServer],
    fault: Any,
    capfd: pytest.CaptureFixture[str],
) -> None:
    vendor.script = lambda request: Plan(pieces=("well ", "said"))
    server = breakable()
    async with routed(CACHE_URL=server.url, CACHE_LOCAL_ENTRIES="0", **SECRET) as router:
        well = await asked(router, 40)
        before = await figures(router)
        mend = fault(server)
        took = await asked(router, 40)
        assert took[37] - well[37] < TIMEOUT_S + 0.05
        after = await figures(router)
        assert after["failures"] + after["refused"] > before["failures"] + before["refused"], "the fault was noticed"
        told = [json.loads(line) for line in capfd.readouterr().out.splitlines() if '"l2_failed"' in line]
        reasons = {line["reason"] for line in told if line["severity"] == "WARNING"}
        assert reasons & {f"L2: {reason}" for reason in REASONS[fault]}
        parts = (await router.http.get("/api/v2/status")).json()["failing"]["parts"]
        why = parts.get("cache", {}).get("reason", "none")
        assert why == "none" if fault is full else why.startswith("L2: "), "one that is full answers, with a no"
        mend()
        if fault is not locked:
            assert await used_again(router) < BACK_WITHIN_S


async def well_again(router: Router) -> float:
    """Seconds until health says so; it remembers its last look for a moment."""
    began = time.monotonic()
    while (await router.http.get("/api/v2/health")).json()["dependencies"]["cache"] != "ok":
        assert time.monotonic() - began < BACK_WITHIN_S
        await asyncio.sleep(0.1)
    return time.monotonic() - began


async def test_after_a_failover_behind_one_address_l2_is_used_and_told_what_is_void_again(
    routed: Routed, vendor: Vendor, breakable: Callable[..., BreakableServer]
) -> None:
    vendor.script = lambda request: Plan(pieces=("well ", "said"))
    first, second = breakable(), breakable()
    await in_step(first, second)
    async with (
        forwarding(first.port) as address,
        routed(CACHE_URL=address.url, CACHE_LOCAL_ENTRIES="0", **SECRET) as router,
    ):
        await asked(router, 10)
        failed_over(first, second)
        assert (await router.http.get("/api/v2/health")).json()["dependencies"]["cache"] == "down"
        address.to = second.port
        assert await used_again(router) < BACK_WITHIN_S
        assert await well_again(router) < BACK_WITHIN_S
        assert (await router.http.post("/api/v2/cache/invalidate?pattern=*")).status_code == 200
        await router.asked(user_input="And what do I ask then?")
        assert second.ask("INFO", "commandstats")["cmdstat_set"]["calls"] > 0


async def test_garbage_is_no_trouble(routed: Routed, vendor: Vendor) -> None:
    vendor.script = lambda request: Plan(pieces=("well ", "said"))
    async with babbling(b"*3\r\n$1\r\nx\r\n:7\r\n") as url, routed(CACHE_URL=url, **SECRET) as router:
        await asked(router, 40)


async def test_a_thousand_who_ask_the_same_at_once_over_four_instances_are_one_question(
    routed: Routed, vendor: Vendor, breakable: Callable[..., BreakableServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Four instances share one process and one loop here: what takes an instance of its own 0.1 s may take them a while.
    for made in (ValkeyConnection.to, ValkeyConnection.__init__):
        monkeypatch.setitem(made.__kwdefaults__, "timeout_s", 5.0)
    vendor.script = lambda request: Plan(pieces=("well ", "said"), first_s=1.0)
    settings = {"CACHE_URL": breakable().url, **SECRET}
    async with routed(**settings) as one, routed(**settings) as two, routed(**settings) as three, routed(**settings) as four:
        instances = (one, two, three, four)
        answers = await asyncio.gather(*(instances[number % 4].asked() for number in range(1_000)))
    assert {answer["content"] for answer in answers} == {"well said"}
    assert len(vendor.requests) == 1
