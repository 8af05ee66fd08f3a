"""Profiles in SQLite."""

import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from ion_mentoring.backends.sqlite import Database, sortable
from ion_mentoring.records.feedback.protocol import mark_of
from ion_mentoring.records.profiles.codec import (
    choices_json,
    choices_of,
    population_json,
    population_of,
    tallies_json,
    tallies_of,
)
from ion_mentoring.records.profiles.consent import Consent, consent_json, consent_of
from ion_mentoring.records.profiles.protocol import (
    CHOICES_RETENTION,
    RETENTION,
    Cell,
    Choices,
    Population,
    Profile,
    Tally,
)

MIGRATIONS: Final = (
    """
    CREATE TABLE profiles (
        owner TEXT NOT NULL PRIMARY KEY, tallies TEXT NOT NULL, ratings INTEGER NOT NULL, at TEXT, choices TEXT NOT NULL,
        expires_at TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX profiles_by_expiry ON profiles (expires_at);
    CREATE TABLE population (one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), counted TEXT NOT NULL);
    """,
    "ALTER TABLE profiles ADD COLUMN consent TEXT",
)

_NONE: Final = "[]"
_ADDED: Final = "INSERT INTO profiles (owner, tallies, ratings, at, choices, expires_at) VALUES (?, ?, ?, ?, ?, ?)"


class SqliteProfiles:
    """Profiles in the table `profiles`, by the mark of their owner; those that have expired go with the next writing."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def get(self, owner: str) -> Profile | None:
        """The profile of an owner."""
        query = "SELECT tallies, ratings, at, choices, consent FROM profiles WHERE owner = ? AND expires_at > ?"
        rows = await self._database.read(query, (mark_of(owner), sortable(self._now())))
        if not rows:
            return None
        ((tallies, ratings, at, choices, consent),) = rows
        learnt_at = datetime.fromisoformat(at) if at else None
        found = Profile(tallies_of(tallies), ratings, learnt_at, choices_of(choices), consent_of(consent))
        return found.at_time(self._now())

    async def learn(self, owner: str, tallies: Mapping[Cell, Tally], ratings: int, at: datetime) -> None:
        """Keeps what was learnt; the end of a profile never comes earlier than it was."""
        row = (mark_of(owner), tallies_json(tallies), ratings, sortable(at), choices_json(Choices()), sortable(at + RETENTION))
        statement = (
            f"{_ADDED} ON CONFLICT (owner) DO UPDATE SET tallies = excluded.tallies,"
            " ratings = excluded.ratings, at = excluded.at, expires_at = MAX(expires_at, excluded.expires_at)"
        )
        await self._write(statement, row)

    async def choose(self, owner: str, choices: Choices) -> None:
        """Keeps choices."""
        row = (mark_of(owner), _NONE, 0, None, choices_json(choices), sortable(self._now() + CHOICES_RETENTION))
        forgets = ", tallies = excluded.tallies, ratings = 0, at = NULL" if not choices.personalise else ""
        statement = (
            f"{_ADDED} ON CONFLICT (owner) DO UPDATE SET choices = excluded.choices, expires_at = excluded.expires_at{forgets}"
        )
        await self._write(statement, row)

    async def agree(self, owner: str, consent: Consent) -> None:
        """Keeps a consent."""
        ends = sortable(self._now() + CHOICES_RETENTION)
        row = (mark_of(owner), _NONE, 0, None, choices_json(Choices()), ends, consent_json(consent))
        statement = (
            "INSERT INTO profiles (owner, tallies, ratings, at, choices, expires_at, consent) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (owner) DO UPDATE SET consent = excluded.consent, expires_at = excluded.expires_at"
        )
        await self._write(statement, row)

    async def erase(self, owner: str) -> None:
        """Deletes the profile of an owner."""
        await self._database.write("DELETE FROM profiles WHERE owner = ?", [(mark_of(owner),)])

    async def population(self) -> Population | None:
        """The population as it was counted last."""
        rows = await self._database.read("SELECT counted FROM population")
        found = population_of(rows[0][0]) if rows else None
        return found if found and found.holds(self._now()) else None

    async def count(self, population: Population) -> None:
        """Keeps a count."""
        await self._database.write("INSERT OR REPLACE INTO population VALUES (1, ?)", [(population_json(population),)])

    async def _write(self, statement: str, row: tuple[object, ...]) -> None:
        now = self._now()

        def work(connection: sqlite3.Connection) -> None:
            sweep(connection, now)
            connection.execute(statement, row)

        await self._database.transact(work)


def sweep(connection: sqlite3.Connection, now: datetime) -> None:
    """Deletes profiles that have expired, and what was learnt where a choice alone goes on."""
    connection.execute("DELETE FROM profiles WHERE expires_at <= ?", (sortable(now),))
    forgotten = "UPDATE profiles SET tallies = ?, ratings = 0, at = NULL WHERE at <= ?"
    connection.execute(forgotten, (_NONE, sortable(now - RETENTION)))
    for (counted,) in connection.execute("SELECT counted FROM population").fetchall():
        if not population_of(counted).holds(now):
            connection.execute("DELETE FROM population")
