"""L1: a segmented least-recently-used cache in the instance, bounded in entries and in bytes, with a time for each entry.

What is new lies on probation; what is asked for again is protected, and pushes out nothing but what was protected before. So a
pass of keys that nobody asks for again leaves the popular ones alone (Karedla, Love, Wherry: Caching strategies to improve disk
system performance, IEEE Computer 27(3), 1994).
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Generic, NamedTuple, TypeVar

from msgspec import Struct

Value = TypeVar("Value")

ENTRY_OVERHEAD: Final = 500  # bytes that an entry is charged beyond its value: key, record, place in the order
PROTECTED: Final = 0.8  # of all bytes and entries, at most


class LocalFigures(Struct, frozen=True):
    """The figures of an L1: its look-ups so far and its contents; `size` in bytes, overhead included."""

    hits: int
    misses: int
    evictions: int
    entries: int
    size: int


class Kept(NamedTuple, Generic[Value]):
    """A value, whatever it is, with the time (Unix seconds) at which it ends and the bytes that it is charged."""

    value: Value
    expires_at: float
    size: int


class _Segment(Generic[Value]):
    """Entries in the order in which they were last asked for, and the bytes of all of them."""

    __slots__ = ("entries", "size")

    def __init__(self) -> None:
        self.entries: OrderedDict[str, Kept[Value]] = OrderedDict()
        self.size = 0

    def add(self, key: str, kept: Kept[Value]) -> None:
        self.entries[key] = kept
        self.size += kept.size

    def take(self, key: str) -> Kept[Value] | None:
        kept = self.entries.pop(key, None)
        if kept is not None:
            self.size -= kept.size
        return kept

    def take_oldest(self) -> tuple[str, Kept[Value]]:
        key, kept = self.entries.popitem(last=False)
        self.size -= kept.size
        return key, kept


class LocalCache(Generic[Value]):
    """Values by key. `now` is wall-clock time in seconds, since an instance may be frozen between two reads."""

    def __init__(self, *, max_bytes: int, max_entries: int, now: Callable[[], float]) -> None:
        self.max_bytes = max_bytes
        self._max_entries = max_entries
        self._now = now
        self._probation: _Segment[Value] = _Segment()
        self._protected: _Segment[Value] = _Segment()
        self._lock = threading.Lock()
        self._hits = self._misses = self._evictions = 0

    def get(self, key: str) -> Kept[Value] | None:
        """The value as it is kept, so that even None is a hit; None where there is none or its time is over."""
        with self._lock:
            kept = self._protected.entries.get(key)
            if kept is not None and kept.expires_at > self._now():
                self._protected.entries.move_to_end(key)
                self._hits += 1
                return kept
            kept = self._take(key)
            if kept is None or kept.expires_at <= self._now():
                self._misses += 1
                return None
            self._protect(key, kept)
            self._hits += 1
            return kept

    def __contains__(self, key: str) -> bool:
        """True if something is kept at a key; says nothing of its time, and counts as no look-up."""
        return key in self._protected.entries or key in self._probation.entries

    def put(self, key: str, value: Value, *, size: int, expires_at: float) -> None:
        """Keeps a value of `size` bytes until `expires_at` (Unix seconds); one that is too large for the cache is not kept."""
        kept = Kept(value, expires_at, size + ENTRY_OVERHEAD)
        with self._lock:
            was_protected = self._protected.take(key) is not None
            self._probation.take(key)
            if kept.size > self.max_bytes or self._max_entries < 1:
                return
            self._make_room(kept.size)
            if was_protected:
                self._protect(key, kept)
            else:
                self._probation.add(key, kept)

    def drop(self, key: str) -> None:
        """Forgets what is kept at a key, if anything."""
        with self._lock:
            self._take(key)

    def clear(self) -> None:
        """Forgets everything but the figures."""
        with self._lock:
            self._probation, self._protected = _Segment(), _Segment()

    def figures(self) -> LocalFigures:
        """A snapshot of the counters."""
        with self._lock:
            return LocalFigures(self._hits, self._misses, self._evictions, self._entries, self._size)

    @property
    def _entries(self) -> int:
        return len(self._probation.entries) + len(self._protected.entries)

    @property
    def _size(self) -> int:
        return self._probation.size + self._protected.size

    def _take(self, key: str) -> Kept[Value] | None:
        return self._protected.take(key) or self._probation.take(key)

    def _protect(self, key: str, kept: Kept[Value]) -> None:
        """Protects an entry; those that this is too much for are on probation again, as the latest there."""
        protected = self._protected
        protected.add(key, kept)
        while protected.size > PROTECTED * self.max_bytes or len(protected.entries) > PROTECTED * self._max_entries:
            self._probation.add(*protected.take_oldest())

    def _make_room(self, size: int) -> None:
        """Before something is added, so that it is never what has to go itself."""
        while self._size + size > self.max_bytes or self._entries >= self._max_entries:
            (self._probation if self._probation.entries else self._protected).take_oldest()
            self._evictions += 1
