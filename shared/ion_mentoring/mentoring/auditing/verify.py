"""The verification of the audit log: names what was changed, dropped or swapped, by its place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal, TypeVar

from ion_mentoring.records.audit.protocol import AuditRecords
from ion_mentoring.records.audit.record import FIRST, RETENTION, Anchor, AuditRecord, Head, Marks, Place, day_of

Kept = TypeVar("Kept", AuditRecord, Anchor)
Wrong = Literal["changed", "dropped", "swapped", "put in", "key unknown"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written: a record by its place, or the anchor of a day."""

    wrong: Wrong
    what: str

    def __str__(self) -> str:
        return f"{self.wrong}: {self.what}"


@dataclass(frozen=True, slots=True)
class Verified:
    """The outcome: how many records and days were looked at, those that hold, and what is wrong."""

    days: int
    records: tuple[AuditRecord, ...]
    findings: tuple[Finding, ...]


async def verify(store: AuditRecords, marks: Marks, now: datetime) -> Verified:
    """Walks all anchors and all chains that are still to be kept."""
    today, oldest = day_of(now), day_of(now - RETENTION)
    anchored = {day: text for day, text in (await store.anchors()).items() if day >= oldest}
    anchors, findings = _anchors(anchored, marks)
    heads = await store.heads(oldest, today)
    sound: list[AuditRecord] = []
    days = sorted({head.day for head in heads} | anchored.keys() | {today})
    for day in days:
        ends = _ends([head for head in heads if head.day == day], anchors.get(day))
        holding, wrong = _day(day, await store.of_day(day), ends, marks)
        sound += holding
        findings += wrong
    return Verified(len(days), tuple(sound), tuple(findings))


def missing(told: Iterable[AuditRecord], verified: Verified, marks: Marks) -> tuple[Finding, ...]:
    """The records that the event log was told of and the store has not, beyond those that are known to be dropped."""
    known = {record.place for record in verified.records}
    named = {finding.what for finding in verified.findings}
    held = {record.place for record in told if marks.mark(record.key, record.content()) == record.mark}
    return tuple(Finding("dropped", str(place)) for place in sorted(held - known, key=str) if str(place) not in named)


def _anchors(texts: Mapping[str, str], marks: Marks) -> tuple[dict[str, Anchor], list[Finding]]:
    """The anchors that hold, and what is wrong with the others; the oldest may name one that was too old to keep."""
    sound: dict[str, Anchor] = {}
    findings: list[Finding] = []
    before: Anchor | None = None
    for place, (day, text) in enumerate(texts.items()):
        anchor, wrong = _read(Anchor, text, marks)
        if anchor is None:
            findings.append(Finding(wrong, f"the anchor of {day}"))
        elif anchor.day != day:
            findings.append(Finding("swapped", f"the anchor of {day} is that of {anchor.day}"))
        else:
            if place and anchor.before not in texts:
                findings.append(Finding("dropped", f"the anchor of {anchor.before}"))
            elif before and anchor.before == before.day and anchor.previous != before.mark:
                findings.append(Finding("changed", f"the anchor of {before.day}"))
            sound[day] = anchor
        before = anchor
    return sound, findings


def _ends(heads: list[Head], anchor: Anchor | None) -> dict[str, tuple[int, str]]:
    """The end of each writer's day: as its anchor says, or as it stands; what came later goes beyond it."""
    ends = {head.writer: (head.number, head.mark) for head in heads}
    return {**ends, **{writer: (int(number), str(mark)) for writer, (number, mark) in (anchor.heads if anchor else {}).items()}}


def _day(
    day: str, there: Mapping[Place, str], ends: Mapping[str, tuple[int, str]], marks: Marks
) -> tuple[list[AuditRecord], list[Finding]]:
    sound: list[AuditRecord] = []
    findings: list[Finding] = []
    by_writer = {
        writer: dict(some) for writer, some in groupby(sorted(there.items(), key=_order), key=lambda one: one[0].writer)
    }
    for writer in sorted(by_writer.keys() | ends.keys()):
        number, mark = ends.get(writer, (0, FIRST))
        if not number:
            findings.append(Finding("dropped", f"the end of {day} {writer}"))
        for found in _chain(day, writer, by_writer.get(writer, {}), number, mark, marks):
            if isinstance(found, Finding):
                findings.append(found)
            else:
                sound.append(found)
    return sound, findings


def _chain(
    day: str, writer: str, there: Mapping[Place, str], least: int, end: str, marks: Marks
) -> Iterator[AuditRecord | Finding]:
    """The records of a chain in their order, or what is wrong in their places."""
    previous: str | None = FIRST
    for number in range(1, max([least, *(place.number for place in there)]) + 1):
        place = Place(day, writer, number)
        text = there.get(place)
        if text is None:
            yield Finding("dropped", str(place))
            previous = None
            continue
        record, wrong = _read(AuditRecord, text, marks)
        if record is None:
            yield Finding(wrong, str(place))
            previous = None
        elif record.place != place:
            yield Finding("swapped", f"{place} has what belongs to {record.place}")
            previous = None
        elif previous not in (None, record.previous) or (number == least and record.mark != end):
            yield Finding("put in", str(place))  # it holds by itself, and stands in another one's place
            previous = record.mark
        else:
            yield record
            previous = record.mark


def _read(kind: type[Kept], text: str, marks: Marks) -> tuple[Kept | None, Wrong]:
    """What was kept if its mark holds; else what is wrong with it."""
    try:
        kept = kind.of(text)
        mark = marks.mark(kept.key, kept.content())
    except (ValueError, TypeError, AttributeError):
        return None, "changed"
    if mark is None:
        return None, "key unknown"
    return (kept, "changed") if mark == kept.mark else (None, "changed")


def _order(one: tuple[Place, str]) -> tuple[str, int]:
    return one[0].writer, one[0].number
