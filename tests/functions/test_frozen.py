"""An instance that the platform froze wakes up and knows that time has gone by."""

import asyncio
import os
import signal
from collections.abc import Callable

import httpx2
import pytest

from tests.functions.conftest import Start
from tests.real_parts.valkey import BreakableServer

QUESTION = {"user_input": "How do I prepare for a job interview?"}


@pytest.mark.slow
async def test_an_instance_that_was_frozen_gives_nothing_that_was_invalidated_meanwhile(
    start: Start,
    breakable: Callable[..., BreakableServer],
) -> None:
    settings = {"CACHE_URL": breakable().url, "CACHE_MAX_UNVERIFIED_S": "0.5", "CACHE_KEY_SECRET": "s"}
    (frozen, here), (_, there) = start("router", **settings), start("router", **settings)
    async with httpx2.AsyncClient(trust_env=False, timeout=30) as http:

        async def layer(url: str) -> str | None:
            answer = (await http.post(f"{url}/api/v2/process", json=QUESTION)).json()
            found: str | None = answer["performance"]["cache_layer"]
            return found

        assert [await layer(here) for _ in range(2)] == [None, "L1"]
        os.killpg(frozen.pid, signal.SIGSTOP)
        try:
            assert (await http.post(f"{there}/api/v2/cache/clear")).status_code == 200
            await asyncio.sleep(0.6)
        finally:
            os.killpg(frozen.pid, signal.SIGCONT)
        assert await layer(here) is None
        assert [await layer(here), await layer(there)] == ["L1", "L2"]
