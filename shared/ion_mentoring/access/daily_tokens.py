"""Tokens a day, of callers and tenants that have such a quota: looked at before an answer, counted after it.

What an answer costs is known at its end, so callers who ask at once may go over a quota by what those answers cost; the budget
of a month, which is money, is reserved before (`records/ledger`).
"""

from collections.abc import Iterator

from msgspec import Struct

from ion_mentoring.access.caller import Caller
from ion_mentoring.access.limit_rules import LimitRules
from ion_mentoring.access.limits import DAY_S, RateLimit
from ion_mentoring.errors import RateLimited


class DailyTokens(Struct, frozen=True):
    """Counts a day from a caller's first answer in it."""

    day: RateLimit
    rules: LimitRules

    async def must_be_left(self, caller: Caller) -> None:
        """RateLimited where a quota is used up."""
        for name, limit in self._quotas(caller):
            status = await self.day.take(name, 0, limit=limit)
            if status.remaining <= 0:
                details = {"limit": limit, "policy": "tokens", "window_s": DAY_S}
                raise RateLimited("tokens of the day", details=details, retry_after_s=status.reset_s)

    async def spent(self, caller: Caller, tokens: int) -> None:
        """Counts what an answer has cost; the last one of a day may have cost more than was left."""
        for name, limit in self._quotas(caller) if tokens else ():
            status = await self.day.take(name, tokens, limit=limit)
            if not status.allowed and status.remaining > 0:
                await self.day.take(name, status.remaining, limit=limit)

    def _quotas(self, caller: Caller) -> Iterator[tuple[str, int]]:
        own, whole = self.rules.of(caller), self.rules.of_tenant(caller)
        if own is not None:
            yield f"tokens:{caller.id}", own
        if whole is not None:
            yield f"tokens:tenant:{caller.tenant}", whole
