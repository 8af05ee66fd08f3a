"""The anchors of the audit log: one record a day that names the ends of all its chains, and the anchor before it."""

from datetime import date, timedelta
from itertools import groupby

from ion_mentoring.records.audit.protocol import AuditRecords
from ion_mentoring.records.audit.record import FIRST, RETENTION, Anchor
from ion_mentoring.sealing.audit import AuditKeys


class Anchors:
    """Makes them. Several processes may try at once: whoever comes first has made it."""

    def __init__(self, records: AuditRecords, keys: AuditKeys) -> None:
        self._records = records
        self._keys = keys

    async def make(self, *, before: str) -> int:
        """Anchors the days before one that have records and no anchor; how many those are."""
        last = await self._records.last_anchor()
        named, mark = (last[0], _mark(last[1])) if last else (None, FIRST)
        first = _next(named) if named else _back(before)
        heads = await self._records.heads(first, _next(before, -1))
        made = 0
        for day, ends in groupby(sorted(heads, key=lambda head: (head.day, head.writer)), key=lambda head: head.day):
            if not first <= day < before:
                continue
            anchor = Anchor(
                key="",
                mark="",
                day=day,
                heads={head.writer: [head.number, head.mark] for head in ends},
                before=named,
                previous=mark,
            ).marked(self._keys)
            if not await self._records.anchor(day, anchor.text()):
                return made  # somebody else is at it
            named, mark, made = day, anchor.mark, made + 1
        return made


def _next(day: str, by: int = 1) -> str:
    return (date.fromisoformat(day) + timedelta(days=by)).isoformat()


def _back(day: str) -> str:
    return (date.fromisoformat(day) - RETENTION).isoformat()


def _mark(text: str) -> str:
    """The mark of an anchor; that of none where somebody changed it, which is found when the log is verified."""
    try:
        return Anchor.of(text).mark
    except ValueError:
        return FIRST
