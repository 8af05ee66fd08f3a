"""The reach of an instance to what it shares with others: the second tier of its cache, and the store."""

import asyncio
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from ion_mentoring.caching.two_tier import TwoTierCache
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.records.conversations.protocol import ConversationId, Conversations
from ion_mentoring.resilience.remembered import Remembered

STORE_TIMEOUT_S: Final = 2.0
REMEMBERED_S: Final = 2.0  # anybody may ask, as often as he likes: what that costs must not reach the store
NOBODY: Final = ConversationId("health", "health")


class States(NamedTuple):
    """The states of the two: ok or down, and `off` for a tier that there is none of."""

    cache: str
    store: str


def reach(cache: TwoTierCache[Any], conversations: Conversations, now: Callable[[], float]) -> Remembered[States]:
    """Asks both at once, and again only after `REMEMBERED_S` seconds of the monotonic clock `now`."""

    async def looked() -> States:
        return States(*await asyncio.gather(cache.l2_state(), _store(conversations)))

    return Remembered(looked, REMEMBERED_S, now)


async def _store(conversations: Conversations) -> str:
    try:
        async with asyncio.timeout(STORE_TIMEOUT_S):
            await conversations.recent(NOBODY, 1)
    except (StoreUnavailable, TimeoutError):
        return "down"
    return "ok"
