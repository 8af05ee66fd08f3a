"""One SQLite database behind an asynchronous face; it opens at the first call and works in one thread of its own."""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from ion_mentoring.errors import StoreRefused, StoreUnavailable

BUSY_TIMEOUT_S = 5.0  # how long a write waits for another process's write
RETRY_S = 0.01  # between two tries
LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
MIGRATIONS_TABLE = "CREATE TABLE IF NOT EXISTS migrations (record TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL)"

Migrations = Mapping[str, Sequence[str]]  # by the name of a record: one script a version
Row = tuple[Any, ...]
Result = TypeVar("Result")


class Database:
    """A database in a file (its folder is made) or in `:memory:`; every failure is a StoreUnavailable.

    `migrations` are those of the records that it keeps. `before` says which of them a file has, by its `user_version`, that
    was made when all records had one version together.
    """

    def __init__(
        self,
        path: str,
        migrations: Migrations,
        *,
        before: Sequence[Mapping[str, int]] = (),
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> None:
        self._path = path
        self._migrations = migrations
        self._before = before
        self._busy_timeout_s = busy_timeout_s
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        self._connection: sqlite3.Connection | None = None

    async def read(self, query: str, values: Sequence[Any] = ()) -> list[Row]:
        """The rows of a query."""
        return await self._run(lambda connection: connection.execute(query, values).fetchall())

    async def write(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Runs a statement for each row in one transaction."""
        listed = list(rows)

        def run(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany(statement, listed)

        await self._run(run)

    async def transact(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """The result of `work` on the database in one transaction, under the write lock from its beginning."""

        def run(connection: sqlite3.Connection) -> Result:
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                return work(connection)

        return await self._run(run)

    async def create(self, insert: str, rows: Iterable[Sequence[Any]]) -> bool:
        """Inserts rows in one transaction; False, and none of them written, if there is one of the same primary key."""
        try:
            await self.write(insert, rows)
        except StoreUnavailable as error:
            if _is_duplicate(error.__cause__):
                return False
            raise
        return True

    async def truncate(self) -> None:
        """Writes the log into the file and empties it, since it still holds what was deleted; waits for its readers."""
        over = asyncio.get_running_loop().time() + self._busy_timeout_s
        while (await self.read("PRAGMA wal_checkpoint(TRUNCATE)"))[0][0]:
            if asyncio.get_running_loop().time() >= over:
                raise StoreUnavailable("sqlite: others read in the log all the time", retry_after_s=1)
            await asyncio.sleep(RETRY_S)

    async def close(self) -> None:
        """Closes the file; a later call opens it again (and finds nothing, if it was `:memory:`)."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)

    async def _run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """The result of `work`. While the file is locked it is tried again and again, and between two tries the thread is free:
        others read, and what nobody waits for any more is not tried again."""
        loop = asyncio.get_running_loop()
        over = loop.time() + self._busy_timeout_s
        while True:
            try:
                return await loop.run_in_executor(self._thread, self._in_thread, work)
            except _Locked as error:
                if loop.time() >= over:
                    raise StoreUnavailable(f"sqlite: {error}", retry_after_s=1) from error
            await asyncio.sleep(RETRY_S)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _in_thread(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        try:
            if self._connection is None:
                self._connection = _opened(self._path, self._migrations, self._before)
            return work(self._connection)
        except sqlite3.IntegrityError as error:
            raise StoreRefused(f"sqlite: {error}") from error
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in LOCKED:
                raise _Locked(str(error)) from error
            raise StoreUnavailable(f"sqlite: {error}", retry_after_s=1) from error
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailable(f"sqlite: {error}", retry_after_s=1) from error


class _Locked(Exception):
    """Somebody else writes at the moment: nothing was done, and it may be tried again."""


def sortable(at: datetime) -> str:
    """A time in UTC as text that sorts as the time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _is_duplicate(error: BaseException | None) -> bool:
    return isinstance(error, sqlite3.IntegrityError) and error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY


def _opened(path: str, migrations: Migrations, before: Sequence[Mapping[str, int]]) -> sqlite3.Connection:
    if path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _own(path)
    connection = sqlite3.connect(path, timeout=0)  # it would wait in the thread that all calls share
    try:
        connection.execute("PRAGMA journal_mode = WAL")  # the write-ahead log: who reads does not wait for who writes
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is written over, and not only forgotten
        _adopt(connection, before)
        for record, scripts in migrations.items():
            _migrate(connection, record, scripts)
        connection.execute(f"PRAGMA user_version = {len(before)}")  # for a release that knows no other version
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _own(path: str) -> None:
    """Makes the file its owner's alone; its log and its index get the same mode from it."""
    if os.path.isdir(path):
        return  # SQLite says what is wrong with that
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    for file in (path, f"{path}-wal", f"{path}-shm"):
        with suppress(FileNotFoundError):
            os.chmod(file, 0o600)


def _adopt(connection: sqlite3.Connection, before: Sequence[Mapping[str, int]]) -> None:
    """Takes over a file whose records had one version together; several processes may try at once."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(MIGRATIONS_TABLE)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version:
        connection.executemany("INSERT OR IGNORE INTO migrations VALUES (?, ?)", before[version - 1].items())
    connection.commit()


def _version(connection: sqlite3.Connection, record: str) -> int:
    row = connection.execute("SELECT version FROM migrations WHERE record = ?", (record,)).fetchone()
    return int(row[0]) if row else 0


def _migrate(connection: sqlite3.Connection, record: str, scripts: Sequence[str]) -> None:
    """Brings a record's tables up to date; several processes may try at once, so each step is taken under a write lock."""
    version = _version(connection, record)
    for number, script in enumerate(scripts[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection, record) < number:
            for statement in filter(str.strip, script.split(";")):
                connection.execute(statement)
            connection.execute("INSERT OR REPLACE INTO migrations VALUES (?, ?)", (record, number))
        connection.commit()
