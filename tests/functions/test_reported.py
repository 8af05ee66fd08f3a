"""What an instance has for Sentry is sent when it is told to end."""

import asyncio
import os
import signal
from pathlib import Path

import httpx2
import pytest

from tests.functions.conftest import Start
from tests.telemetry.sink import Sink, plain

SLOW = """
import sys, time
class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "sentry_sdk":
            time.sleep(1.5)
sys.meta_path.insert(0, Slow())
"""

QUESTION = {"user_input": "How do I prepare for an interview?"}


@pytest.mark.slow
async def test_a_router_that_ends_sends_what_it_counted_however_long_it_takes_to_begin(start: Start, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW)
    async with Sink().listening() as sink:
        process, url = await asyncio.to_thread(start, "router", SENTRY_DSN=sink.dsn, PYTHONPATH=str(tmp_path))
        async with httpx2.AsyncClient(timeout=30) as client:
            for _ in range(3):
                assert (await client.post(f"{url}/api/v2/process", json=QUESTION)).status_code == 200
        assert sink.bodies == []
        os.kill(process.pid, signal.SIGTERM)
        await asyncio.to_thread(process.wait, 30)
        counts = [item for item in await sink.heard("trace_metric", 1, within_s=30) if item["name"] == "ion.persona_process"]
    by_path = {plain(item)["path"]: item["value"] for item in counts}
    assert by_path == {"embedded": 1, "cached": 2}
