"""The store is frozen, or locked by somebody who writes: answers come without memory, and none waits for long."""

import asyncio
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.conftest import Routed, Router
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor

MEMORY_S = 1.0  # what an answer waits for its memory at most
LEDGER_S = 1.5  # and for the ledger
SLACK_S = 1.0


async def asked(router: Router, number: int) -> tuple[float, list[str]]:
    """Seconds that an answer of a session took, and what it did without."""
    began = time.perf_counter()
    answer = await router.asked(user_input=f"How do I go on at {number}?", context={"session_id": f"s-{number}"})
    return time.perf_counter() - began, answer["metadata"]["degraded"]


async def test_a_frozen_firestore_costs_the_first_answers_their_waiting_and_the_others_nothing(
    routed: Routed, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor.script = lambda request: Plan(pieces=("well ", "said"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{server.getsockname()[1]}")
        async with routed(STORE="firestore://test-frozen") as router:
            answers = [await asked(router, number) for number in range(6)]
    assert all(degraded == ["memory"] for _, degraded in answers)
    assert max(took for took, _ in answers) < 2 * MEMORY_S + LEDGER_S + SLACK_S
    assert max(took for took, _ in answers[3:]) < SLACK_S


async def test_answers_at_once_over_a_locked_file_wait_for_their_memory_once_and_not_for_each_other(
    routed: Routed, vendor: Vendor, tmp_path: Path
) -> None:
    vendor.script = lambda request: Plan(pieces=("well ", "said"))
    path = tmp_path / "ion.sqlite3"
    async with routed(STORE=f"sqlite:///{path}") as router:
        await asked(router, 0)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            began = time.perf_counter()
            answers = await asyncio.gather(*(asked(router, number) for number in range(1, 41)))
            assert time.perf_counter() - began < MEMORY_S + LEDGER_S + 2 * SLACK_S
            assert all(degraded == ["memory"] for _, degraded in answers)
            took, _ = await asked(router, 41)
            assert took < SLACK_S
            other.execute("ROLLBACK")
