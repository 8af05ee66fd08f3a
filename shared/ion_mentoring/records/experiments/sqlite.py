"""Experiments, exposures and sums in SQLite."""

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Final

from ion_mentoring.backends.sqlite import Database, sortable
from ion_mentoring.experiments.experiment import Experiment
from ion_mentoring.records.experiments.codec import added, experiment_json, experiment_of, nested
from ion_mentoring.records.experiments.protocol import (
    EXPOSURE_RETENTION,
    PAGE,
    SUMS_RETENTION,
    Exposed,
    Sums,
    exposure_name,
)
from ion_mentoring.records.feedback.protocol import mark_of
from ion_mentoring.records.paging import Page

MIGRATIONS: Final = (
    """
    CREATE TABLE experiments (id TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE exposures (
        name TEXT NOT NULL PRIMARY KEY, owner TEXT NOT NULL, experiment TEXT NOT NULL, phase INTEGER NOT NULL,
        arm TEXT NOT NULL, at TEXT NOT NULL, expires_at TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX exposures_of_owners ON exposures (owner);
    CREATE INDEX exposures_by_expiry ON exposures (expires_at);
    CREATE TABLE arm_sums (
        experiment TEXT NOT NULL, phase INTEGER NOT NULL, day TEXT NOT NULL, sums TEXT NOT NULL, expires_at TEXT NOT NULL,
        PRIMARY KEY (experiment, phase, day)
    ) WITHOUT ROWID;
    """,
)


class SqliteExperiments:
    """Experiments in the table `experiments`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, experiment: Experiment) -> bool:
        """Keeps a new one."""
        row = (experiment.id, experiment.revision, experiment_json(experiment))
        return await self._database.create("INSERT INTO experiments VALUES (?, ?, ?)", [row])

    async def get(self, experiment: str) -> Experiment | None:
        """The experiment of an id."""
        rows = await self._database.read("SELECT body FROM experiments WHERE id = ?", (experiment,))
        return experiment_of(rows[0][0]) if rows else None

    async def replace(self, experiment: Experiment) -> bool:
        """Keeps a change of the revision before."""
        row = (experiment.revision, experiment_json(experiment), experiment.id, experiment.revision - 1)
        statement = "UPDATE experiments SET revision = ?, body = ? WHERE id = ? AND revision = ?"
        return await self._database.transact(lambda connection: connection.execute(statement, row).rowcount > 0)

    async def all(self) -> tuple[Experiment, ...]:
        """All experiments."""
        return tuple(experiment_of(body) for (body,) in await self._database.read("SELECT body FROM experiments"))


class SqliteExposures:
    """Exposures in the table `exposures`."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def see(self, owner: str, exposed: Exposed) -> bool:
        """Keeps an exposure, and drops what has expired."""
        name, now = exposure_name(owner, exposed.experiment, exposed.phase), self._now()
        about = (exposed.experiment, exposed.phase, exposed.arm, sortable(exposed.at))
        row = (name, mark_of(owner), *about, sortable(exposed.at + EXPOSURE_RETENTION))

        def work(connection: sqlite3.Connection) -> bool:
            sweep(connection, now)
            return connection.execute("INSERT OR IGNORE INTO exposures VALUES (?, ?, ?, ?, ?, ?, ?)", row).rowcount > 0

        return await self._database.transact(work)

    async def own(self, owner: str, after: str) -> Page[Exposed]:
        """All exposures of an owner, by their names."""
        query = (
            "SELECT experiment, phase, arm, at, name FROM exposures WHERE owner = ? AND name > ? AND expires_at > ?"
            " ORDER BY name LIMIT ?"
        )
        rows = await self._database.read(query, (mark_of(owner), after, sortable(self._now()), PAGE))
        found = tuple(Exposed(experiment, phase, arm, datetime.fromisoformat(at)) for experiment, phase, arm, at, _ in rows)
        return Page(found, rows[-1][-1] if len(rows) == PAGE else "")

    async def erase(self, owner: str) -> int:
        """Deletes the exposures of an owner."""
        statement, mark = "DELETE FROM exposures WHERE owner = ?", (mark_of(owner),)
        return await self._database.transact(lambda connection: connection.execute(statement, mark).rowcount)


class SqliteArmSums:
    """Sums in the table `arm_sums`, one row a day: one file has one writer at a time, and needs no shards."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def add(self, experiment: str, phase: int, day: str, shard: int, sums: Sums) -> None:
        """Adds to the sums of a day."""
        ends = sortable(self._now() + SUMS_RETENTION)

        def work(connection: sqlite3.Connection) -> None:
            where = (experiment, phase, day)
            query = "SELECT sums FROM arm_sums WHERE experiment = ? AND phase = ? AND day = ?"
            kept = [json.loads(row[0]) for row in connection.execute(query, where)]
            whole = json.dumps(nested(added([*kept, nested(sums)])))
            connection.execute("INSERT OR REPLACE INTO arm_sums VALUES (?, ?, ?, ?, ?)", (*where, whole, ends))

        await self._database.transact(work)

    async def read(self, experiment: str, phase: int) -> dict[tuple[str, str], dict[str, int]]:
        """The sums of a phase."""
        query = "SELECT sums FROM arm_sums WHERE experiment = ? AND phase = ? AND expires_at > ?"
        rows = await self._database.read(query, (experiment, phase, sortable(self._now())))
        return added(json.loads(row[0]) for row in rows)


def sweep(connection: sqlite3.Connection, now: datetime) -> None:
    """Deletes exposures and sums that have expired."""
    connection.execute("DELETE FROM exposures WHERE expires_at <= ?", (sortable(now),))
    connection.execute("DELETE FROM arm_sums WHERE expires_at <= ?", (sortable(now),))
