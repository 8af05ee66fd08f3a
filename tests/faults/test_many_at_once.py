"""Eighty at once while each waits two seconds for its model; a bounded queue; and whoever is beyond it hears so at once."""

import asyncio
import json
import time
from pathlib import Path

import httpx2
import pytest

from tests.faults.conftest import QUESTION, Routed
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor


def resident_mib() -> float:
    """What this process holds in memory now, in MiB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


def question(number: int) -> dict[str, object]:
    return {**QUESTION, "user_input": f"{QUESTION['user_input']} ({number})"}


async def test_eighty_wait_for_their_models_together_and_health_does_not_wait_at_all(routed: Routed, vendor: Vendor) -> None:
    vendor.script = lambda request: Plan(first_s=2)
    async with routed() as router:
        await router.http.get("/api/v2/health")
        started = time.monotonic()
        asking = [asyncio.create_task(router.http.post("/api/v2/process", json=question(n), timeout=60)) for n in range(80)]
        slowest = 0.0
        while not all(one.done() for one in asking):
            asked = time.monotonic()
            assert (await router.http.get("/api/v2/health")).json()["status"] == "healthy"
            slowest = max(slowest, time.monotonic() - asked)
            await asyncio.sleep(0.05)
        took = time.monotonic() - started
    answers = [(await one).json() for one in asking]
    assert all(answer["metadata"]["degraded"] == [] for answer in answers)
    assert took < 4, "they wait together, not one after the other"
    assert slowest < 1.5, "health waits for no model, however busy the machine is"
    assert vendor.most_at_once == 80


async def test_beyond_the_queue_there_is_a_clear_no_and_nobody_else_suffers(routed: Routed, vendor: Vendor) -> None:
    vendor.script = lambda request: Plan(first_s=0.5)
    async with routed(ANSWERS_AT_ONCE="4", ANSWERS_WAITING="8") as router:
        responses = await asyncio.gather(
            *(router.http.post("/api/v2/process", json=question(number), timeout=60) for number in range(30))
        )
    refused = [response for response in responses if response.status_code == 503]
    assert len(refused) == 30 - 4 - 8
    assert all(response.json()["error"]["code"] == "OVERLOADED" for response in refused)
    assert all(int(response.headers["retry-after"]) >= 1 for response in refused)
    assert vendor.most_at_once == 4
    assert sum(response.status_code == 200 for response in responses) == 12


async def test_a_stream_beyond_the_queue_ends_with_the_same_no(routed: Routed, vendor: Vendor) -> None:
    vendor.script = lambda request: Plan(first_s=0.3)
    async with routed(ANSWERS_AT_ONCE="1", ANSWERS_WAITING="0") as router:
        first = asyncio.create_task(router.asked())
        await vendor.busy()
        events = await router.streamed(user_input="another question")
        await first
    assert [name for name, _ in events] == ["routing", "error"]
    assert events[-1][1]["error"]["code"] == "OVERLOADED"
    assert events[-1][1]["error"]["details"]["retry_after_s"] > 0


@pytest.mark.proof
async def test_memory_stays_flat_under_waiting_requests(routed: Routed, vendor: Vendor) -> None:
    vendor.script = lambda request: Plan(first_s=0.05, pieces=("word ",) * 20)

    async def wave(router: object, first: int) -> None:
        bodies = [json.dumps(question(number)) for number in range(first, first + 80)]
        http: httpx2.AsyncClient = router.http  # type: ignore[attr-defined]
        headers = {"content-type": "application/json", "accept": "text/event-stream"}
        await asyncio.gather(*(http.post("/api/v2/process", content=body, headers=headers, timeout=60) for body in bodies))

    async with routed(CACHE_LOCAL_BYTES="100000") as router:
        for number in range(3):
            await wave(router, 80 * number)
        settled = resident_mib()
        for number in range(3, 7):
            await wave(router, 80 * number)
        grown = resident_mib() - settled
    assert grown < 12, f"{grown:.1f} MiB more after 320 streamed answers"
