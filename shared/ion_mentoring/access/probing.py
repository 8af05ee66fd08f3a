"""Probing of the cache: the same question with the cache and without, in turn, tells by its times who asked before."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from msgspec import Struct, field

from ion_mentoring.access.caller import Caller
from ion_mentoring.access.odd_access import RULES, OddAccess

MOST_WATCHED: Final = 1_000  # callers
MOST_TEXTS: Final = 500  # of each


class _Watched(Struct):
    ends_at: float
    cached: dict[bytes, bool] = field(default_factory=dict)  # by digest of the text: asked with the cache, the last time


class Probing:
    """Watches whoever asks without the cache, for a minute from then on; others cost a look into an empty table."""

    def __init__(self, odd: OddAccess, now: Callable[[], float]) -> None:
        self._odd = odd
        self._now = now
        self._watched: OrderedDict[str, _Watched] = OrderedDict()

    def watches(self, caller: Caller) -> bool:
        """True if what this caller asks has to be looked at."""
        if not self._watched:
            return False
        watched = self._watched.get(caller.id)
        return watched is not None and watched.ends_at > self._now()

    async def saw(self, caller: Caller, network: str, path: str, text: str, *, cached: bool) -> None:
        """Counts a question asked the other way round than the last time; RateLimited without the cache, if they were many."""
        if cached and not self.watches(caller):
            return
        if not cached:
            self._odd.must_be_open("cache_probing", caller, network)
        texts = self._texts(caller)
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        turned = texts.get(digest, cached) != cached
        if digest in texts or len(texts) < MOST_TEXTS:
            texts[digest] = cached
        if turned:
            await self._odd.saw("cache_probing", caller, network, path)

    def _texts(self, caller: Caller) -> dict[bytes, bool]:
        watched = self._watched.get(caller.id)
        if watched is None or watched.ends_at <= self._now():
            watched = self._watched[caller.id] = _Watched(self._now() + RULES["cache_probing"].window_s)
            self._watched.move_to_end(caller.id)
            if len(self._watched) > MOST_WATCHED:
                self._watched.popitem(last=False)
        return watched.cached
