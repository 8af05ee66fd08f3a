"""The health of a running instance: its health, its status, its caches."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from msgspec import Struct, structs

from ion_mentoring.caching.performance import CachePerformance
from ion_mentoring.caching.two_tier import TwoTierCache
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.mentoring.operating.alerts import Alerts
from ion_mentoring.mentoring.operating.open_batches import OpenBatches
from ion_mentoring.mentoring.operating.reach import STORE_TIMEOUT_S, States
from ion_mentoring.mentoring.operating.traffic import traffic
from ion_mentoring.personas.contract import Reply
from ion_mentoring.personas.roster import Roster
from ion_mentoring.records.ledger.protocol import Ledger, month_of
from ion_mentoring.resilience.breaker import Breaker, Trouble
from ion_mentoring.resilience.remembered import Remembered
from ion_mentoring.telemetry.recent import Recent


class Health(Struct, frozen=True):
    """Observes one instance; `uptime_s` in seconds. A persona without a breaker answers in this process.

    `troubles` are those of what instances share, by its name; `persona_breakers` are by persona, `model_breakers` by the
    model's name.
    """

    cache: TwoTierCache[Reply]
    performance: CachePerformance
    reach: Remembered[States]
    troubles: Mapping[str, Callable[[], Trouble | None]]
    ledger: Ledger
    roster: Roster
    persona_breakers: Mapping[str, Breaker]
    model_breakers: Mapping[str, Breaker]
    model: str
    version: str
    region: str
    environment: str
    uptime_s: Callable[[], float]
    now: Callable[[], datetime]
    recent: Recent
    alerts: Alerts
    batches: OpenBatches

    async def health(self) -> dict[str, Any]:
        """`healthy`, or `degraded` while answers go on without something. Nothing here counts as traffic."""
        shared = await self.reach.value()
        breakers = (*self.persona_breakers.values(), *self.model_breakers.values())
        well = "down" not in shared.values() and all(breaker.state == "closed" for breaker in breakers)
        return {
            "status": "healthy" if well else "degraded",
            "version": self.version,
            "dependencies": {
                **shared,
                "personas": {name: self._persona(name) for name in self.roster},
                "models": {name: breaker.state for name, breaker in self.model_breakers.items()},
            },
        }

    def _persona(self, name: str) -> dict[str, str]:
        breaker = self.persona_breakers.get(name)
        return {"place": "remote", "breaker": breaker.state} if breaker else {"place": "here"}

    async def cost(self) -> dict[str, Any]:
        """The cost of answers in this month over all instances, by persona, model and caller; its state where unknown."""
        try:
            async with asyncio.timeout(STORE_TIMEOUT_S):
                return asdict(await self.ledger.spending(month_of(self.now())))
        except (StoreUnavailable, TimeoutError):
            return {"state": "down"}

    async def operated(self) -> dict[str, Any]:
        """The figures for operators: this instance's traffic, alerts and failing parts, batches under way, the month's cost."""
        cost, batches = await asyncio.gather(self.cost(), self.batches.figures())
        return {
            "traffic": traffic(self.recent),
            "alerts": self.alerts.ringing(),
            "failing": self.failing(),
            "batches": batches,
            "cost": cost,
        }

    def failing(self) -> dict[str, Any]:
        """What this instance has in vain asked since it last answered: the last reason, and for how many seconds, by name."""
        return {
            "parts": _failing({name: trouble() for name, trouble in self.troubles.items()}),
            "personas": _failing({name: breaker.trouble for name, breaker in self.persona_breakers.items()}),
            "models": _failing({name: breaker.trouble for name, breaker in self.model_breakers.items()}),
        }

    async def status(self) -> dict[str, Any]:
        """Version, place, uptime and the figures of the caches."""
        return {
            "status": "running",
            "version": self.version,
            "region": self.region,
            "environment": self.environment,
            "model": self.model,
            "personas": list(self.roster),
            "uptime_s": round(self.uptime_s(), 1),
            "cache": await self.figures(),
        }

    async def figures(self) -> dict[str, Any]:
        """Hits, misses and sizes by tier; `hit_rate` is of all look-ups, in [0, 1], and None before the first."""
        near, far = self.cache.figures()
        return {
            **self.performance.figures(),
            "l1": {
                "hits": near.hits,
                "misses": near.misses,
                "evictions": near.evictions,
                "entries": near.entries,
                "bytes": near.size,
            },
            "l2": structs.asdict(far) if far else None,
        }

    async def all_figures(self) -> dict[str, Any]:
        """The same, and beside them what all instances of the region counted today."""
        return {**await self.figures(), "region": await self.performance.region()}


def _failing(troubles: Mapping[str, Trouble | None]) -> dict[str, Any]:
    return {name: {"reason": one.reason, "for_s": round(one.for_s, 1)} for name, one in troubles.items() if one}
