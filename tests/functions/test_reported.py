"""What an instance has for Sentry is sent when it is told to end."""

import asyncio
import os
import signal

import httpx2
import pytest

from tests.functions.conftest import Start
from tests.telemetry.sink import Sink, plain

QUESTION = {"user_input": "How do I prepare for an interview?"}


@pytest.mark.slow
async def test_a_router_that_ends_sends_what_it_counted(start: Start) -> None:
    async with Sink().listening() as sink:
        process, url = await asyncio.to_thread(start, "router", SENTRY_DSN=sink.dsn)
        async with httpx2.AsyncClient(timeout=30) as client:
            for _ in range(3):
                assert (await client.post(f"{url}/api/v2/process", json=QUESTION)).status_code == 200
        assert sink.bodies == []
        os.kill(process.pid, signal.SIGTERM)
        await asyncio.to_thread(process.wait, 30)
        counts = [item for item in await sink.heard("trace_metric", 1, within_s=30) if item["name"] == "ion.persona_process"]
    by_path = {plain(item)["path"]: item["value"] for item in counts}
    assert by_path == {"embedded": 1, "cached": 2}
