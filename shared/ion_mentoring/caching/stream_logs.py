"""The logs of recent streams, so that a client that lost its connection gets the rest, from whichever instance it comes to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from pydantic import TypeAdapter

from ion_mentoring.caching.entry import Entry
from ion_mentoring.caching.local import LocalCache

if TYPE_CHECKING:  # who has no L2 does not pay for importing its client
    from ion_mentoring.caching.memorystore import MemorystoreCache

KEPT_S: Final = 300.0

State = Literal["running", "ended", "cut"]


@dataclass(frozen=True, slots=True)
class StreamLog:
    """One stream so far: `owner` is an opaque mark of who asked what, `events` are names and JSON data in order.

    `cut` is a stream whose client left before its end: it will not go on.
    """

    owner: str
    state: State
    events: tuple[tuple[str, str], ...]


_LOG: Final = TypeAdapter(StreamLog)


class StreamLogs:
    """Journals by the key of their stream, for `KEPT_S` seconds from the last writing; `now` is wall-clock time in seconds."""

    def __init__(self, l1: LocalCache[StreamLog], l2: "MemorystoreCache | None", now: Callable[[], float]) -> None:
        self._l1 = l1
        self._l2 = l2
        self._now = now

    async def write(self, key: str, log: StreamLog) -> None:
        """Keeps a stream as far as it has come, here and for the other instances."""
        ends_at = self._now() + KEPT_S
        entry = Entry(_LOG.dump_json(log), expires_at=ends_at, soft_until=ends_at)
        self._l1.put(key, log, size=len(entry.value), expires_at=entry.expires_at)
        if self._l2:
            await self._l2.put(key, entry)

    async def read(self, key: str) -> StreamLog | None:
        """A stream as far as it is known: its own instance knows best, so that nothing from L2 is kept here."""
        kept = self._l1.get(key)
        if kept is not None:
            return kept.value
        entry = await self._l2.get(key) if self._l2 else None
        if entry is None:
            return None
        try:
            return _LOG.validate_json(entry.value)
        except ValueError:
            return None
