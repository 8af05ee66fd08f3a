"""Making an entry once, over all instances: one holds the lease and makes it, the others wait for what it makes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from ion_mentoring.caching.entry import Entry
from ion_mentoring.caching.memorystore import MemorystoreCache

LEASE_S: Final = 3.0  # how long the death of its holder holds the others up
RENEWALS: Final = 3  # in that time
LOOKS_S: Final = (0.01, 0.02, 0.05, 0.1, 0.2)  # between looks at what another makes; the last one goes on


@dataclass(frozen=True, slots=True)
class Turn:
    """What it has come to: an entry that another made, or our turn to make it, with a token if a lease is held."""

    found: Entry | None = None
    token: int = 0


@asynccontextmanager
async def turn_at(far: MemorystoreCache, key: str, owner: str, patience_s: float) -> AsyncIterator[Turn]:
    """Our turn at a key, or what came of another's; who has waited for `patience_s` seconds goes ahead without a lease."""
    turn = Turn()
    with suppress(TimeoutError):
        async with asyncio.timeout(patience_s):
            turn = await _turn(far, key, owner)
    if not turn.token:
        yield turn
        return
    held = asyncio.create_task(_hold(far, key, turn.token))
    try:
        yield turn
    finally:
        held.cancel()
        await far.release(key, turn.token)


@asynccontextmanager
async def alone(far: MemorystoreCache, key: str) -> AsyncIterator[bool]:
    """True if we are the only one at something, over all instances, until the end; the death of whoever is frees it."""
    token = await far.acquire(key, LEASE_S)
    if not token:
        yield False
        return
    held = asyncio.create_task(_hold(far, key, token))
    try:
        yield True
    finally:
        held.cancel()
        await far.release(key, token)


async def _turn(far: MemorystoreCache, key: str, owner: str) -> Turn:
    looks = 0
    while (token := await far.acquire(key, LEASE_S)) == 0:
        held = True
        while held:
            await asyncio.sleep(LOOKS_S[min(looks, len(LOOKS_S) - 1)])
            looks += 1
            entry, held = await far.awaited(key, owner)
            if entry is not None:
                return Turn(found=entry)
    return Turn(token=token or 0)


async def _hold(far: MemorystoreCache, key: str, token: int) -> None:
    """Holds a lease until somebody ends this, or it is lost."""
    held = True
    while held:
        await asyncio.sleep(LEASE_S / RENEWALS)
        held = await far.renew(key, token, LEASE_S)
