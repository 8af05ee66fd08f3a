"""Why recent answers came from whom they came: the record of each, for a day, from whichever instance is asked.

A record holds no words of anybody; the same record serves all answers that were routed alike. In L2 it is sealed, and beside
it lies, for each answer, a slip under a keyed hash of its owner and request, which says where the record is. What is gathered
is sent once in `SEND_EVERY_S` at most, and when the instance ends; one that is killed before takes it along.
"""

import asyncio
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from ion_mentoring.caching.entry import Entry
from ion_mentoring.sealing.keys import CacheKeys

if TYPE_CHECKING:  # who has no L2 does not pay for importing its client
    from ion_mentoring.caching.memorystore import MemorystoreCache

KEPT_S: Final = 86_400.0
REMEMBERED: Final = 10_000  # answers, in the instance, and as many before them
GATHERED: Final = 2_000  # answers between two sendings; of what comes beyond them only this instance knows
SEND_EVERY_S: Final = 1.0
_SLIP: Final = struct.Struct(">d18s")  # when (Unix seconds), and the key of the record


class Explained(NamedTuple):
    """The record of an answer, and when that was given (Unix seconds)."""

    record: bytes
    at: float


Key = tuple[str, str]  # whose answer, and the id of its request


class Explanations:
    """Records by the owner of an answer and the id of its request. `now` is wall-clock time in seconds."""

    def __init__(self, l2: "MemorystoreCache | None", keys: CacheKeys, now: Callable[[], float]) -> None:
        self._l2 = l2
        self._keys = keys
        self._now = now
        self._recent: dict[Key, Explained] = {}
        self._older: dict[Key, Explained] = {}
        self._gathered: dict[Key, Explained] = {}
        self._sent_at = float("-inf")
        self._sending: asyncio.Task[None] | None = None

    def tell(self, owner: str, request_id: str, record: bytes) -> None:
        """Keeps the record of an answer; where it is time, what was gathered is sent."""
        at = self._now()
        key, explained = (owner, request_id), Explained(record, at)
        self._recent[key] = explained
        if len(self._recent) >= REMEMBERED:
            self._recent, self._older = {}, self._recent
        if self._l2 is None:
            return
        if len(self._gathered) < GATHERED:
            self._gathered[key] = explained
        if at - self._sent_at >= SEND_EVERY_S and (self._sending is None or self._sending.done()):
            self._sent_at = at
            self.send_soon()

    def send_soon(self) -> asyncio.Task[None]:
        """Sends what was gathered, in a task of the running loop; what hears of this instance's end calls it."""
        self._sending = asyncio.get_running_loop().create_task(self.send())
        return self._sending

    async def send(self) -> None:
        """Sends what was gathered to L2; without a server to take it, only this instance knows it."""
        gathered, self._gathered = self._gathered, {}
        if self._l2 is None or not gathered:
            return
        records = {explained.record: explained.at for explained in gathered.values()}
        places = {record: self._keys.of(record) for record in records}
        for record, at in records.items():
            await self._l2.put(_record_key(places[record]), Entry(record, at + KEPT_S, at + KEPT_S))
        slips = {self._slip(key): _SLIP.pack(at, bytes.fromhex(places[record])) for key, (record, at) in gathered.items()}
        await self._l2.guard.keep(slips, ttl_ms=int(KEPT_S * 1000))

    async def find(self, owner: str, request_id: str) -> Explained | None:
        """The record of an answer of this owner; None where there is none, or its day is over."""
        key = (owner, request_id)
        explained = self._recent.get(key) or self._older.get(key) or await self._elsewhere(key)
        return explained if explained and self._now() - explained.at < KEPT_S else None

    async def _elsewhere(self, key: Key) -> Explained | None:
        if self._l2 is None:
            return None
        (slip,) = await self._l2.guard.kept([self._slip(key)])
        if slip is None or len(slip) != _SLIP.size:
            return None
        at, place = _SLIP.unpack(slip)
        entry = await self._l2.get(_record_key(place.hex()))
        return Explained(entry.value, at) if entry else None

    def _slip(self, key: Key) -> str:
        owner, request_id = key
        return f"why:{self._keys.key(why=owner, request=request_id)}"


def _record_key(place: str) -> str:
    return f"why:{place}"
