"""Batches in SQLite."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

from ion_mentoring.backends.sqlite import Database, sortable
from ion_mentoring.records.batches.codec import decode, encode
from ion_mentoring.records.batches.held import held_items
from ion_mentoring.records.batches.submissions import Batch, Chunk, HeldItem, Lane, Owner
from ion_mentoring.records.batches.words import BatchWords, SealedChunk, emptied_items
from ion_mentoring.records.paging import Page

Value = TypeVar("Value", Batch, Lane)

CHUNKS: Final = 5  # read at once of one person's: some two dozen items each

MIGRATIONS: Final = (
    """
    CREATE TABLE batches (
        id TEXT NOT NULL PRIMARY KEY, tenant TEXT NOT NULL, caller TEXT NOT NULL, created_at TEXT NOT NULL,
        record TEXT NOT NULL, version INTEGER NOT NULL, outbox INTEGER NOT NULL, expires_at TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX batches_by_owner ON batches (tenant, caller, created_at);
    CREATE INDEX batches_in_outbox ON batches (id) WHERE outbox;
    CREATE INDEX batches_by_expiry ON batches (expires_at);
    CREATE TABLE batch_lanes (
        batch TEXT NOT NULL, id TEXT NOT NULL, record TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (batch, id)
    ) WITHOUT ROWID;
    CREATE TABLE batch_chunks (
        batch TEXT NOT NULL, lane TEXT NOT NULL, number INTEGER NOT NULL, items TEXT NOT NULL, PRIMARY KEY (batch, lane, number)
    )
    """,
    """
    CREATE TABLE batch_holders (
        holder TEXT NOT NULL, batch TEXT NOT NULL, lane TEXT NOT NULL, number INTEGER NOT NULL,
        PRIMARY KEY (holder, batch, lane, number)
    ) WITHOUT ROWID;
    CREATE INDEX batch_holders_of_batches ON batch_holders (batch);
    """,
)

_FORGET: Final = (
    "DELETE FROM batch_lanes WHERE batch IN (SELECT id FROM batches WHERE expires_at <= ?)",
    "DELETE FROM batch_chunks WHERE batch IN (SELECT id FROM batches WHERE expires_at <= ?)",
    "DELETE FROM batch_holders WHERE batch IN (SELECT id FROM batches WHERE expires_at <= ?)",
    "DELETE FROM batches WHERE expires_at <= ?",
)
_LISTED: Final = """
SELECT id, record, version FROM batches
WHERE ((tenant = '' AND caller = ?) OR (tenant = ? AND caller = ?)) AND expires_at > ? ORDER BY created_at DESC, id LIMIT ?
"""
_HELD: Final = """
SELECT chunk.batch, chunk.lane, chunk.number, chunk.items, batches.expires_at
FROM batch_holders AS whose JOIN batch_chunks AS chunk
ON chunk.batch = whose.batch AND chunk.lane = whose.lane AND chunk.number = whose.number
JOIN batches ON batches.id = whose.batch
WHERE whose.holder = ? AND batches.expires_at > ? AND (whose.batch, whose.lane, whose.number) > (?, ?, ?)
ORDER BY whose.batch, whose.lane, whose.number LIMIT ?
"""
_OF_HOLDER: Final = """
SELECT chunk.batch, chunk.lane, chunk.number, chunk.items FROM batch_holders AS whose JOIN batch_chunks AS chunk
ON chunk.batch = whose.batch AND chunk.lane = whose.lane AND chunk.number = whose.number WHERE whose.holder = ?
"""


class SqliteSubmissions:
    """Batches, lanes and chunks, each in a table of its own."""

    def __init__(self, database: Database, now: Callable[[], datetime], words: BatchWords) -> None:
        self._database = database
        self._now = now
        self._words = words

    async def create(self, batch: Batch, chunks: Sequence[Chunk], lanes: Sequence[Lane]) -> bool:
        """Keeps all of a batch in one transaction; drops what has expired meanwhile."""
        now, owner = self._now(), await self._words.owner(batch.owner)
        times = (sortable(batch.created_at), sortable(batch.expires_at))
        row = (batch.id, "", owner, times[0], await self._words.seal_batch(batch), times[1])
        sealed = await self._words.seal_chunks(batch, chunks)

        def work(connection: sqlite3.Connection) -> bool:
            sweep(connection, now)
            added = connection.execute("INSERT OR IGNORE INTO batches VALUES (?, ?, ?, ?, ?, 1, 1, ?)", row)
            if added.rowcount:
                _open(connection, batch.id, sealed, lanes)
            return bool(added.rowcount)

        return await self._database.transact(work)

    async def resume(self, batch: Batch, chunks: Sequence[Chunk], lanes: Sequence[Lane]) -> bool:
        """Gives a batch more lanes in one transaction."""
        row = (await self._words.seal_batch(batch), batch.id, int(batch.version))
        sealed = await self._words.seal_chunks(batch, chunks)

        def work(connection: sqlite3.Connection) -> bool:
            statement = "UPDATE batches SET record = ?, version = version + 1, outbox = 1 WHERE id = ? AND version = ?"
            updated = connection.execute(statement, row)
            if updated.rowcount:
                _open(connection, batch.id, sealed, lanes)
            return bool(updated.rowcount)

        return await self._database.transact(work)

    async def get(self, batch_id: str) -> Batch | None:
        """A batch that has not expired."""
        query = "SELECT record, version FROM batches WHERE id = ? AND expires_at > ?"
        rows = await self._database.read(query, (batch_id, sortable(self._now())))
        found = await self._words.open_batches([(batch_id, record, str(version)) for record, version in rows])
        return found[0] if found else None

    async def update(self, batch: Batch) -> Batch | None:
        """Writes where the version is still ours."""
        statement = "UPDATE batches SET record = ?, version = version + 1 WHERE id = ? AND version = ?"
        return await self._put(statement, (await self._words.seal_batch(batch), batch.id, int(batch.version)), batch)

    async def listed(self, owner: Owner, limit: int) -> tuple[Batch, ...]:
        """The newest of an owner."""
        whose = (await self._words.owner(owner), owner.tenant, owner.caller)
        rows = await self._database.read(_LISTED, (*whose, sortable(self._now()), limit))
        return await self._words.open_batches([(name, record, str(version)) for name, record, version in rows])

    async def outbox(self) -> tuple[str, ...]:
        """The ids in it."""
        query = "SELECT id FROM batches WHERE outbox AND expires_at > ?"
        return tuple(row[0] for row in await self._database.read(query, (sortable(self._now()),)))

    async def settled(self, batch_id: str) -> None:
        """Takes a batch out of the outbox."""
        await self._database.write("UPDATE batches SET outbox = 0 WHERE id = ?", [(batch_id,)])

    async def lanes(self, batch_id: str) -> tuple[Lane, ...]:
        """All lanes."""
        rows = await self._database.read("SELECT record, version FROM batch_lanes WHERE batch = ?", (batch_id,))
        return tuple(decode(Lane, record, str(version)) for record, version in rows)

    async def lane(self, batch_id: str, lane_id: str) -> Lane | None:
        """One lane."""
        query = "SELECT record, version FROM batch_lanes WHERE batch = ? AND id = ?"
        rows = await self._database.read(query, (batch_id, lane_id))
        return decode(Lane, rows[0][0], str(rows[0][1])) if rows else None

    async def move(self, batch_id: str, lane: Lane) -> Lane | None:
        """Writes where the version is still ours."""
        statement = "UPDATE batch_lanes SET record = ?, version = version + 1 WHERE batch = ? AND id = ? AND version = ?"
        return await self._put(statement, (encode(lane), batch_id, lane.id, int(lane.version)), lane)

    async def chunk(self, batch_id: str, lane_id: str, number: int) -> Chunk | None:
        """One chunk."""
        query = "SELECT items FROM batch_chunks WHERE batch = ? AND lane = ? AND number = ?"
        rows = await self._database.read(query, (batch_id, lane_id, number))
        return Chunk(lane_id, number, await self._words.open_items(batch_id, [rows[0][0]])) if rows else None

    async def names(self, batch_id: str) -> Mapping[int, str]:
        """From all chunks."""
        rows = await self._database.read("SELECT items FROM batch_chunks WHERE batch = ?", (batch_id,))
        return {item.place: item.item_id for item in await self._words.open_items(batch_id, [row[0] for row in rows])}

    async def held(self, holder: str, after: str) -> Page[HeldItem]:
        """The items of a holder, some chunks at a time; the place is that of the last chunk."""
        batch, lane, number = after.split(" ") if after else ("", "", "0")
        values = (holder, sortable(self._now()), batch, lane, int(number), CHUNKS)
        rows, keys = await self._database.read(_HELD, values), await self._words.keys_of(holder)
        items = [held_items(keys, row[0], row[3], datetime.fromisoformat(row[4])) for row in rows] if keys else []
        last = " ".join(map(str, rows[-1][:3])) if len(rows) == CHUNKS else ""
        return Page(tuple(item for own in items for item in own), last)

    async def erase(self, holder: str) -> int:
        """Empties the items in all chunks that have some of the holder's."""

        def work(connection: sqlite3.Connection) -> int:
            chunks = connection.execute(_OF_HOLDER, (holder,)).fetchall()
            emptied = [(emptied_items(items, holder), *place) for *place, items in chunks]
            statement = "UPDATE batch_chunks SET items = ? WHERE batch = ? AND lane = ? AND number = ?"
            connection.executemany(statement, [(items, *place) for (items, _), *place in emptied])
            connection.execute("DELETE FROM batch_holders WHERE holder = ?", (holder,))
            return sum(count for (_, count), *_ in emptied)

        return await self._database.transact(work)

    async def _put(self, statement: str, row: tuple[object, ...], value: Value) -> Value | None:
        version = int(value.version) + 1
        written = await self._database.transact(lambda connection: connection.execute(statement, row).rowcount)
        return replace(value, version=str(version)) if written else None


def sweep(connection: sqlite3.Connection, now: datetime) -> None:
    """Deletes batches that have expired, with all that is theirs."""
    for statement in _FORGET:
        connection.execute(statement, (sortable(now),))


def _open(connection: sqlite3.Connection, batch_id: str, chunks: Sequence[SealedChunk], lanes: Sequence[Lane]) -> None:
    kept = [(batch_id, chunk.lane, chunk.number, chunk.items) for chunk in chunks]
    connection.executemany("INSERT INTO batch_chunks VALUES (?, ?, ?, ?)", kept)
    whose = [(holder, batch_id, chunk.lane, chunk.number) for chunk in chunks for holder in chunk.holders]
    connection.executemany("INSERT OR IGNORE INTO batch_holders VALUES (?, ?, ?, ?)", whose)
    connection.executemany("INSERT INTO batch_lanes VALUES (?, ?, ?, 1)", [(batch_id, lane.id, encode(lane)) for lane in lanes])
