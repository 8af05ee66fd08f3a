"""One SQLite database behind an asynchronous face; it opens at the first call and works in one thread of its own."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from ion_mentoring.errors import StoreUnavailable

BUSY_TIMEOUT_S = 5.0  # how long a write waits for another process's write
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
)  # one script a version; PRAGMA user_version says how many have run

Row = tuple[Any, ...]
Result = TypeVar("Result")


class Database:
    """A database in a file (its folder is made) or in `:memory:`; every failure is a StoreUnavailable."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        self._connection: sqlite3.Connection | None = None

    async def read(self, query: str, values: Sequence[Any] = ()) -> list[Row]:
        """The rows of a query."""
        return await self._run(lambda connection: connection.execute(query, values).fetchall())

    async def write(self, statement: str, rows: Iterable[Sequence[Any]]) -> int:
        """Runs a statement for each row in one transaction; how many rows it changed."""
        listed = list(rows)

        def run(connection: sqlite3.Connection) -> int:
            with connection:
                return connection.executemany(statement, listed).rowcount

        return await self._run(run)

    async def close(self) -> None:
        """Closes the file; a later call opens it again."""
        if self._connection is not None:
            await self._run(lambda connection: connection.close())
            self._connection = None

    async def _run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._in_thread, work)

    def _in_thread(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        try:
            if self._connection is None:
                self._connection = _opened(self._path)
            return work(self._connection)
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailable(f"sqlite: {error}", retry_after_s=1) from error


def _opened(path: str) -> sqlite3.Connection:
    if path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
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
