"""The platform's ten seconds, from SIGTERM to SIGKILL: whatever is under way comes to an end that says what to do."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator

import httpx2
import pytest

from tests.functions.conftest import Start, kill
from tests.functions.test_streams import Listener, listening
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor

TEN_S = 10.0
LONG = Plan(pieces=tuple(f"word{number} " for number in range(40)), delay_s=0.7)
OTHER = {"user_input": "What is a good plan for learning Go?"}
SHORT = Plan(pieces=("a short one",))


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor(lambda request: LONG) as serving:
        yield serving


@pytest.fixture
def environ(vendor: Vendor, valkey_port: int) -> dict[str, str]:
    """Instances of one region: they share an L2."""
    model = {"MODEL": "openai:stand-in", "MODEL_URL": f"{vendor.url}/v1"}
    return {**model, "CACHE_URL": f"redis://127.0.0.1:{valkey_port}", "CACHE_KEY_SECRET": "shared"}


@pytest.mark.slow
async def test_what_is_too_long_for_them_ends_with_an_error_and_is_answered_by_another_instance(
    start: Start, environ: dict[str, str], vendor: Vendor
) -> None:
    process, here = await asyncio.to_thread(start, "router", **environ)
    _, there = await asyncio.to_thread(start, "router", **environ)
    async with listening(here, 3) as (listener, task), httpx2.AsyncClient(timeout=30) as client:
        whole = asyncio.create_task(client.post(f"{here}/api/v2/process", json=OTHER))
        while vendor.at_once < 2:
            await vendor.busy()
            await asyncio.sleep(0.05)
        os.kill(process.pid, signal.SIGTERM)
        await asyncio.wait((task, whole), timeout=TEN_S)
        kill(process)
    assert whole.result().status_code == 503
    assert whole.result().json()["error"]["code"] == "SHUTTING_DOWN"
    assert whole.result().headers["retry-after"] == "1"
    assert listener.names[0] == "routing"
    assert listener.names[-1] == "error"
    _, _, last = listener.events[-1]
    assert last["error"]["code"] == "SHUTTING_DOWN"
    assert last["error"]["details"]["retry_after_s"] > 0
    await asyncio.wait_for(vendor.idle(), 2)
    vendor.script = lambda request: SHORT
    again = Listener(there, last_event_id=[id for _, id, _ in listener.events if id][-1])
    began = time.monotonic()
    await asyncio.wait_for(again.listen(), 8)
    assert time.monotonic() - began < 5, "the log says that the stream does not go on"
    assert again.names[-1] == "done"
    assert again.text == "a short one"
