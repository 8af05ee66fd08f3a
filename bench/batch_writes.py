"""Counts what is written to a store in SQLite while a batch runs, by whichever process."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BATCHES: Final = ("batches", "batch_lanes", "batch_chunks", "batch_holders", "results")
LEDGER: Final = ("entries", "totals", "reservations")
_COUNTER: Final = "CREATE TABLE IF NOT EXISTS bench_writes (part TEXT NOT NULL PRIMARY KEY, rows INTEGER NOT NULL)"


@dataclass(frozen=True, slots=True)
class Writes:
    """Rows that were written, changed or deleted: those of batches and their results, and those of the ledger."""

    batches: int
    ledger: int

    def since(self, earlier: "Writes") -> "Writes":
        """Return what came after an earlier count."""
        return Writes(self.batches - earlier.batches, self.ledger - earlier.ledger)


def count_writes(file: Path) -> None:
    """Have every write counted from now on, by triggers; the store has to be in use already."""
    with closing(sqlite3.connect(file, timeout=30)) as connection, connection:
        connection.execute(_COUNTER)
        for part, tables in (("batches", BATCHES), ("ledger", LEDGER)):
            connection.execute("INSERT INTO bench_writes VALUES (?, 0)", (part,))
            for table in tables:
                for change in ("INSERT", "UPDATE", "DELETE"):
                    connection.execute(
                        f"CREATE TRIGGER bench_{table}_{change} AFTER {change} ON {table} "  # noqa: S608 - names of ours
                        f"BEGIN UPDATE bench_writes SET rows = rows + 1 WHERE part = '{part}'; END"
                    )


def writes(file: Path) -> Writes:
    """Return what was written since then."""
    with closing(sqlite3.connect(file, timeout=30)) as connection:
        counted = dict(connection.execute("SELECT part, rows FROM bench_writes"))
    return Writes(counted["batches"], counted["ledger"])
