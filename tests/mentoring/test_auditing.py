"""The audit log: chained by writer and day, never lost silently, and verified so that what somebody did to it has a name."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ion_mentoring.backends.sqlite import Database
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.mentoring.auditing import trail
from ion_mentoring.mentoring.auditing.trail import AuditTrail
from ion_mentoring.mentoring.auditing.verify import missing, verify
from ion_mentoring.records.audit.event import AuditEvent
from ion_mentoring.records.audit.record import Anchor, AuditRecord
from ion_mentoring.records.audit.sqlite import SqliteAuditRecords
from ion_mentoring.sealing.audit import AuditKeys
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.stores import sqlite_database

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
KEYS = AuditKeys((b"n" * 32, b"o" * 32))
EVENT = AuditEvent("key_revoked", "key:boss", "acme", ("admin",), "203.0.113.7", "/api/v2/api-keys/{id}", target="k1")


class Fragile(SqliteAuditRecords):
    """A store that can be away, or that takes what it says it has not taken."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        super().__init__(database, now)
        self.away = False
        self.answers = True

    async def append(self, records: Sequence[AuditRecord]) -> None:
        if not self.away:
            await super().append(records)
        if self.away or not self.answers:
            raise StoreUnavailable("away")


@dataclass
class House:
    """A store, and writers of it with one clock."""

    database: Database
    time: datetime = NOON
    lines: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.records = Fragile(self.database, lambda: self.time)

    def writer(self, name: str, keys: AuditKeys = KEYS) -> AuditTrail:
        log = EventLog("test", lambda line: self.lines.append(json.loads(line)))
        return AuditTrail(self.records, keys, name, log, lambda: self.time)

    async def written(self, name: str, count: int) -> AuditTrail:
        writer = self.writer(name)
        for number in range(count):
            await writer.tell(replace(EVENT, target=f"k{number}"))
        return writer

    async def findings(self, keys: AuditKeys = KEYS) -> list[str]:
        return [str(found) for found in (await verify(self.records, keys, self.time)).findings]

    async def tamper(self, statement: str, *values: object) -> None:
        await self.database.write(statement, [values])


@pytest.fixture
async def house() -> AsyncIterator[House]:
    database = sqlite_database(":memory:")
    yield House(database)
    await database.close()


async def test_what_nobody_touched_holds_over_writers_and_days(house: House) -> None:
    first = await house.written("a", 3)
    await house.written("b", 2)
    house.time += timedelta(days=1)
    await first.tell(EVENT)
    verified = await verify(house.records, KEYS, house.time)
    assert (verified.days, len(verified.records), verified.findings) == (2, 6, ())
    assert [str(one.place) for one in verified.records if one.day == "2026-01-02"] == ["2026-01-02 a #1"]


CHANGED = "UPDATE audit SET body = replace(body, 'done', 'gone') WHERE writer = 'a' AND number = ?"


async def test_a_changed_record_is_named(house: House) -> None:
    await house.written("a", 3)
    await house.tamper(CHANGED, 2)
    assert await house.findings() == ["changed: 2026-01-01 a #2"]


@pytest.mark.parametrize("number", [1, 2, 3])
async def test_a_dropped_record_is_named_the_last_one_too(house: House, number: int) -> None:
    await house.written("a", 3)
    await house.tamper("DELETE FROM audit WHERE number = ?", number)
    assert await house.findings() == [f"dropped: 2026-01-01 a #{number}"]


async def test_swapped_records_are_named_both(house: House) -> None:
    await house.written("a", 3)
    bodies = {place.number: text for place, text in (await house.records.of_day("2026-01-01")).items()}
    for number, other in ((1, 3), (3, 1)):
        await house.tamper("UPDATE audit SET body = ? WHERE number = ?", bodies[other], number)
    assert await house.findings() == [
        "swapped: 2026-01-01 a #1 has what belongs to 2026-01-01 a #3",
        "swapped: 2026-01-01 a #3 has what belongs to 2026-01-01 a #1",
    ]


async def test_what_is_no_record_at_all_is_a_changed_one(house: House) -> None:
    await house.written("a", 3)
    for number, body in enumerate(("", "[1]", '{"day": "2026-01-01"}'), 1):
        await house.tamper("UPDATE audit SET body = ? WHERE number = ?", body, number)
    assert await house.findings() == [f"changed: 2026-01-01 a #{number}" for number in (1, 2, 3)]


async def test_a_tail_that_was_cut_off_together_with_its_head_is_named_from_the_anchor_on(house: House) -> None:
    writer = await house.written("a", 3)
    house.time += timedelta(days=1)
    await writer.tell(EVENT)
    await house.tamper("DELETE FROM audit WHERE day = '2026-01-01' AND number = ?", 3)
    await house.tamper("UPDATE audit_heads SET number = ? WHERE day = '2026-01-01'", 2)
    assert await house.findings() == ["dropped: 2026-01-01 a #3"]
    for table in ("audit", "audit_heads"):
        await house.tamper(f"DELETE FROM {table} WHERE day = ?", "2026-01-01")
    assert await house.findings() == [f"dropped: 2026-01-01 a #{number}" for number in (1, 2, 3)]


async def test_an_end_that_was_dropped_is_named(house: House) -> None:
    await house.written("a", 1)
    await house.tamper("DELETE FROM audit_heads WHERE day = ?", "2026-01-01")
    assert await house.findings() == ["dropped: the end of 2026-01-01 a"]


async def test_a_record_that_was_taken_from_another_run_of_the_same_writer_is_named(house: House) -> None:
    await house.written("a", 2)
    forged = replace(
        AuditRecord.of((await house.records.of_day("2026-01-01")).popitem()[1]), number=2, previous="of another run"
    ).marked(KEYS)
    await house.tamper("UPDATE audit SET body = ? WHERE number = 2", forged.text())
    assert await house.findings() == ["put in: 2026-01-01 a #2"]


async def test_anchors_name_each_other(house: House) -> None:
    writer = house.writer("a")
    for _ in range(4):
        await writer.tell(EVENT)
        house.time += timedelta(days=1)
    assert list(await house.records.anchors()) == ["2026-01-01", "2026-01-02", "2026-01-03"]
    assert await house.findings() == []
    await house.tamper("UPDATE audit_days SET body = replace(body, '\"a\"', '\"b\"') WHERE day = ?", "2026-01-01")
    assert await house.findings() == ["changed: the anchor of 2026-01-01"]
    await house.tamper("DELETE FROM audit_days WHERE day = ?", "2026-01-02")
    assert "dropped: the anchor of 2026-01-02" in await house.findings()


async def test_an_anchor_in_another_days_place_is_swapped(house: House) -> None:
    writer = house.writer("a")
    for _ in range(3):
        await writer.tell(EVENT)
        house.time += timedelta(days=1)
    first = (await house.records.anchors())["2026-01-01"]
    await house.tamper("UPDATE audit_days SET body = ? WHERE day = ?", first, "2026-01-02")
    assert "swapped: the anchor of 2026-01-02 is that of 2026-01-01" in await house.findings()


async def test_an_anchor_that_somebody_spoilt_stops_nobody_and_is_named(house: House) -> None:
    writer = house.writer("a")
    for _ in range(2):
        await writer.tell(EVENT)
        house.time += timedelta(days=1)
    await house.tamper("UPDATE audit_days SET body = ?", "{}")
    await writer.tell(EVENT)
    assert await house.findings() == ["changed: the anchor of 2026-01-01"]


async def test_a_day_is_anchored_once_by_whoever_comes_first_and_not_before_writers_are_through(house: House) -> None:
    one, other = house.writer("a"), house.writer("b")
    await one.tell(EVENT)
    house.time = datetime(2026, 1, 2, 0, 5, tzinfo=UTC)
    await other.tell(EVENT)
    assert await house.records.anchors() == {}
    house.time += timedelta(minutes=6)
    await asyncio.gather(one.tell(EVENT), other.tell(EVENT))
    (text,) = (await house.records.anchors()).values()
    assert Anchor.of(text).heads.keys() == {"a"}
    assert await house.findings() == []


async def test_a_store_that_is_away_delays_nothing_else_and_loses_nothing(house: House) -> None:
    writer = house.writer("a")
    house.records.away = True
    for number in range(3):
        await writer.tell(replace(EVENT, target=f"k{number}"))
    assert writer.waiting == 3
    unwritten = [line for line in house.lines if line["message"] == "audit_unwritten"]
    assert [(line["severity"], line["record"]["number"]) for line in unwritten] == [("ERROR", 1), ("ERROR", 2), ("ERROR", 3)]
    house.records.away = False
    await writer.tell(EVENT)
    verified = await verify(house.records, KEYS, house.time)
    assert (writer.waiting, len(verified.records), verified.findings) == (0, 4, ())


async def test_what_never_reached_the_store_is_named_with_the_help_of_the_event_log(house: House) -> None:
    await house.written("a", 1)
    house.records.away = True
    await house.written("b", 1)
    house.records.away = False
    told = [AuditRecord(**line["record"]) for line in house.lines if "record" in line]
    forged = replace(told[0], number=9)
    verified = await verify(house.records, KEYS, house.time)
    assert verified.findings == ()
    assert [str(found) for found in missing([*told, forged], verified, KEYS)] == ["dropped: 2026-01-01 b #1"]


async def test_a_record_whose_writing_was_in_doubt_is_there_once(house: House) -> None:
    writer = house.writer("a")
    house.records.answers = False
    await writer.tell(EVENT)
    house.records.answers = True
    await writer.tell(EVENT)
    assert len((await verify(house.records, KEYS, house.time)).records) == 2
    assert await house.findings() == []


async def test_more_than_fits_is_lost_only_with_a_word(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "MOST_WAITING", 2)
    writer = house.writer("a")
    house.records.away = True
    for _ in range(3):
        await writer.tell(EVENT)
    house.records.away = False
    await writer.tell(EVENT)
    assert [line["number"] for line in house.lines if line["message"] == "audit_lost"] == [1, 2]
    assert await house.findings() == ["dropped: 2026-01-01 a #1", "dropped: 2026-01-01 a #2"]


async def test_who_stops_waiting_for_a_record_does_not_stop_it(house: House) -> None:
    writer = house.writer("a")
    telling = asyncio.create_task(writer.tell(EVENT))
    await asyncio.sleep(0)
    telling.cancel()
    await writer.tell(EVENT)
    assert len((await verify(house.records, KEYS, house.time)).records) == 2


async def test_records_of_before_the_secret_was_changed_hold_and_without_it_nothing_can_be_told(house: House) -> None:
    await house.writer("a", AuditKeys((b"o" * 32,))).tell(EVENT)
    await house.writer("b").tell(EVENT)
    assert await house.findings() == []
    assert await house.findings(AuditKeys((b"n" * 32,))) == ["key unknown: 2026-01-01 a #1"]


async def test_nobody_stands_in_it_by_name(house: House) -> None:
    await house.writer("a").tell(replace(EVENT, who="acme/sub:kim", target="acme/user:김지은"))
    (text,) = (await house.records.of_day("2026-01-01")).values()
    said = json.loads(text)
    assert not any(name in text for name in ("kim", "김지은", "\\uae40", "203.0.113"))
    assert said["who"] == KEYS.pseudonym("acme/sub:kim")
    assert said["target"] in KEYS.pseudonyms("acme/user:김지은")
    assert KEYS.pseudonyms("acme/sub:kim") == {
        KEYS.pseudonym("acme/sub:kim"),
        AuditKeys((b"o" * 32,)).pseudonym("acme/sub:kim"),
    }
