"""The reach of an instance to what it shares with others: each gives a ping, and health is the list of them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.records.conversations.stored import StoredConversations
from ion_mentoring.resilience.remembered import Remembered

STORE_TIMEOUT_S: Final = 2.0
REMEMBERED_S: Final = 2.0  # anybody may ask, as often as he likes: what that costs must not reach the store
NOBODY: Final = "health"  # the name of no conversation


Ping = Callable[[], Awaitable[str]]  # `ok`, `down`, or `off` for what there is none of
States = Mapping[str, str]


def reach(pings: Mapping[str, Ping], now: Callable[[], float]) -> Remembered[States]:
    """The states by name; all are pinged at once, and again only after `REMEMBERED_S` seconds of the monotonic clock `now`."""

    async def pinged() -> States:
        return dict(zip(pings, await asyncio.gather(*(ping() for ping in pings.values())), strict=True))

    return Remembered(pinged, REMEMBERED_S, now)


def store_ping(conversations: StoredConversations) -> Ping:
    """A ping of the store that keeps conversations."""

    async def ping() -> str:
        try:
            async with asyncio.timeout(STORE_TIMEOUT_S):
                await conversations.recent(NOBODY, 1)
        except (StoreUnavailable, TimeoutError):
            return "down"
        return "ok"

    return ping
