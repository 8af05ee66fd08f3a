"""Odd access: what nobody does who means well, counted by whoever does it, slowed, then refused for a while.

Each kind is counted by those who can be held to it: a network, or a caller from a network. Nobody's door is shut by what
somebody else does under his name, and asking a mentor is never shut by it: a person in danger may be behind any caller.
"""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Literal, NamedTuple

from msgspec import Struct, field

from ion_mentoring.access.caller import Caller
from ion_mentoring.access.limits import RateLimit
from ion_mentoring.access.network import neighbourhood
from ion_mentoring.errors import RateLimited
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.product import SecurityEvent

Kind = Literal["enumeration", "refused_administration", "volume", "cache_probing", "many_networks"]

SLOWED_S: Final = 0.5
MOST_SLOWED: Final = 100  # at once: beyond them nobody is, since waiting takes room, too
MOST_SHUT: Final = 10_000


class OddRule(NamedTuple):
    """A limit: as many of a kind are too many in a window of so many seconds; from half of them on each is slowed."""

    most: int
    window_s: int


RULES: Final[Mapping[Kind, OddRule]] = {
    "enumeration": OddRule(60, 60),  # things that are not there
    "refused_administration": OddRule(20, 600),
    "volume": OddRule(100, 60),  # requests beyond a rate, which refuses them: they are slowed, and told
    "cache_probing": OddRule(60, 60),  # questions asked with the cache and without, in turn
    "many_networks": OddRule(100, 600),  # of one key
}


class OddAccess(Struct, frozen=True):
    """Counts by window, over all instances where it can: `counts` has a limit for each length of a window, in seconds.

    `pseudonym` is of a network, for the log; `now` is wall-clock time in seconds.
    """

    counts: Mapping[int, RateLimit]
    pseudonym: Callable[[str], str]
    log: EventLog
    now: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _shut: OrderedDict[tuple[Kind, str], float] = field(default_factory=OrderedDict)
    _slowed: list[None] = field(default_factory=list)

    @property
    def any_shut(self) -> bool:
        """True if there is anybody at all whom something is shut for."""
        return bool(self._shut)

    def must_be_open(self, kind: Kind, caller: Caller, network: str) -> None:
        """RateLimited for whoever did too much of a kind, until its window is over."""
        who = _who(caller, network)
        if (until := self._shut.get((kind, who))) is None:
            return
        if (left_s := until - self.now()) > 0:
            raise _too_much(kind, left_s)
        self._shut.pop((kind, who), None)

    async def saw(self, kind: Kind, caller: Caller, network: str, path: str) -> None:
        """Counts one, and slows it where there were many; the last that is let pass is told, once a window."""
        rule, who = RULES[kind], _who(caller, network)
        status = await self.counts[rule.window_s].take(f"odd:{kind}:{who}", limit=rule.most)
        if status.remaining == 0 and self._shut.get((kind, who), 0.0) <= self.now():
            self._shut[kind, who] = self.now() + status.reset_s
            self._shut.move_to_end((kind, who))
            if len(self._shut) > MOST_SHUT:
                self._shut.popitem(last=False)
            self.tell(kind, caller, network, path)
        if status.remaining < rule.most / 2 and len(self._slowed) < MOST_SLOWED:
            await self._slow()

    def tell(self, kind: Kind, caller: Caller, network: str, path: str) -> None:
        """Tells operators of an odd caller, by its id, or of a stranger, by a pseudonym of its network."""
        rule = RULES[kind]
        who = caller.id if caller.known else self.pseudonym(network)
        self.log.tell(SecurityEvent(kind, who, path, f"{rule.most} in {rule.window_s} s"))

    async def _slow(self) -> None:
        self._slowed.append(None)
        try:
            await self.sleep(SLOWED_S)
        finally:
            self._slowed.pop()


def _who(caller: Caller, network: str) -> str:
    """The name it is counted by: a caller is another one from elsewhere, so that no thief shuts out the owner."""
    near = neighbourhood(network)
    return f"{caller.id}@{near}" if caller.known else near


def _too_much(kind: Kind, left_s: float) -> RateLimited:
    rule = RULES[kind]
    details = {"limit": rule.most, "policy": kind, "window_s": rule.window_s}
    return RateLimited(kind, details=details, retry_after_s=math.ceil(left_s))
