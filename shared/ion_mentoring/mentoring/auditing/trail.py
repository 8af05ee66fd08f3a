"""The writer of the audit log in one process: a chain of its own every day, so that no writer waits for another.

A record is in its chain before the store is asked. What the store does not take waits here, is told as an error with all
that it says, and is written with the next one.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Final

from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.mentoring.auditing.anchors import Anchors
from ion_mentoring.records.audit.event import AuditEvent
from ion_mentoring.records.audit.protocol import AuditRecords
from ion_mentoring.records.audit.record import FIRST, AuditRecord, day_of
from ion_mentoring.resilience import deadline
from ion_mentoring.sealing.audit import AuditKeys
from ion_mentoring.telemetry.events import EventLog

MOST_WAITING: Final = 1_000
AT_ONCE: Final = 100
WITHIN_S: Final = 5.0
SETTLED: Final = timedelta(minutes=10)  # after midnight, until which a writer may be about its last record


class AuditTrail:
    """Writes events down under pseudonyms, in the order in which they are told."""

    def __init__(self, records: AuditRecords, keys: AuditKeys, writer: str, log: EventLog, now: Callable[[], datetime]) -> None:
        self._records = records
        self._keys = keys
        self._writer = writer
        self._log = log
        self._now = now
        self._anchors = Anchors(records, keys)
        self._anchored_for = ""
        self._day, self._number, self._previous = "", 0, FIRST
        self._waiting: deque[AuditRecord] = deque()
        self._writing = asyncio.Lock()
        self._flushing: set[asyncio.Task[None]] = set()

    async def tell(self, event: AuditEvent) -> None:
        """Writes an event down; whoever stops waiting for that does not stop it."""
        record = self._linked(event)
        self._waiting.append(record)
        if len(self._waiting) > MOST_WAITING:
            lost = self._waiting.popleft()
            self._log.error("audit_lost", day=lost.day, writer=lost.writer, number=lost.number)
        flushing = asyncio.get_running_loop().create_task(self._flush(record))
        self._flushing.add(flushing)
        flushing.add_done_callback(self._flushing.discard)
        await asyncio.shield(flushing)

    @property
    def waiting(self) -> int:
        """The number of records that the store has not taken yet."""
        return len(self._waiting)

    def _linked(self, event: AuditEvent) -> AuditRecord:
        now = self._now().astimezone(UTC)
        if (day := day_of(now)) != self._day:
            self._day, self._number, self._previous = day, 0, FIRST
        self._number += 1
        record = AuditRecord(
            key="",
            mark="",
            day=day,
            writer=self._writer,
            number=self._number,
            at=now.isoformat(timespec="milliseconds"),
            kind=event.kind,
            outcome=event.outcome,
            who=self._keys.pseudonym(event.who),
            tenant=event.tenant,
            roles=sorted(event.roles),
            address=self._keys.pseudonym(event.address),
            path=event.path,
            target=None if event.target is None else self._keys.pseudonym(event.target),
            target_tenant=event.target_tenant,
            facts={str(name): value for name, value in event.facts.items()},
            previous=self._previous,
        ).marked(self._keys)
        self._previous = record.mark
        return record

    async def _flush(self, record: AuditRecord) -> None:
        deadline.CURRENT.set(deadline.Deadline.after(WITHIN_S))  # its own time: the request's may be over
        async with self._writing:
            try:
                while self._waiting:
                    await self._write()
                await self._anchor()
            except StoreUnavailable as error:
                self._log.error("audit_unwritten", reason=str(error), waiting=len(self._waiting), **_told(record))
                return
        self._log.info("audit_written", **_told(record))

    async def _write(self) -> None:
        """Writes the oldest that wait, of one day."""
        day = self._waiting[0].day
        some = [record for record in list(self._waiting)[:AT_ONCE] if record.day == day]
        await self._records.append(some)
        for record in some:
            if self._waiting and self._waiting[0] is record:  # it may have been lost meanwhile
                self._waiting.popleft()

    async def _anchor(self) -> None:
        """Once a day, names the ends of the days before."""
        today = day_of(self._now() - SETTLED)
        if today != self._anchored_for:
            await self._anchors.make(before=today)
            self._anchored_for = today


def _told(record: AuditRecord) -> dict[str, object]:
    return {"record": asdict(record)}
