"""P12: how much later the first text comes through router and persona function than from the model itself."""

import asyncio
import time
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx2

from bench.rows import Row, difference
from bench.serving import served, vendor

ROOT: Final = Path(__file__).resolve().parent.parent
FIRST_S: Final = 0.05  # how long the stand-in model takes to its first text
SEQUENTIAL: Final = 100
AT_ONCE: Final = 20
WAVES: Final = 10
MOST_MS: Final = 10.0

Body = Callable[[int], Mapping[str, Any]]


def rows() -> list[Row]:
    """The goal for one stream at a time, and for twenty at once."""
    with vendor("--first-s", str(FIRST_S), "--pieces", "5") as address:
        model = {"MODEL": "openai:stand-in", "MODEL_URL": f"{address}/v1", "STORE": "sqlite:///:memory:"}
        with served(ROOT / "functions/lua/main.py", model) as lua:
            environ = {**model, "PERSONA_URL_LUA": str(lua.base_url).rstrip("/")}
            with served(ROOT / "functions/router/main.py", environ) as router:
                return asyncio.run(_measured(address, str(router.base_url).rstrip("/")))


async def _measured(address: str, router: str) -> list[Row]:
    numbers = count()

    def direct(number: int) -> Mapping[str, Any]:
        return {"model": "m", "stream": True, "messages": [{"role": "user", "content": f"question {number}"}]}

    def asked(number: int) -> Mapping[str, Any]:
        return {"user_input": f"How do I prepare for talk {number}?", "persona": "lua"}

    limits = httpx2.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE, keepalive_expiry=1.0)
    async with httpx2.AsyncClient(timeout=30, trust_env=False, limits=limits) as client:

        async def pair() -> tuple[float, float]:
            number = next(numbers)
            beside = await _first_text_ms(client, f"{address}/v1/chat/completions", direct(number), b'"content": "One')
            ours = await _first_text_ms(
                client, f"{router}/api/v2/process".replace("//api", "/api"), asked(number), b'"text":"One'
            )
            return beside, ours

        for _ in range(5):
            await pair()  # what is loaded at the first request is P6's and P4's subject
        alone = [await pair() for _ in range(SEQUENTIAL)]
        crowd = [one for _ in range(WAVES) for one in await asyncio.gather(*(pair() for _ in range(AT_ONCE)))]
    return [
        difference("P12", "first text of a stream, one at a time", alone, MOST_MS),
        difference("P12", f"the same, {AT_ONCE} at once, both functions on one core", crowd, None),
    ]


async def _first_text_ms(client: httpx2.AsyncClient, url: str, body: Mapping[str, Any], mark: bytes) -> float:
    """Milliseconds from the asking to the first bytes of text; the rest is read, so that the connection can be kept."""
    headers = {"accept": "text/event-stream"}
    started, first_ms, heard = time.perf_counter(), 0.0, b""
    async with client.stream("POST", url, json=dict(body), headers=headers) as response:
        async for part in response.aiter_bytes():
            heard += part
            if not first_ms and mark in heard:
                first_ms = 1000 * (time.perf_counter() - started)
    if not first_ms or response.status_code != httpx2.codes.OK:
        raise SystemExit(f"no text came from {url}: {heard[-300:]!r}")
    return first_ms
