"""The audit log behind a breaker: a caller waits for its record."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.audit.protocol import AuditRecords
from ion_mentoring.records.audit.record import AuditRecord, Head, Place

WITHIN_S: Final = 2.0
WHOLE_DAY_S: Final = 30.0  # nobody waits but who verifies it


class GuardedAuditRecords(Struct, frozen=True):
    """The same records; StoreUnavailable in time."""

    kept: AuditRecords
    guards: Guards

    async def append(self, records: Sequence[AuditRecord]) -> None:
        """Keeps records."""
        await self.guards.writing(lambda: self.kept.append(records), WITHIN_S)

    async def of_day(self, day: str) -> dict[Place, str]:
        """All that stands in the places of a day."""
        return await self.guards.reading(lambda: self.kept.of_day(day), WHOLE_DAY_S)

    async def heads(self, first: str, last: str) -> tuple[Head, ...]:
        """The heads of some days."""
        return await self.guards.reading(lambda: self.kept.heads(first, last), WITHIN_S)

    async def anchor(self, day: str, text: str) -> bool:
        """Keeps the anchor of a day."""
        return await self.guards.writing(lambda: self.kept.anchor(day, text), WITHIN_S)

    async def anchors(self) -> dict[str, str]:
        """All anchors."""
        return await self.guards.reading(self.kept.anchors, WHOLE_DAY_S)

    async def last_anchor(self) -> tuple[str, str] | None:
        """The newest anchor: its day and its text."""
        return await self.guards.reading(self.kept.last_anchor, WITHIN_S)
