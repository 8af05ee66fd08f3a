"""Each kind is there until the time that the table of what is kept says, and gone right after it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ion_mentoring.caching.explanations import Explanations
from ion_mentoring.caching.local import LocalCache
from ion_mentoring.caching.sharing import LocalSharing
from ion_mentoring.caching.stream_logs import StreamLog, StreamLogs
from ion_mentoring.mentoring.batching.lanes import planned
from ion_mentoring.mentoring.privacy.kept import kept_table
from ion_mentoring.mentoring.privacy.sweep import EVERY_S, SweepStore
from ion_mentoring.records.audit.record import AuditRecord
from ion_mentoring.records.batches import guarded_results, guarded_submissions
from ion_mentoring.records.batches.results import ItemResult
from ion_mentoring.records.batches.submissions import Batch, Owner, SubmittedItem
from ion_mentoring.records.conversations import guarded as conversations
from ion_mentoring.records.conversations.protocol import ConversationId, Turn
from ion_mentoring.records.erasures.protocol import Erasure
from ion_mentoring.records.experiments.protocol import Exposed
from ion_mentoring.records.feedback import guarded as feedback
from ion_mentoring.records.feedback.protocol import Rating
from ion_mentoring.records.idempotency.protocol import Claim, Record
from ion_mentoring.records.keys.protocol import KeyRecord, SecretMark
from ion_mentoring.records.ledger import guarded as ledger
from ion_mentoring.records.ledger.prices import Charge, Cost
from ion_mentoring.records.ledger.protocol import Entry
from ion_mentoring.records.profiles.consent import Consent
from ion_mentoring.records.profiles.protocol import Choices, Population, Tally
from ion_mentoring.records.revocations.protocol import Revocation
from ion_mentoring.records.user_keys import guarded as user_keys
from ion_mentoring.sealing.keys import CacheKeys
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.usage.meter import Usage
from ion_mentoring.wiring import stores as wiring
from ion_mentoring.wiring.stores import Stores, stores
from tests.fakes import Clock

KIM = "key:web/kim"
BATCH = f"batch_{'b' * 26}"
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
CONVERSATION = ConversationId(KIM, "s")
KEPT = {kind.id: kind.kept for kind in kept_table().kind if kind.kept}
AUDITED = AuditRecord(
    "k", "m", "2026-11-29", "w", 1, NOON.isoformat(), "refused", "done", "a", "t", [], "n", "/", None, None, {}, ""
)


class Time:
    """A clock of dates that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


async def fill(kept: Stores) -> None:
    """One of each kind, at noon."""
    await kept.conversations.append(CONVERSATION, (Turn("user", "hello", NOON),), entry_id="e")
    chunks, lanes = planned([SubmittedItem(1, "1", {"user_input": "hello"}, KIM)], NOON, at_most=1)
    await kept.submissions.create(Batch(BATCH, Owner("default", "key:web"), 1, NOON, NOON + KEPT["batch_items"]), chunks, lanes)
    await kept.batches.store(ItemResult("b", "1", "answered", {"content": "hello"}, None, NOON, owner=KIM))
    await kept.ratings.put(KIM, Rating("r", NOON, "up"))
    await kept.exposures.see(KIM, Exposed("one", 1, "usual", NOON))
    await kept.arm_sums.add("one", 1, "2026-11-30", 0, {("usual", "calm"): {"answers": 1}})
    await kept.profiles.choose(KIM, Choices(experiments=False))
    await kept.profiles.agree(KIM, Consent(child=False))
    await kept.profiles.learn(KIM, {("calm", "lua"): Tally(1, 1)}, 1, NOON)
    await kept.profiles.count(Population(counted_at=NOON))
    await kept.ledger.settle(Entry("e", NOON, "sub:kim", "lua", "m", (Charge("m", Usage(1, 1), Cost(1)),), "whole"))
    await kept.erasures.put(Erasure("00", NOON))
    await kept.requests.claim("n", Record("body", "e", NOON))
    await kept.audit.append([AUDITED])
    await kept.audit.anchor(AUDITED.day, "{}")
    await kept.keys.add(KeyRecord("k", "t", "web", "mentee", (), (SecretMark("00"),), NOON, "b", ends_at=NOON))
    await kept.revocations.put(Revocation("default", "jti", "t", NOON))


async def _learnt(kept: Stores) -> bool:
    profile = await kept.profiles.get(KIM)
    return bool(profile and profile.tallies)


async def _chosen(kept: Stores) -> bool:
    profile = await kept.profiles.get(KIM)
    return bool(profile and not profile.choices.experiments)


async def _agreed(kept: Stores) -> bool:
    profile = await kept.profiles.get(KIM)
    return bool(profile and profile.consent.of_age)


async def _met(kept: Stores) -> bool:
    return bool((await kept.exposures.own(KIM, "")).values)


Look = Callable[[Stores], Awaitable[Any]]
THERE: dict[str, Look] = {
    "sessions": lambda kept: kept.conversations.recent(CONVERSATION, 1),
    "batch_items": lambda kept: kept.submissions.get(BATCH),
    "results": lambda kept: kept.batches.of("b"),
    "ratings": lambda kept: kept.ratings.of(KIM),
    "profile": _learnt,
    "exposures": _met,
    "arm_sums": lambda kept: kept.arm_sums.read("one", 1),
    "choices": _chosen,
    "consents": _agreed,
    "revocations": lambda kept: kept.revocations.all(),
    "population": lambda kept: kept.profiles.population(),
    "erasures": lambda kept: kept.erasures.all(),
}
SWEPT = [kind for kind in kept_table().kind if kind.kept and kind.tables and kind.id not in ("choices", "consents")]


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    clock = Time()
    monkeypatch.setattr(wiring, "_now", clock)
    for module in (conversations, user_keys, feedback, ledger, guarded_results, guarded_submissions):
        monkeypatch.setattr(module, "WITHIN_S", 30.0)  # how fast an emulator is isn't what is asked here
    return clock


@pytest.fixture(params=["sqlite", "firestore"])
async def kept(request: pytest.FixtureRequest, time: Time, tmp_path: Path) -> Stores:
    sqlite = request.param == "sqlite"
    setting = f"sqlite:///{tmp_path}/ion" if sqlite else f"firestore://{request.getfixturevalue('firestore_project')}"
    made = stores(setting)
    await fill(made)
    return made


async def test_each_kind_is_read_until_its_time_and_not_after_it(kept: Stores, time: Time) -> None:
    moment = timedelta(seconds=1)
    for name, look in sorted(THERE.items(), key=lambda one: KEPT[one[0]]):
        time.now = NOON + KEPT[name] - moment
        assert await look(kept), name
        time.now = NOON + KEPT[name] + moment
        assert not await look(kept), name


async def test_a_request_is_on_record_for_its_time(kept: Stores, time: Time) -> None:
    entries = []
    for name, late in (("early", -1), ("late", 1)):
        time.now = NOON
        await kept.requests.claim(name, Record("body", "first", NOON))
        time.now = NOON + KEPT["requests"] + timedelta(seconds=late)
        found = await kept.requests.claim(name, Record("body", "second", NOON))
        assert isinstance(found, Claim)
        entries.append(found.record.entry)
    assert entries == ["first", "second"]


async def test_sqlite_holds_nothing_of_a_kind_after_its_time_though_nobody_writes(time: Time, tmp_path: Path) -> None:
    kept = stores(f"sqlite:///{tmp_path}/ion")
    await fill(kept)
    databases = wiring.sqlite_database(f"{tmp_path}/ion"), wiring.erasures_database(f"sqlite:///{tmp_path}/ion")

    async def left(table: str) -> int:
        database = databases[table == "erasures"]
        where = " WHERE ratings > 0" if table == "profiles" else ""
        return int((await database.read(f"SELECT COUNT(*) FROM {table}{where}"))[0][0])

    for time_kept in sorted({kind.kept for kind in SWEPT if kind.kept}):
        kinds = [kind for kind in SWEPT if kind.kept == time_kept]
        tables = {table for kind in kinds for table in kind.tables} - {"reservations"}  # they end with their answers
        time.now = NOON + time_kept - timedelta(seconds=1)
        await kept.sweep()
        assert [table for table in tables if not await left(table)] == []
        whole = {kind.id for kind in kinds} & {"costs", "audit"}  # by the month and by the day
        time.now = NOON + time_kept + (timedelta(days=62) if whole else timedelta(seconds=1))
        assert await kept.sweep() > 0
        assert [table for table in tables if await left(table)] == []
    for database in databases:
        await database.close()


async def test_a_sweep_comes_once_an_hour_and_again_where_it_failed() -> None:
    clock, said = Clock(), list[str]()
    outcomes: list[int | Exception] = [OSError("away"), 3, 0]

    async def sweep() -> int:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    swept = SweepStore(sweep, EventLog("t", said.append), clock)
    with pytest.raises(OSError, match="away"):
        await swept()
    assert (await swept(), await swept()) == (3, 0)
    assert len(outcomes) == 1
    clock.tick(EVERY_S)
    assert (await swept(), outcomes) == (0, [])
    assert "".join(said).count("expired_swept") == 1


async def test_what_instances_remember_ends_as_the_table_says() -> None:
    clock, keys = Clock(), CacheKeys(b"k" * 32)
    explanations = Explanations(None, keys, clock)
    streams = StreamLogs(LocalCache(max_bytes=10_000, max_entries=9, now=clock), None, clock)
    shares = LocalSharing(clock, tenants=1)

    async def shared() -> bool:
        return shares.knows("q", "t")

    looks: dict[str, Callable[[], Awaitable[Any]]] = {
        "streams": lambda: streams.read("s"),
        "explanations": lambda: explanations.find("o", "r"),
        "shares": shared,
    }
    for name, look in looks.items():
        explanations.tell("o", "r", b"why")
        await streams.write("s", StreamLog("o", "ended", ()))
        await shares.asked("q", "t")
        clock.tick(KEPT[name].total_seconds() - 1)
        assert await look(), name
        clock.tick(2)
        assert not await look(), name
