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
class _Record(Generic[Value]):
    value: Value
    expires_at: float
    size: int


class LocalCache(Generic[Value]):
    """Values by key. `now` is wall-clock time in seconds, since an instance may be frozen between two reads."""

    def __init__(self, *, max_bytes: int, max_entries: int, now: Callable[[], float]) -> None:
        self._max_bytes = max_bytes
        self._max_entries = max_entries
        self._now = now
        self._records: OrderedDict[str, _Record[Value]] = OrderedDict()
        self._lock = threading.Lock()
        self._size = self._hits = self._misses = self._evictions = 0

    def get(self, key: str) -> Value | None:
        """The value, or None where there is none or its time is over. A value should not be None itself."""
        with self._lock:
            record = self._records.get(key)
            if record is None or record.expires_at <= self._now():
                self._misses += 1
                if record is not None:
                    self._drop(key)
                return None
            self._hits += 1
            self._records.move_to_end(key)
            return record.value

    def put(self, key: str, value: Value, *, size: int, expires_at: float) -> None:
        """Keeps a value of `size` bytes until `expires_at` (Unix seconds); one that is too large for the cache is not kept."""
        charged = size + ENTRY_OVERHEAD
        with self._lock:
            if key in self._records:
                self._drop(key)
            if charged > self._max_bytes or self._max_entries < 1:
                return
            self._records[key] = _Record(value, expires_at, charged)
            self._size += charged
            while self._size > self._max_bytes or len(self._records) > self._max_entries:
                self._drop(next(iter(self._records)))
                self._evictions += 1

    def clear(self) -> None:
        """Forgets everything but the figures."""
        with self._lock:
            self._records.clear()
            self._size = 0

    def figures(self) -> LocalFigures:
        """A snapshot of the counters."""
        with self._lock:
            return LocalFigures(self._hits, self._misses, self._evictions, len(self._records), self._size)

    def _drop(self, key: str) -> None:
        self._size -= self._records.pop(key).size
