"""The pack of the entries that are asked for most, for instances that start: in L1 with one round trip."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from ion_mentoring.caching.entry import CacheScope

if TYPE_CHECKING:  # who has no L2 does not pay for importing its client
    from ion_mentoring.caching.l2 import L2Tier

Value = TypeVar("Value")

EVERYBODY: Final = CacheScope("")
AT: Final = 2  # the question to L2 before which the pack is read: the first answer shall not wait for it


class Preload(Generic[Value]):
    """Packs entries, and promotes the packed ones; `l2` None makes nothing of either."""

    def __init__(self, l2: "L2Tier[Value] | None", hard_s: float) -> None:
        self._l2 = l2
        self._hard_s = hard_s
        self._questions = 0

    async def pack(self, keys: Sequence[str]) -> None:
        """Packs the entries at keys, the hottest first."""
        if self._l2 and keys:
            await self._l2.server.pack(keys, self._hard_s)

    async def once(self) -> bool:
        """Promotes what was packed, before the second question to L2; True if it did now."""
        self._questions += 1
        if self._l2 is None or self._questions != AT:
            return False
        for key, entry in await self._l2.server.packed():
            self._l2.promote_quietly(key, EVERYBODY, entry)
        return True
