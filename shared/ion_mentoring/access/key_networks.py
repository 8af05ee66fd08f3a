"""The networks that each API key comes from: a key in very many at once is likely not with its owner alone any more."""

import math
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from msgspec import Struct, field

from ion_mentoring.access.caller import Caller
from ion_mentoring.access.network import neighbourhood
from ion_mentoring.access.odd_access import RULES, OddAccess
from ion_mentoring.errors import RateLimited

MOST_KEYS: Final = 10_000


class _Seen(Struct):
    """The networks of a key in a window, and the addresses that are known to be in one of them."""

    ends_at: float
    networks: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    told: bool = False


class KeyNetworks:
    """Counts networks (/24, /64) by key, in this instance. Beyond the limit, new ones are refused until the window is over;
    those that the key came from before go on, so that its owner is not shut out."""

    def __init__(self, odd: OddAccess, now: Callable[[], float]) -> None:
        self._odd = odd
        self._now = now
        self._keys: OrderedDict[str, _Seen] = OrderedDict()

    def saw(self, caller: Caller, address: str, path: str) -> None:
        """Counts the network of a request by key; RateLimited for one that is too many."""
        seen = self._keys.get(caller.id)
        if seen is None or seen.ends_at <= self._now():
            seen = self._begun(caller.id)
        if address not in seen.addresses:
            self._new(seen, caller, address, path)

    def _begun(self, key: str) -> _Seen:
        seen = self._keys[key] = _Seen(self._now() + RULES["many_networks"].window_s)
        self._keys.move_to_end(key)
        if len(self._keys) > MOST_KEYS:
            self._keys.popitem(last=False)
        return seen

    def _new(self, seen: _Seen, caller: Caller, address: str, path: str) -> None:
        near, rule = neighbourhood(address), RULES["many_networks"]
        if near not in seen.networks and len(seen.networks) >= rule.most:
            if not seen.told:
                seen.told = True
                self._odd.tell("many_networks", caller, address, path)
            details = {"limit": rule.most, "policy": "many_networks", "window_s": rule.window_s}
            left_s = math.ceil(seen.ends_at - self._now())
            raise RateLimited("many_networks", details=details, retry_after_s=left_s)
        seen.networks.add(near)
        if len(seen.addresses) < rule.most * 10:
            seen.addresses.add(address)
