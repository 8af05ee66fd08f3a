"""Work that one does over all instances: under a lease that its holder renews, and that its death frees."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from msgspec import Struct

from ion_mentoring.caching.entry import Entry
from ion_mentoring.caching.memorystore import MemorystoreCache

LEASE_S: Final = 3.0  # how long the death of its holder holds the others up
RENEWALS: Final = 3  # in that time
LOOKS_S: Final = (0.01, 0.02, 0.05, 0.1, 0.2)  # between looks at what another fills; the last one goes on


class Lease(Struct, frozen=True):
    """Our lease to fill an entry, by its token, 0 where none is held; or the entry that another has filled meanwhile."""

    found: Entry | None = None
    token: int = 0


@asynccontextmanager
async def lease(server: MemorystoreCache, key: str, owner: str, patience_s: float) -> AsyncIterator[Lease]:
    """The lease of a key, or the entry of another holder; who has waited for `patience_s` seconds goes ahead without one."""
    mine = Lease()
    with suppress(TimeoutError):
        async with asyncio.timeout(patience_s):
            mine = await _lease(server, key, owner)
    if not mine.token:
        yield mine
        return
    async with _renewed(server, key, mine.token):
        yield mine


@asynccontextmanager
async def exclusive(server: MemorystoreCache, key: str) -> AsyncIterator[bool]:
    """True while we are the only one at something, over all instances; the death of whoever is frees it."""
    token = await server.acquire(key, LEASE_S)
    if not token:
        yield False
        return
    async with _renewed(server, key, token):
        yield True


@asynccontextmanager
async def _renewed(server: MemorystoreCache, key: str, token: int) -> AsyncIterator[None]:
    renewing = asyncio.create_task(_renew(server, key, token))
    try:
        yield
    finally:
        renewing.cancel()
        await server.release(key, token)


async def _lease(server: MemorystoreCache, key: str, owner: str) -> Lease:
    looks = 0
    while (token := await server.acquire(key, LEASE_S)) == 0:
        held = True
        while held:
            await asyncio.sleep(LOOKS_S[min(looks, len(LOOKS_S) - 1)])
            looks += 1
            entry, held = await server.awaited(key, owner)
            if entry is not None:
                return Lease(found=entry)
    return Lease(token=token or 0)


async def _renew(server: MemorystoreCache, key: str, token: int) -> None:
    """Renews a lease until somebody ends this, or it is lost."""
    held = True
    while held:
        await asyncio.sleep(LEASE_S / RENEWALS)
        held = await server.renew(key, token, LEASE_S)
