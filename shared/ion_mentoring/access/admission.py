"""The admission of a request: the one place where limits are looked at, before anything costs."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from msgspec import Struct, field

from ion_mentoring.access.caller import Caller
from ion_mentoring.access.guest_limits import GuestLimits
from ion_mentoring.access.limit_rules import LimitRules
from ion_mentoring.access.limits import DAY_S, WINDOW_S, RateLimit, RateLimitStatus
from ion_mentoring.errors import RateLimited

WINDOWS: Final[Mapping[str, int]] = {  # by policy, in seconds
    "minute": WINDOW_S,
    "tenant": WINDOW_S,
    "day": DAY_S,
    "guest": DAY_S,
    "guest-network": DAY_S,
    "guests": DAY_S,
}


class Counted(NamedTuple):
    """The policy that a request was counted by: its name, and how it stands."""

    policy: str
    status: RateLimitStatus


class Admission(Struct, frozen=True):
    """Counts a caller's minute, that of its tenant where it has a limit of its own, and the day of strangers and guests.

    `strangers_a_day` is how many requests that cost something a network may make without a credential; `guests` are the limits
    of guests by tenant.
    """

    minute: RateLimit
    day: RateLimit
    rules: LimitRules
    strangers_a_day: int
    guests: Mapping[str, GuestLimits] = field(default_factory=dict)

    async def admit(self, caller: Caller, *, costs: bool) -> tuple[Counted, ...]:
        """Counts a request, which `costs` something or not; RateLimited where it is too much."""
        if caller.guest is not None:
            return await self._guest(caller, costs=costs)
        own = _allowed("minute", await self.minute.take(caller.id, limit=caller.per_minute or self.rules.of(caller)))
        if caller.known and not self.rules.whole:
            return (own,)
        if not caller.known:
            return (own, await self._of_day(caller)) if costs else (own,)
        return (own, *await self._of_tenant(caller, 1))

    async def more(self, caller: Caller, cost: int) -> tuple[Counted, ...]:
        """Counts what a request of a known caller costs beyond the first."""
        limit = caller.per_minute or self.rules.of(caller)
        own = _allowed("minute", await self.minute.take(caller.id, cost, limit=limit))
        return (own, *await self._of_tenant(caller, cost))

    async def _guest(self, guest: Caller, *, costs: bool) -> tuple[Counted, ...]:
        """Counts a guest's own day last, so that nothing is taken from it where others have used up what is there."""
        limits = self.guests[guest.tenant]
        network = f"guests:{guest.tenant}:{guest.guest}"
        minute = _allowed("minute", await self.minute.take(network, limit=limits.network_per_minute))
        if not costs:
            return (minute,)
        days = (
            ("guest-network", f"day:{network}", limits.network_per_day),
            ("guests", f"day:guests:{guest.tenant}", limits.all_per_day),
            ("guest", f"day:{guest.id}", limits.per_day),
        )
        return (minute, *[_allowed(policy, await self.day.take(name, limit=limit)) for policy, name, limit in days])

    async def _of_day(self, stranger: Caller) -> Counted:
        return _allowed("day", await self.day.take(f"day:{stranger.id}", limit=self.strangers_a_day))

    async def _of_tenant(self, caller: Caller, cost: int) -> tuple[Counted, ...]:
        limit = self.rules.of_tenant(caller)
        if limit is None:
            return ()
        return (_allowed("tenant", await self.minute.take(f"tenant:{caller.tenant}", cost, limit=limit)),)


def _allowed(policy: str, status: RateLimitStatus) -> Counted:
    if not status.allowed:
        details = {"limit": status.limit, "policy": policy, "window_s": WINDOWS[policy]}
        raise RateLimited("over the limit", details=details, retry_after_s=status.reset_s)
    return Counted(policy, status)
