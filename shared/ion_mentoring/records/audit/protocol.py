"""The protocol of a store of the audit log."""

from collections.abc import Sequence
from typing import Protocol

from ion_mentoring.records.audit.record import AuditRecord, Head, Place


class AuditRecords(Protocol):
    """Keeps records and anchors for `RETENTION`. Every method raises StoreUnavailable if the store does not answer."""

    async def append(self, records: Sequence[AuditRecord]) -> None:
        """Keeps up to 100 records of one chain in their order, the last as its head: all or none.

        The same again changes nothing; StoreRefused where other ones stand in their places.
        """

    async def of_day(self, day: str) -> dict[Place, str]:
        """All that stands in the places of a day, as text: it may be anything, if somebody changed it."""

    async def heads(self, first: str, last: str) -> tuple[Head, ...]:
        """The heads of the days from one to another."""

    async def anchor(self, day: str, text: str) -> bool:
        """Keeps the anchor of a day, as text; False, and nothing kept, if there is one."""

    async def anchors(self) -> dict[str, str]:
        """All anchors by day, as text, in the order of days."""

    async def last_anchor(self) -> tuple[str, str] | None:
        """The newest anchor: its day and its text."""
