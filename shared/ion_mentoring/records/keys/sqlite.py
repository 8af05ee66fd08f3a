"""API keys in SQLite."""

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Final

from ion_mentoring.backends.sqlite import Database, Row, sortable
from ion_mentoring.records.keys.protocol import KeyRecord, SecretMark, StoredKey

MIGRATIONS: Final = (
    """
    CREATE TABLE api_keys (
        id TEXT NOT NULL PRIMARY KEY, tenant TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, scopes TEXT NOT NULL,
        secrets TEXT NOT NULL, created_at TEXT NOT NULL, created_by TEXT NOT NULL, ends_at TEXT, revoked_at TEXT,
        per_minute INTEGER, monthly_tokens INTEGER, version INTEGER NOT NULL, expires_at TEXT, used_at TEXT
    ) WITHOUT ROWID;
    CREATE INDEX api_keys_of_tenants ON api_keys (tenant, created_at);
    """,
)

_FIELDS: Final = (
    "id, tenant, name, role, scopes, secrets, created_at, created_by, ends_at, revoked_at, per_minute, monthly_tokens"
)


class SqliteKeyRecords:
    """Keys in the table `api_keys`; a number that grows with each writing is their version."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def add(self, record: KeyRecord) -> bool:
        """Keeps a new key, and drops what has expired."""
        now = self._now()
        await self._database.transact(lambda connection: sweep(connection, now))
        row = (*_row(record), 1, _text(record.kept_until), None)
        insert = "INSERT INTO api_keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        return await self._database.create(insert, [row])

    async def get(self, key_id: str) -> StoredKey | None:
        """The key of an id."""
        rows = await self._database.read(f"SELECT {_FIELDS}, version FROM api_keys WHERE id = ?", (key_id,))  # noqa: S608
        return StoredKey(_record(rows[0][:-1]), str(rows[0][-1])) if rows else None

    async def replace(self, stored: StoredKey, record: KeyRecord) -> bool:
        """Writes where the version is still the one that was read."""
        fields = ", ".join(f"{name} = ?" for name in _FIELDS.split(", "))
        statement = f"UPDATE api_keys SET {fields}, expires_at = ?, version = version + 1 WHERE id = ? AND version = ?"  # noqa: S608
        row = (*_row(record), _text(record.kept_until), record.id, int(stored.version))

        def work(connection: sqlite3.Connection) -> bool:
            return connection.execute(statement, row).rowcount > 0

        return await self._database.transact(work)

    async def of(self, tenant: str) -> tuple[tuple[KeyRecord, datetime | None], ...]:
        """The keys of a tenant with their last uses."""
        query = f"SELECT {_FIELDS}, used_at FROM api_keys WHERE tenant = ? ORDER BY created_at, id"  # noqa: S608
        return tuple((_record(row[:-1]), _time(row[-1])) for row in await self._database.read(query, (tenant,)))

    async def used(self, key_id: str, at: datetime) -> None:
        """Notes a use."""
        minute = sortable(at.replace(second=0, microsecond=0))
        statement = "UPDATE api_keys SET used_at = ? WHERE id = ? AND COALESCE(used_at, '') < ?"
        await self._database.write(statement, [(minute, key_id, minute)])


def _row(record: KeyRecord) -> Row:
    secrets = [(one.mac, _text(one.ends_at)) for one in record.secrets]
    return (
        record.id,
        record.tenant,
        record.name,
        record.role,
        json.dumps(record.scopes),
        json.dumps(secrets),
        sortable(record.created_at),
        record.created_by,
        _text(record.ends_at),
        _text(record.revoked_at),
        record.per_minute,
        record.monthly_tokens,
    )


def _record(row: Row) -> KeyRecord:
    identity, tenant, name, role, scopes, secrets, created_at, created_by, ends_at, revoked_at, *limits = row
    marks = tuple(SecretMark(mac, _time(until)) for mac, until in json.loads(secrets))
    times = (_time(ends_at), _time(revoked_at))
    created = datetime.fromisoformat(created_at)
    return KeyRecord(identity, tenant, name, role, tuple(json.loads(scopes)), marks, created, created_by, *times, *limits)


def _text(at: datetime | None) -> str | None:
    return sortable(at) if at else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def sweep(connection: sqlite3.Connection, now: datetime) -> None:
    """Deletes keys whose records have expired."""
    connection.execute("DELETE FROM api_keys WHERE expires_at <= ?", (sortable(now),))
