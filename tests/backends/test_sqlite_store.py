"""The SQLite database: lazy, in its own thread, brought up to date, and honest when it cannot work."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from ion_mentoring.backends.sqlite import Database, sortable
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.records.audit import sqlite as audit
from ion_mentoring.records.batches import sqlite_results as batches
from ion_mentoring.records.batches import sqlite_submissions as submissions
from ion_mentoring.records.conversations import sqlite as conversations
from ion_mentoring.records.experiments import sqlite as experiments
from ion_mentoring.records.feedback import sqlite as feedback
from ion_mentoring.records.flags import sqlite as flags
from ion_mentoring.records.idempotency import sqlite as idempotency
from ion_mentoring.records.keys import sqlite as keys
from ion_mentoring.records.ledger import sqlite as ledger
from ion_mentoring.records.profiles import sqlite as profiles
from ion_mentoring.records.revocations import sqlite as revocations
from ion_mentoring.records.user_keys import sqlite as user_keys
from ion_mentoring.wiring.stores import TOGETHER, sqlite_database

INSERT = "INSERT INTO results (batch, item, state, answer, reason, at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)"


MIGRATIONS = {
    "conversations": conversations.MIGRATIONS,
    "batches": batches.MIGRATIONS,
    "ledger": ledger.MIGRATIONS,
    "idempotency": idempotency.MIGRATIONS,
    "submissions": submissions.MIGRATIONS,
    "keys": keys.MIGRATIONS,
    "revocations": revocations.MIGRATIONS,
    "feedback": feedback.MIGRATIONS,
    "profiles": profiles.MIGRATIONS,
    "flags": flags.MIGRATIONS,
    "experiments": experiments.MIGRATIONS,
    "audit": audit.MIGRATIONS,
    "user_keys": user_keys.MIGRATIONS,
}


def row(batch: str, item: str, reason: str | None = None) -> tuple[str | None, ...]:
    return (batch, item, "answered", None, reason, "2026-01-01", "2026-02-01")


async def test_nothing_is_opened_before_the_first_call(tmp_path: Path) -> None:
    before = threading.active_count()
    database = sqlite_database(str(tmp_path / "new" / "folder" / "ion.sqlite3"))
    assert not (tmp_path / "new").exists()
    assert threading.active_count() == before
    assert await database.read("SELECT count(*) FROM turns") == [(0,)]
    assert (tmp_path / "new" / "folder" / "ion.sqlite3").exists()
    await database.close()


async def test_a_file_is_in_write_ahead_mode(tmp_path: Path) -> None:
    database = sqlite_database(str(tmp_path / "ion.sqlite3"))
    assert await database.read("PRAGMA journal_mode") == [("wal",)]
    await database.close()


async def test_work_is_done_outside_the_thread_of_the_event_loop() -> None:
    database = sqlite_database(":memory:")
    names = await database._run(lambda _connection: threading.current_thread().name)
    assert names.startswith("sqlite")
    await database.close()


async def test_what_is_in_a_file_is_there_after_closing(tmp_path: Path) -> None:
    database = sqlite_database(str(tmp_path / "ion.sqlite3"))
    await database.write(INSERT, [row("b", "1")])
    await database.close()
    await database.close()
    assert await database.read("SELECT item FROM results") == [("1",)]
    await database.close()


async def test_a_call_that_was_waiting_while_the_file_closed_opens_it_again(tmp_path: Path) -> None:
    database = sqlite_database(str(tmp_path / "ion.sqlite3"))
    await database.write(INSERT, [row("b", "1")])
    _, rows = await asyncio.gather(database.close(), database.read("SELECT item FROM results"))
    assert rows == [("1",)]
    await database.close()


async def test_a_failed_row_takes_back_the_rows_before_it() -> None:
    database = sqlite_database(":memory:")
    with pytest.raises(StoreUnavailable):
        await database.write(INSERT, [row("b", "1"), row("b", "1")])
    assert await database.read("SELECT item FROM results") == []
    await database.close()


async def test_rows_are_created_once_and_all_or_none() -> None:
    database = sqlite_database(":memory:")
    assert await database.create(INSERT, [row("b", "1", "first")])
    assert not await database.create(INSERT, [row("b", "2"), row("b", "1", "second")])
    assert await database.read("SELECT item, reason FROM results") == [("1", "first")]
    await database.close()


async def test_a_row_that_breaks_another_rule_is_no_duplicate() -> None:
    database = sqlite_database(":memory:")
    with pytest.raises(StoreUnavailable, match="NOT NULL"):
        await database.create("INSERT INTO results (batch, item) VALUES (?, ?)", [("b", "1")])
    await database.close()


async def test_many_processes_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    for attempt in range(8):  # a race: seldom lost in one attempt
        databases = [sqlite_database(str(tmp_path / str(attempt) / "ion.sqlite3")) for _ in range(12)]
        await asyncio.gather(*(one.write(INSERT, [row("b", str(place))]) for place, one in enumerate(databases)))
        assert await databases[0].read("SELECT count(*) FROM results") == [(12,)]
        for one in databases:
            await one.close()


@pytest.mark.parametrize(("version", "had"), list(enumerate(TOGETHER, 1)))
async def test_a_file_of_when_records_had_one_version_is_taken_over_and_keeps_its_rows(
    tmp_path: Path, version: int, had: dict[str, int]
) -> None:
    path = str(tmp_path / "ion.sqlite3")
    with closing(sqlite3.connect(path)) as old:
        for record, count in had.items():
            for script in MIGRATIONS[record][:count]:
                old.executescript(script)
        old.execute(INSERT, row("b", "1"))
        old.execute(f"PRAGMA user_version = {version}")
        old.commit()
    new = sqlite_database(path)
    assert await new.read("SELECT item FROM results") == [("1",)]
    assert dict(await new.read("SELECT record, version FROM migrations")) == {r: len(m) for r, m in MIGRATIONS.items()}
    await new.close()
    again = sqlite_database(path)
    assert await again.read("SELECT item FROM results") == [("1",)]
    await again.close()


async def test_a_migration_that_fails_leaves_the_version_before_it(tmp_path: Path) -> None:
    path = str(tmp_path / "ion.sqlite3")
    worse = {**MIGRATIONS, "batches": (*MIGRATIONS["batches"], "CREATE TABLE added (one TEXT); CREATE TABLE turns (one TEXT)")}
    broken, database = Database(path, worse), sqlite_database(path)
    with pytest.raises(StoreUnavailable, match="already exists"):
        await broken.read("SELECT 1")
    assert await database.read("SELECT count(*) FROM sqlite_master WHERE name = 'added'") == [(0,)]
    assert await database.read("SELECT version FROM migrations WHERE record = 'batches'") == [(4,)]
    await database.close()
    await broken.close()


async def test_a_write_waits_for_anothers_lock_and_the_loop_goes_on_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "ion.sqlite3"
    database, elsewhere = sqlite_database(str(path), busy_timeout_s=20), sqlite_database(":memory:")
    await database.read("SELECT 1")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(database.write(INSERT, [row("b", "1")]))
        assert await elsewhere.read("SELECT 1") == [(1,)]
        assert not waiting.done()
        other.execute("ROLLBACK")
    await waiting
    assert await database.read("SELECT item FROM results") == [("1",)]
    await database.close()
    await elsewhere.close()


async def test_a_file_locked_for_longer_than_the_busy_timeout_is_unavailable_and_then_works(tmp_path: Path) -> None:
    path = tmp_path / "ion.sqlite3"
    database = sqlite_database(str(path), busy_timeout_s=0.01)
    await database.read("SELECT 1")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked") as caught:
            await database.write(INSERT, [row("b", "1")])
    assert caught.value.retry_after_s == 1
    await database.write(INSERT, [row("b", "1")])
    await database.close()


async def test_a_file_that_is_locked_when_it_is_opened_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "ion.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreUnavailable, match="locked"):
            await sqlite_database(str(path), busy_timeout_s=0.01).read("SELECT 1")


async def test_opening_waits_for_a_lock_that_sqlite_itself_does_not_wait_for(tmp_path: Path) -> None:
    path = tmp_path / "ion.sqlite3"
    database, elsewhere = sqlite_database(str(path), busy_timeout_s=20), sqlite_database(":memory:")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE theirs (one TEXT)")
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(database.read("PRAGMA journal_mode"))
        assert await elsewhere.read("SELECT 1") == [(1,)]
        assert not waiting.done()
        other.execute("ROLLBACK")
    assert await waiting == [("wal",)]
    await database.close()
    await elsewhere.close()


async def test_while_a_hundred_writes_wait_for_anothers_lock_reads_go_on(tmp_path: Path) -> None:
    path = tmp_path / "ion.sqlite3"
    database = sqlite_database(str(path), busy_timeout_s=20)
    await database.write(INSERT, [row("b", "kept")])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = [asyncio.create_task(database.write(INSERT, [row("b", str(number))])) for number in range(100)]
        async with asyncio.timeout(5):
            for _ in range(20):
                assert await database.read("SELECT item FROM results") == [("kept",)]
        assert not any(task.done() for task in waiting)
        other.execute("ROLLBACK")
    await asyncio.gather(*waiting)
    assert await database.read("SELECT count(*) FROM results") == [(101,)]
    await database.close()


async def test_a_write_that_nobody_waits_for_any_more_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "ion.sqlite3"
    database = sqlite_database(str(path), busy_timeout_s=20)
    await database.read("SELECT 1")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = [asyncio.create_task(database.write(INSERT, [row("b", str(number))])) for number in range(100)]
        await database.read("SELECT 1")
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await database.read("SELECT 1")
        assert database._thread._work_queue.qsize() == 0
        other.execute("ROLLBACK")
    await database.write(INSERT, [row("b", "last")])
    assert await database.read("SELECT item FROM results") == [("last",)]
    await database.close()


async def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "ion.sqlite3"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        await sqlite_database(str(path)).read("SELECT 1")


async def test_a_folder_in_the_files_place_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="unable to open"):
        await sqlite_database(str(tmp_path)).read("SELECT 1")


async def test_a_file_in_the_folders_place_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(StoreUnavailable):
        await sqlite_database(str(tmp_path / "taken" / "ion.sqlite3")).read("SELECT 1")


async def test_a_wrong_query_is_a_store_error_that_names_its_cause() -> None:
    database = sqlite_database(":memory:")
    with pytest.raises(StoreUnavailable, match="no such table") as caught:
        await database.read("SELECT * FROM nowhere")
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
    await database.close()


def test_times_sort_as_text_whatever_their_zone() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    seoul = (noon + timedelta(microseconds=1)).astimezone(timezone(timedelta(hours=9)))
    assert sortable(noon) < sortable(seoul) < sortable(noon + timedelta(seconds=1))
    assert datetime.fromisoformat(sortable(seoul)) == seoul


async def test_a_transaction_is_whole_or_has_not_been(tmp_path: Path) -> None:
    database = sqlite_database(str(tmp_path / "ion.sqlite3"))

    def broken(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO reservations VALUES ('c', 'm', 'e', 1, 't')")
        raise sqlite3.IntegrityError("after the first half")

    with pytest.raises(StoreUnavailable):
        await database.transact(broken)
    assert await database.read("SELECT * FROM reservations") == []
    assert await database.transact(lambda connection: connection.execute("SELECT 1").fetchone()) == (1,)
    await database.close()
