"""The progress of a long work, kept in L2 for whoever goes on with it; and who is at it, one at a time in a region."""

from contextlib import AbstractAsyncContextManager
from typing import Final

from ion_mentoring.caching.guarded import NAMESPACE
from ion_mentoring.caching.leased import exclusive
from ion_mentoring.caching.memorystore import MemorystoreCache

KEPT_S: Final = 86_400  # of a work that nobody goes on with
KEY: Final = NAMESPACE + "progress:"

_NOTE: Final = """
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return {1}
"""
_READ: Final = "return {tonumber(redis.call('GET', KEYS[1]) or '') or 0}"


class Progress:
    """The progress of works of one kind."""

    def __init__(self, l2: MemorystoreCache, kind: str) -> None:
        self._l2 = l2
        self._kind = kind

    def exclusive(self) -> AbstractAsyncContextManager[bool]:
        """True while nobody else is at works of this kind."""
        return exclusive(self._l2, f"alone:{self._kind}")

    async def of(self, work: str) -> int:
        """The progress of a work, 0 where nobody knows."""
        return (await self._l2.guard.evaluate(_READ, (self._key(work),)) or [0])[0]

    async def note(self, work: str, done: int) -> None:
        """Notes how far it has come."""
        await self._l2.guard.evaluate(_NOTE, (self._key(work),), done, KEPT_S)

    def _key(self, work: str) -> str:
        return f"{KEY}{self._kind}:{work}"
