"""The admission of a request: the one place where limits are looked at, before anything costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from ion_mentoring.access.caller import Caller
from ion_mentoring.access.limit_rules import LimitRules
from ion_mentoring.access.limits import DAY_S, WINDOW_S, RateLimit, RateLimitStatus
from ion_mentoring.errors import RateLimited

WINDOWS: Final[Mapping[str, int]] = {"minute": WINDOW_S, "tenant": WINDOW_S, "day": DAY_S}  # by policy, in seconds


class Counted(NamedTuple):
    """What a request was counted by: the name of a policy, and how that stands."""

    policy: str
    status: RateLimitStatus


@dataclass(frozen=True, slots=True)
class Admission:
    """Counts a caller's minute, that of its tenant where it has a limit of its own, and a stranger's day.

    `strangers_a_day` is how many requests that cost something a network may make without a credential.
    """

    minute: RateLimit
    day: RateLimit
    rules: LimitRules
    strangers_a_day: int

    async def admit(self, caller: Caller, *, costs: bool) -> tuple[Counted, ...]:
        """Counts a request, which `costs` something or not; RateLimited where it is too much."""
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
