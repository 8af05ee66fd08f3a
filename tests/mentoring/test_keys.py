"""Keys are known again without asking, for as long as they hold and no longer, in every instance."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from ion_mentoring.access.caller import Caller, Role, Scope
from ion_mentoring.access.key_format import new_secret
from ion_mentoring.caching.epochs import Epochs
from ion_mentoring.caching.reliance import FAR_S, Reliance
from ion_mentoring.errors import CacheUnavailable, NotFound, StoreUnavailable, Unauthenticated, ValidationFailed
from ion_mentoring.mentoring.issuing import known_keys
from ion_mentoring.mentoring.issuing.issue_keys import CHANGED, IssueKeys, KeyOrder
from ion_mentoring.mentoring.issuing.known_keys import AHEAD_S, GOES_ON_S, KnownKeys
from ion_mentoring.mentoring.issuing.marks import SecretMarks
from ion_mentoring.records.keys.protocol import KeyRecord, KeyRecords, StoredKey
from ion_mentoring.records.keys.sqlite import SqliteKeyRecords
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.stores import sqlite_database
from tests.fakes import Clock

BOSS = Caller("acme/key:boss", frozenset({Role.ADMIN}), tenant="acme")
ROOT = Caller("key:root", frozenset({Role.ADMIN}))
MARKS = SecretMarks((b"s" * 32,))
ORDER = KeyOrder("acme", "web", Role.SERVICE)


@dataclass
class Counted:
    """The keys of a real store, with its reads counted, and a way to take it away."""

    kept: KeyRecords
    reads: int = 0
    away: bool = False

    async def add(self, record: KeyRecord) -> bool:
        return await self.kept.add(record)

    async def get(self, key_id: str) -> StoredKey | None:
        self.reads += 1
        if self.away:
            raise StoreUnavailable("away")
        return await self.kept.get(key_id)

    async def replace(self, stored: StoredKey, record: KeyRecord) -> bool:
        return await self.kept.replace(stored, record)

    async def of(self, tenant: str) -> tuple[tuple[KeyRecord, datetime | None], ...]:
        return await self.kept.of(tenant)

    async def used(self, key_id: str, at: datetime) -> None:
        await self.kept.used(key_id, at)


@dataclass
class Server:
    """The order of invalidations as L2 keeps it: one document, which each instance's reads bring along."""

    clock: Clock
    rules: list[list[object]] = field(default_factory=list)
    away: bool = False

    def instance(self) -> Epochs:
        return Epochs(5, self.clock)

    async def verify(self, epochs: Epochs) -> bool:
        if self.away:
            return False
        document = f'{{"era":7,"number":{len(self.rules)},"rules":{self.rules}}}'.replace("'", '"')
        return epochs.learn(document.encode(), self.clock())

    async def invalidate(self, pattern: str) -> None:
        if self.away:
            raise CacheUnavailable("away")
        self.rules.append([len(self.rules) + 1, pattern, 0])


@pytest.fixture
def clock() -> Clock:
    return Clock(1_800_000_000.0)


@pytest.fixture
async def store(clock: Clock, tmp_path: Path) -> AsyncIterator[Counted]:
    database = sqlite_database(str(tmp_path / "ion.sqlite3"))
    yield Counted(SqliteKeyRecords(database, lambda: moment(clock)))
    await database.close()


@pytest.fixture
def server(clock: Clock) -> Server:
    return Server(clock)


@pytest.fixture
def issue(store: Counted, server: Server, clock: Clock, lines: list[str]) -> IssueKeys:
    return IssueKeys(store, MARKS, server.invalidate, EventLog("test", lines.append), lambda: moment(clock))


@pytest.fixture
def shared(store: Counted, server: Server, clock: Clock, lines: list[str]) -> KnownKeys:
    """An instance with an L2."""
    return instance(store, server, clock, lines)


@pytest.fixture
def alone(store: Counted, clock: Clock, lines: list[str]) -> KnownKeys:
    """An instance without one."""
    log = EventLog("test", lines.append)
    return KnownKeys(store, MARKS, Reliance(Epochs(5, clock), None, CHANGED, 5, clock), log)


def instance(store: Counted, server: Server, clock: Clock, lines: list[str]) -> KnownKeys:
    epochs, log = server.instance(), EventLog("test", lines.append)
    return KnownKeys(store, MARKS, Reliance(epochs, lambda: server.verify(epochs), CHANGED, 5, clock), log)


def moment(clock: Clock) -> datetime:
    return datetime.fromtimestamp(clock(), UTC)


def written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def opens(keys: KnownKeys, secret: str) -> bool:
    try:
        await keys.caller(secret)
    except Unauthenticated:
        return False
    return True


async def test_a_key_is_its_caller_with_what_it_was_ordered_with(issue: IssueKeys, shared: KnownKeys) -> None:
    order = replace(ORDER, scopes=frozenset({Scope.ASK}), monthly_tokens=7)
    made = await issue.create(order, BOSS)
    caller = await shared.caller(made.secret)
    assert caller == Caller(
        f"acme/key:{made.record.id}",
        frozenset({Role.SERVICE}),
        monthly_tokens=7,
        tenant="acme",
        scopes=frozenset({Scope.ASK}),
    )


async def test_the_store_has_nothing_of_the_secret(issue: IssueKeys, store: Counted, lines: list[str], tmp_path: Path) -> None:
    made = await issue.create(ORDER, BOSS)
    await issue.rotate(made.record.id, BOSS, timedelta(hours=1))
    kept = written(tmp_path) + "".join(lines).encode()
    assert made.record.id.encode() in kept
    assert made.secret[17:].encode() not in kept


def test_a_key_is_known_under_any_secret_of_the_deployment_and_marked_under_the_first() -> None:
    key, newer = new_secret("0123456789ab"), SecretMarks((b"n" * 32, b"s" * 32))
    assert newer.among(key, ["other", MARKS.of(key)]) == MARKS.of(key)
    assert newer.among(key, [newer.of(key)]) == newer.of(key)
    assert MARKS.among(key, [newer.of(key)]) is None
    assert newer.among(key, []) is None


async def test_a_known_key_asks_nobody(issue: IssueKeys, shared: KnownKeys, store: Counted) -> None:
    made = await issue.create(ORDER, BOSS)
    callers = await asyncio.gather(*(shared.caller(made.secret) for _ in range(50)))
    assert len(set(callers)) == 1
    for _ in range(50):
        await shared.caller(made.secret)
    assert store.reads == 1


@pytest.mark.parametrize("kind", ["shared", "alone"])
async def test_a_wrong_secret_of_a_right_id_opens_nothing(
    issue: IssueKeys, store: Counted, kind: str, request: pytest.FixtureRequest
) -> None:
    keys: KnownKeys = request.getfixturevalue(kind)
    made = await issue.create(ORDER, BOSS)
    wrong = new_secret(made.record.id)
    for _ in range(3):
        assert not await opens(keys, wrong)
    assert store.reads == 1, "it is known to be wrong"
    assert not await opens(keys, made.secret[:-1])
    assert not await opens(keys, new_secret("nobodys12345"))
    assert await opens(keys, made.secret)


async def test_a_revoked_key_opens_nothing_within_five_seconds_in_any_instance(
    issue: IssueKeys, store: Counted, server: Server, clock: Clock, lines: list[str]
) -> None:
    made = await issue.create(ORDER, BOSS)
    instances = [instance(store, server, clock, lines) for _ in range(3)]
    for one in instances:
        assert await opens(one, made.secret)
        clock.tick(1)
    await issue.revoke(made.record.id, BOSS)
    clock.tick(5.001)
    assert not any([await opens(one, made.secret) for one in instances])


@pytest.mark.parametrize("kind", ["shared", "alone"])
async def test_without_l2_it_takes_the_declared_time(
    issue: IssueKeys, server: Server, clock: Clock, kind: str, request: pytest.FixtureRequest
) -> None:
    keys: KnownKeys = request.getfixturevalue(kind)
    made = await issue.create(ORDER, BOSS)
    assert await opens(keys, made.secret)
    server.away = True
    await issue.revoke(made.record.id, BOSS)
    clock.tick(5.001)
    assert not await opens(keys, made.secret)


async def test_a_key_that_is_being_read_while_it_is_revoked_is_read_again(
    issue: IssueKeys, shared: KnownKeys, store: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await issue.create(ORDER, BOSS)
    read = Counted.get

    async def slow(self: Counted, key_id: str) -> StoredKey | None:
        found = await read(self, key_id)
        if found and not found.record.revoked_at:
            monkeypatch.setattr(Counted, "get", read)
            await issue.revoke(key_id, BOSS)
        return found

    monkeypatch.setattr(Counted, "get", slow)
    await shared.caller(made.secret)  # it was right when it was read
    await shared._reliance.verify()  # type: ignore[misc] # the next read of L2
    assert not await opens(shared, made.secret)


async def test_what_another_region_revoked_is_known_after_a_minute_at_most(
    issue: IssueKeys, shared: KnownKeys, store: Counted, clock: Clock
) -> None:
    made = await issue.create(ORDER, BOSS)
    elsewhere = replace(issue, invalidate=Server(clock).invalidate)
    assert await opens(shared, made.secret)
    await elsewhere.revoke(made.record.id, BOSS)
    clock.tick(AHEAD_S + 1)
    assert await opens(shared, made.secret), "behind this answer it is read again"
    await asyncio.sleep(0.1)
    assert not await opens(shared, made.secret)
    idle = await issue.create(ORDER, BOSS)
    assert await opens(shared, idle.secret)
    await elsewhere.revoke(idle.record.id, BOSS)
    clock.tick(FAR_S + 1)
    assert not await opens(shared, idle.secret)


async def test_both_secrets_open_while_a_key_is_rotated_and_the_older_one_ends(
    issue: IssueKeys, shared: KnownKeys, clock: Clock
) -> None:
    made = await issue.create(ORDER, BOSS)
    first = await shared.caller(made.secret)
    rotated = await issue.rotate(made.record.id, BOSS, timedelta(minutes=10))
    assert rotated.record.id == made.record.id
    clock.tick(599)
    assert await shared.caller(made.secret) == await shared.caller(rotated.secret) == first
    again = await issue.rotate(made.record.id, BOSS, timedelta(minutes=10))
    clock.tick(6)
    assert [await opens(shared, one.secret) for one in (made, rotated, again)] == [False, True, True]
    clock.tick(600)
    assert [await opens(shared, one.secret) for one in (made, rotated, again)] == [False, False, True]
    await issue.revoke(made.record.id, BOSS)
    clock.tick(6)
    assert not await opens(shared, again.secret)


async def test_a_rotation_without_overlap_ends_the_secret_at_once(issue: IssueKeys, shared: KnownKeys, clock: Clock) -> None:
    made = await issue.create(ORDER, BOSS)
    await opens(shared, made.secret)
    rotated = await issue.rotate(made.record.id, BOSS, timedelta(0))
    clock.tick(5.001)
    assert [await opens(shared, one.secret) for one in (made, rotated)] == [False, True]


async def test_a_key_expires_though_it_is_known(issue: IssueKeys, shared: KnownKeys, clock: Clock) -> None:
    made = await issue.create(replace(ORDER, ends_at=moment(clock) + timedelta(seconds=3)), BOSS)
    assert await opens(shared, made.secret)
    clock.tick(3)
    assert not await opens(shared, made.secret)


async def test_the_last_use_is_right_to_the_minute_and_written_once_in_it(
    issue: IssueKeys, shared: KnownKeys, clock: Clock
) -> None:
    made = await issue.create(ORDER, BOSS)
    for seconds in (0, 1, 1, 70):
        clock.tick(seconds)
        await shared.caller(made.secret)
    await asyncio.sleep(0.1)
    ((_, used_at),) = await issue.listed("acme")
    assert used_at == moment(clock).replace(second=0, microsecond=0)


async def test_without_a_store_a_key_that_was_known_goes_on_for_a_while_and_no_new_one_does(
    issue: IssueKeys, alone: KnownKeys, store: Counted, clock: Clock
) -> None:
    made, other = await issue.create(ORDER, BOSS), await issue.create(ORDER, BOSS)
    assert await opens(alone, made.secret)
    store.away = True
    clock.tick(GOES_ON_S - 1)
    assert await opens(alone, made.secret)
    with pytest.raises(StoreUnavailable):
        await alone.caller(other.secret)
    clock.tick(2)
    with pytest.raises(StoreUnavailable):
        await alone.caller(made.secret)


async def test_wrong_keys_push_no_right_one_out(
    issue: IssueKeys, shared: KnownKeys, store: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_keys, "MOST", 3)
    made = await issue.create(ORDER, BOSS)
    await shared.caller(made.secret)
    for _ in range(20):
        assert not await opens(shared, new_secret(made.record.id))
    reads = store.reads
    await shared.caller(made.secret)
    assert store.reads == reads


async def test_an_admin_changes_keys_of_its_own_tenant_alone_and_the_services_those_of_all(issue: IssueKeys) -> None:
    made = await issue.create(ORDER, BOSS)
    foreigner = replace(BOSS, id="globex/key:boss", tenant="globex")
    for change in (issue.revoke(made.record.id, foreigner), issue.rotate(made.record.id, foreigner, timedelta(0))):
        with pytest.raises(NotFound):
            await change
    await issue.revoke(made.record.id, ROOT)
    with pytest.raises(NotFound):
        await issue.revoke(made.record.id, BOSS)
    with pytest.raises(NotFound):
        await issue.rotate("absent", BOSS, timedelta(0))


async def test_of_a_revocation_and_a_rotation_at_once_the_key_is_revoked(issue: IssueKeys, store: Counted) -> None:
    for _ in range(5):
        made = await issue.create(ORDER, BOSS)
        changes = (issue.rotate(made.record.id, BOSS, timedelta(1)), issue.revoke(made.record.id, BOSS))
        await asyncio.gather(*changes, return_exceptions=True)
        found = await store.get(made.record.id)
        assert found is not None
        assert found.record.revoked_at is not None
        assert found.record.secrets == ()


@pytest.mark.parametrize(
    ("order", "named"),
    [
        (replace(ORDER, scopes=frozenset({Scope.ADMINISTER})), "scopes"),
        (replace(ORDER, scopes=frozenset()), "scopes"),
        (replace(ORDER, ends_at=datetime(2020, 1, 1, tzinfo=UTC)), "expires_at"),
    ],
)
async def test_an_order_that_makes_no_sense_is_refused(issue: IssueKeys, order: KeyOrder, named: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        await issue.create(order, BOSS)
    assert refused.value.field == named
