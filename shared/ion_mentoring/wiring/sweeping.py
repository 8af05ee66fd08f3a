"""The sweep of a SQLite store: what has expired goes, though nobody writes the next of its kind."""

import sqlite3
from collections.abc import Awaitable, Callable
from datetime import datetime

from ion_mentoring.backends.sqlite import Database
from ion_mentoring.records.audit import sqlite as audit
from ion_mentoring.records.batches import sqlite_results as results
from ion_mentoring.records.batches import sqlite_submissions as submissions
from ion_mentoring.records.conversations import sqlite as conversations
from ion_mentoring.records.erasures import sqlite as erasures
from ion_mentoring.records.experiments import sqlite as experiments
from ion_mentoring.records.feedback import sqlite as feedback
from ion_mentoring.records.idempotency import sqlite as idempotency
from ion_mentoring.records.keys import sqlite as keys
from ion_mentoring.records.ledger import sqlite as ledger
from ion_mentoring.records.profiles import sqlite as profiles
from ion_mentoring.records.revocations import sqlite as revocations

RECORDS = (conversations, results, submissions, feedback, profiles, experiments, ledger, idempotency, keys, revocations, audit)


def sqlite_sweep(database: Database, listed: Database, now: Callable[[], datetime]) -> Callable[[], Awaitable[int]]:
    """The sweep of a store and of its list of erasures; it counts what went, and where something did, empties the log."""

    def work(connection: sqlite3.Connection) -> int:
        before = connection.total_changes
        for record in RECORDS:
            record.sweep(connection, now())
        return connection.total_changes - before

    async def sweep() -> int:
        gone = await database.transact(work)
        await listed.transact(lambda connection: erasures.sweep(connection, now()))
        if gone:
            await database.truncate()
        return gone

    return sweep
