"""L1: a least-recently-used cache in the instance, bounded in entries and in bytes, with a time to live for each entry."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Value = TypeVar("Value")

ENTRY_OVERHEAD: Final = 500  # bytes that an entry is charged beyond its value: key, record, place in the order


@dataclass(frozen=True, slots=True)
class LocalFigures:
    """What an L1 did so far and holds now; `size` in bytes, overhead included."""

    hits: int
    misses: int
    evictions: int
    entries: int
    size: int


@dataclass(frozen=True, slots=True)
class Kept(Generic[Value]):
    """A value, whatever it is, with the time (Unix seconds) at which it ends and the bytes that it is charged."""

    value: Value
    expires_at: float
    size: int


class LocalCache(Generic[Value]):
    """Values by key. `now` is wall-clock time in seconds, since an instance may be frozen between two reads."""

    def __init__(self, *, max_bytes: int, max_entries: int, now: Callable[[], float]) -> None:
        self._max_bytes = max_bytes
        self._max_entries = max_entries
        self._now = now
        self._kept: OrderedDict[str, Kept[Value]] = OrderedDict()
        self._lock = threading.Lock()
        self._size = self._hits = self._misses = self._evictions = 0

    def get(self, key: str) -> Kept[Value] | None:
        """The value as it is kept, so that even None is a hit; None where there is none or its time is over."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept.expires_at <= self._now():
                self._drop(key)
                kept = None
            if kept is None:
                self._misses += 1
                return None
            self._hits += 1
            self._kept.move_to_end(key)
            return kept

    def __contains__(self, key: str) -> bool:
        """Whether something is kept at a key; says nothing of its time, and counts as no look-up."""
        return key in self._kept

    def put(self, key: str, value: Value, *, size: int, expires_at: float) -> None:
        """Keeps a value of `size` bytes until `expires_at` (Unix seconds); one that is too large for the cache is not kept."""
        kept = Kept(value, expires_at, size + ENTRY_OVERHEAD)
        with self._lock:
            if key in self._kept:
                self._drop(key)
            if kept.size > self._max_bytes or self._max_entries < 1:
                return
            self._kept[key] = kept
            self._size += kept.size
            while self._size > self._max_bytes or len(self._kept) > self._max_entries:
                self._drop(next(iter(self._kept)))
                self._evictions += 1

    def drop(self, key: str) -> None:
        """Forgets what is kept at a key, if anything."""
        with self._lock:
            if key in self._kept:
                self._drop(key)

    def clear(self) -> None:
        """Forgets everything but the figures."""
        with self._lock:
            self._kept.clear()
            self._size = 0

    def figures(self) -> LocalFigures:
        """A snapshot of the counters."""
        with self._lock:
            return LocalFigures(self._hits, self._misses, self._evictions, len(self._kept), self._size)

    def _drop(self, key: str) -> None:
        self._size -= self._kept.pop(key).size
