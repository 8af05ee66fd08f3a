"""The endpoints of v2 for operators: what the caches do, and what they shall forget."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.permissions import ADMINISTERS, OPERATES
from ion_mentoring.errors import ValidationFailed
from ion_mentoring.handlers.contract.views import InvalidatedView
from ion_mentoring.handlers.web.call import Call, Endpoint
from ion_mentoring.handlers.web.responses import json_response, timestamp
from ion_mentoring.telemetry.events import EventLog

EVERYTHING: Final = "*"
LONGEST_PATTERN: Final = 200  # characters

Figures = Callable[[], Awaitable[Mapping[str, Any]]]


class Operations(Struct, frozen=True):
    """`invalidate` makes void what is about a pattern, in all instances after `unverified_s` seconds at the latest."""

    cache_figures: Figures
    invalidate: Callable[[str], Awaitable[None]]
    unverified_s: float
    log: EventLog

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table of operations."""
        root = "/api/v2/cache"
        return (
            Endpoint("GET", f"{root}-stats", self._stats, "Hits, misses and sizes of L1 and L2", allows=OPERATES),
            Endpoint(
                "POST",
                f"{root}/clear",
                self._clear,
                "Drop all entries, here and in every other instance",
                gives=InvalidatedView,
                allows=ADMINISTERS,
            ),
            Endpoint(
                "POST",
                f"{root}/invalidate",
                self._invalidate,
                "Drop the entries about a pattern of persona:language:tone-pace-intent, here and in every other instance",
                gives=InvalidatedView,
                allows=ADMINISTERS,
                query={"pattern": {"type": "string", "maxLength": LONGEST_PATTERN, "examples": ["lua:*", "*:ko:*"]}},
            ),
        )

    async def _stats(self, _call: Call) -> Response:
        return json_response(await self.cache_figures())

    async def _clear(self, call: Call) -> Response:
        return await self._dropped(EVERYTHING, call)

    async def _invalidate(self, call: Call) -> Response:
        pattern = call.request.query("pattern")
        if not pattern or len(pattern) > LONGEST_PATTERN or not pattern.isprintable():
            rule = f"1 to {LONGEST_PATTERN} characters; * stands for any, ? for one, [...] for one of these"
            raise ValidationFailed("pattern", field="pattern", details={"rule": rule})
        return await self._dropped(pattern, call)

    async def _dropped(self, pattern: str, call: Call) -> Response:
        async with call.audited("cache_invalidated", pattern):
            await self.invalidate(pattern)
        self.log.info("cache_invalidated", pattern=pattern, caller=call.caller.id)
        view: InvalidatedView = {
            "success": True,
            "pattern": pattern,
            "everywhere_within_s": self.unverified_s,
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view)
