"""Processes of one machine share a ledger in one SQLite file, as the functions of a laptop's set do."""

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ion_mentoring.records.ledger.prices import Charge, Cost
from ion_mentoring.records.ledger.protocol import Entry, Reservation, Totals
from ion_mentoring.records.ledger.sqlite import SqliteLedger
from ion_mentoring.usage.meter import Usage
from ion_mentoring.wiring.stores import sqlite_database

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
ANSWERS = 40
OTHER = """
import asyncio, sys
from tests.records.ledger.test_ledger_processes import ask
asyncio.run(ask(sys.argv[1], sys.argv[2]))
"""


async def ask(file: str, own: str) -> None:
    """One process: settles entries of its own and those that both have, then all its budget's askers at once."""
    database = sqlite_database(file)
    ledger = SqliteLedger(database, lambda: NOON)
    print("ready", flush=True)
    sys.stdin.readline()
    charges = (Charge("m", Usage(10, 5), Cost(7)),)
    names = [name for number in range(ANSWERS) for name in (f"both-{number}", f"{own}-{number}")]
    settled = [await ledger.settle(Entry(name, NOON, "key:acme", "lua", "m", charges, "whole")) for name in names]
    reserve = (ledger.reserve("key:poor", f"{own}-{number}", "2026-11", 100, 450) for number in range(10))
    reserved: list[Reservation] = await asyncio.gather(*reserve)
    print(json.dumps([sum(settled), sum(one.granted for one in reserved)]))
    await database.close()


@pytest.fixture
def said(tmp_path: Path, pytestconfig: pytest.Config) -> list[list[int]]:
    """How many entries and reservations counted, says each of two processes that are let go at once."""
    command = [sys.executable, "-c", OTHER, str(tmp_path / "ion.sqlite3")]
    processes = [
        subprocess.Popen([*command, own], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=pytestconfig.rootpath)
        for own in ("a", "b")
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    return [json.loads(process.communicate(timeout=60)[0]) for process in processes]


@pytest.mark.slow
async def test_two_processes_count_everything_once_and_keep_one_budget(tmp_path: Path, said: list[list[int]]) -> None:
    assert sum(settled for settled, _ in said) == 3 * ANSWERS
    assert sum(granted for _, granted in said) == 5
    database = sqlite_database(str(tmp_path / "ion.sqlite3"))
    spending = await SqliteLedger(database, lambda: NOON).spending("2026-11")
    answers = 3 * ANSWERS
    assert spending.total == Totals(answers, 10 * answers, 5 * answers, nano_usd=7 * answers)
    await database.close()
