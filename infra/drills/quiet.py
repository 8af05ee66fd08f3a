"""The quiet of a board: a set that is well and rings nothing, for a while on end."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

import httpx2

LOOKS_EVERY_S: Final = 1.0

Troubles = Callable[[], Awaitable[list[str]]]


async def troubles(client: httpx2.AsyncClient) -> list[str]:
    """The trouble that a set's board shows now: a health that is not well, the alerts that ring. Empty where it is quiet."""
    try:
        health = (await client.get("/api/v2/health")).json()
        status = (await client.get("/api/v2/status")).json()
    except (httpx2.HTTPError, ValueError):
        return ["no answer"]
    state = str(health.get("status"))
    return [*([] if state == "healthy" else [state]), *(f"alert {one['name']}" for one in status.get("alerts", ()))]


async def quiet(
    look: Troubles,
    *,
    for_s: float,
    within_s: float,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> list[str]:
    """Wait until there was no trouble for `for_s` seconds on end, at most `within_s`; the last trouble where it never was so.

    `now` is a monotonic clock in seconds, `sleep` takes seconds.
    """
    began = since = now()
    last: list[str] = []
    while True:
        if found := await look():
            last, since = found, now()
        elif now() - since >= for_s:
            return []
        if now() - began >= within_s:
            return last or ["not looked at for long enough"]
        if found or now() - since < for_s:
            await sleep(LOOKS_EVERY_S)
