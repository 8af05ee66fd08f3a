"""Readings of texts, remembered for a while: each turn of a conversation is read again with every later one.

A text has a keyed hash here, under a key that the process draws at its start, and no words.
"""

import os
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from typing import Final, Generic, TypeVar

KEPT_S: Final = 600.0
MOST: Final = 2_000  # readings of each reader: some 250 conversations of eight turns
HASH_BYTES: Final = 16
_KEY: Final = os.urandom(32)

Reading = TypeVar("Reading")


class Remembered(Generic[Reading]):
    """The last readings of one reader, which reads the same for the same text; `now` is in seconds."""

    __slots__ = ("_kept", "_now")

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._kept: OrderedDict[bytes, tuple[float, Reading]] = OrderedDict()
        self._now = now

    def of(self, text: str, read: Callable[[], Reading]) -> Reading:
        """The reading of a text, made where none is remembered. What else it depends on belongs into `text`."""
        name = blake2b(text.encode("utf-8", "surrogatepass"), key=_KEY, digest_size=HASH_BYTES).digest()
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
