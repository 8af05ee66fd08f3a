"""Readings of texts, remembered for a while: each turn of a conversation is read again with every later one.

A text has a keyed hash here, under a key that the process draws at its start, and no words. It is remembered for whoever sent
it alone: else the time of an answer would tell that somebody else has asked the same.
"""

import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2b
from typing import Final, Generic, TypeVar

KEPT_S: Final = 600.0
MOST: Final = 2_000  # readings of each reader: some 250 conversations of eight turns
HASH_BYTES: Final = 16
_KEY: Final = os.urandom(32)

_WHOSE: Final[ContextVar[str | None]] = ContextVar("whose", default=None)

Reading = TypeVar("Reading")


@contextmanager
def remembered_for(whose: str) -> Iterator[None]:
    """Remembers what is read meanwhile for this sender; elsewhere nothing is remembered."""
    token = _WHOSE.set(whose)
    try:
        yield
    finally:
        _WHOSE.reset(token)


class Remembered(Generic[Reading]):
    """The last readings of one reader, which reads the same for the same text; `now` is in seconds."""

    __slots__ = ("_kept", "_now")

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._kept: OrderedDict[bytes, tuple[float, Reading]] = OrderedDict()
        self._now = now

    def of(self, text: str, read: Callable[[], Reading]) -> Reading:
        """The reading of a text, made where none is remembered. What else it depends on belongs into `text`."""
        whose = _WHOSE.get()
        if whose is None:
            return read()
        name = blake2b(f"{whose}\0{text}".encode("utf-8", "surrogatepass"), key=_KEY, digest_size=HASH_BYTES).digest()
        now = self._now()
        known = self._kept.get(name)
        if known is not None and known[0] > now:
            return known[1]
        reading = read()
        self._kept.pop(name, None)
        self._kept[name] = (now + KEPT_S, reading)
        while len(self._kept) > MOST or next(iter(self._kept.values()))[0] <= now:
            self._kept.popitem(last=False)
        return reading
