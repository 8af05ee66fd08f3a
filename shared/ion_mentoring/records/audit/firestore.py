"""The audit log in Firestore; a TTL policy on `expires_at` cleans all three collections up.

audit/{day}~{writer}~{number}    one record; the mark is over its text
audit_heads/{day}~{writer}       the end of a writer's day
audit_days/{day}                 the anchor of a day
"""

from collections.abc import Sequence
from typing import Final

from ion_mentoring.backends.firestore import Added, Created, Documents
from ion_mentoring.errors import StoreRefused
from ion_mentoring.records.audit.record import AuditRecord, Head, Place, kept_until

RECORDS: Final = "audit"
HEADS: Final = "audit_heads"
DAYS: Final = "audit_days"
_BEHIND: Final = "\x7f"  # sorts behind all that stands in a name


class FirestoreAuditRecords:
    """One document a record, made once and never written again."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def append(self, records: Sequence[AuditRecord]) -> None:
        """Keeps records; the same again changes nothing."""
        if await self._committed(records):
            return
        there = await self._documents.some(RECORDS, [_name(record.place) for record in records])
        new = [record for record in records if _name(record.place) not in there]
        if any(there[_name(record.place)].get("body") != record.text() for record in records if record not in new):
            raise StoreRefused("another record stands there")
        if new and not await self._committed(new):
            raise StoreRefused("another record came to stand there")

    async def _committed(self, records: Sequence[AuditRecord]) -> bool:
        last = records[-1]
        changes = [
            Created(RECORDS, _name(one.place), {"body": one.text(), "expires_at": kept_until(one.day)}) for one in records
        ]
        head = {"day": last.day, "writer": last.writer, "number": last.number, "mark": last.mark}
        ended = Added(HEADS, f"{last.day}~{last.writer}", {}, {**head, "expires_at": kept_until(last.day)})
        return await self._documents.commit([*changes, ended]) is not None

    async def of_day(self, day: str) -> dict[Place, str]:
        """All that stands in the places of a day."""
        found = await self._documents.named_range(RECORDS, f"{day}~", f"{day}~{_BEHIND}")
        return {_place(name): str(document.get("body")) for name, document in found.items()}

    async def heads(self, first: str, last: str) -> tuple[Head, ...]:
        """The heads of some days."""
        found = await self._documents.range(HEADS, f"{first}~", f"{last}~{_BEHIND}")
        return tuple(Head(one["day"], one["writer"], one["number"], one["mark"]) for one in found)

    async def anchor(self, day: str, text: str) -> bool:
        """Keeps the anchor of a day."""
        return await self._documents.create(DAYS, day, {"day": day, "body": text, "expires_at": kept_until(day)})

    async def anchors(self) -> dict[str, str]:
        """All anchors."""
        return {day: str(one.get("body")) for day, one in sorted((await self._documents.named(DAYS)).items())}

    async def last_anchor(self) -> tuple[str, str] | None:
        """The newest anchor: its day and its text."""
        found = await self._documents.newest(DAYS, "day", 1)
        return (str(found[0]["day"]), str(found[0].get("body"))) if found else None


def _name(place: Place) -> str:
    return f"{place.day}~{place.writer}~{place.number:06d}"


def _place(name: str) -> Place:
    day, writer, number = name.split("~")
    return Place(day, writer, int(number))
