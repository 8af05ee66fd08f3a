"""One SQLite database behind an asynchronous face; it opens at the first call and works in one thread of its own."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from ion_mentoring.errors import StoreRefused, StoreUnavailable

BUSY_TIMEOUT_S = 5.0  # how long a write waits for another process's write
RETRY_S = 0.01  # between two tries
LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
SCHEMA = (
    """
    CREATE TABLE turns (
        conversation TEXT NOT NULL, entry TEXT NOT NULL, place INTEGER NOT NULL,
        role TEXT NOT NULL, content TEXT NOT NULL, at TEXT NOT NULL, expires_at TEXT NOT NULL,
        PRIMARY KEY (conversation, entry, place)
    ) WITHOUT ROWID;
    CREATE INDEX turns_in_order ON turns (conversation, at, entry, place);
    CREATE TABLE results (
        batch TEXT NOT NULL, item TEXT NOT NULL, state TEXT NOT NULL,
        answer TEXT, reason TEXT, at TEXT NOT NULL, expires_at TEXT NOT NULL,
        PRIMARY KEY (batch, item)
    ) WITHOUT ROWID;
    """,
    """
    CREATE INDEX turns_by_expiry ON turns (expires_at);
    CREATE INDEX results_by_expiry ON results (expires_at);
    """,
    """
    CREATE TABLE entries (
        id TEXT NOT NULL PRIMARY KEY, month TEXT NOT NULL, at TEXT NOT NULL, caller TEXT NOT NULL, persona TEXT NOT NULL,
        model TEXT NOT NULL, outcome TEXT NOT NULL, calls TEXT NOT NULL, expires_at TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX entries_by_expiry ON entries (expires_at);
    CREATE TABLE totals (
        month TEXT NOT NULL, part TEXT NOT NULL, name TEXT NOT NULL,
        answers INTEGER NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
        estimated_tokens INTEGER NOT NULL, unpriced_tokens INTEGER NOT NULL, nano_usd INTEGER NOT NULL,
        PRIMARY KEY (month, part, name)
    ) WITHOUT ROWID;
    CREATE TABLE reservations (
        caller TEXT NOT NULL, month TEXT NOT NULL, entry TEXT NOT NULL, tokens INTEGER NOT NULL, expires_at TEXT NOT NULL,
        PRIMARY KEY (caller, month, entry)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE requests (
        name TEXT NOT NULL PRIMARY KEY, fingerprint TEXT NOT NULL, entry TEXT NOT NULL, held_until TEXT NOT NULL,
        answer BLOB, version INTEGER NOT NULL, expires_at TEXT NOT NULL
    );
    CREATE INDEX requests_by_expiry ON requests (expires_at);
    """,
)  # one script a version; PRAGMA user_version says how many have run

Row = tuple[Any, ...]
Result = TypeVar("Result")


class Database:
    """A database in a file (its folder is made) or in `:memory:`; every failure is a StoreUnavailable."""

    def __init__(self, path: str, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self._path = path
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
                self._connection = _opened(self._path)
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


def _opened(path: str) -> sqlite3.Connection:
    if path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=0)  # it would wait in the thread that all calls share
    try:
        connection.execute("PRAGMA journal_mode = WAL")  # the write-ahead log: who reads does not wait for who writes
        connection.execute("PRAGMA synchronous = NORMAL")
        _migrate(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    """Brings the schema up to date; several processes may try at once, so each step is taken under a write lock."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number, script in enumerate(SCHEMA[version:], version + 1):
        connection.execute("BEGIN IMMEDIATE")
        (now,) = connection.execute("PRAGMA user_version").fetchone()
        if now < number:
            for statement in filter(str.strip, script.split(";")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.commit()
