"""A question that is answered and never kept: nothing of it is anywhere afterwards, by whichever door it came."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build
from ion_mentoring.wiring.stores import sqlite_database, stores
from tests.fakes import client
from tests.handlers import doors

NONE = {"metadata": {"retention": "none"}}
QUESTION = "How do I prepare for a talk about volcanoes?"
KEEPS = {"entries", "totals", "reservations", "migrations", "period_keys", "sealing_steps"}  # costs, and keys of the set


@pytest.fixture
async def router(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    built = build(RouterSettings.read({"STORE": f"sqlite:///{tmp_path}/ion"}))
    async with client(built) as asked:
        yield asked


def asked(**context: Any) -> dict[str, Any]:
    return {"user_input": QUESTION, "context": {"session_id": "s", "user_id": "kim", **context}}


async def rows(tmp_path: Path) -> dict[str, int]:
    """The tables that hold something."""
    database = sqlite_database(f"{tmp_path}/ion")
    names = [row[0] for row in await database.read("SELECT name FROM sqlite_master WHERE type = 'table'")]
    counts = {name: (await database.read(f"SELECT COUNT(*) FROM {name}"))[0][0] for name in names if name not in KEEPS}
    await database.close()
    return {name: count for name, count in counts.items() if count}


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
@pytest.mark.parametrize("path", ["/api/v2/process", "/api/v2/chat/multi-persona"])
async def test_it_is_answered_from_its_session_and_leaves_nothing(
    router: httpx2.AsyncClient, tmp_path: Path, path: str, accept: str
) -> None:
    headers = {"idempotency-key": "k", "accept": accept}
    for _ in range(2):
        answer = await router.post(path, json=asked(**NONE), headers=headers)
        assert answer.status_code == 200
        assert "idempotency-replayed" not in answer.headers
        body = answer.json() if accept.endswith("json") else json.loads(answer.text.strip().rpartition("data: ")[2])
        assert (body["success"], body["performance"]["cache_hit"]) == (True, False)
        assert "\nid: " not in answer.text
        assert (await router.get(f"/api/v2/answers/{body['request_id']}/why")).status_code == 404
    assert await rows(tmp_path) == {}
    kept = await router.post(path, json=asked(), headers=headers)
    assert kept.status_code == 200
    assert {"turns", "sessions", "requests"} <= (await rows(tmp_path)).keys()


async def test_one_such_question_among_many_leaves_nothing(router: httpx2.AsyncClient, tmp_path: Path) -> None:
    body = {"requests": [asked(**NONE), {**asked(**NONE), "user_input": "And about rivers?"}]}
    answer = await router.post("/api/v2/bulk-process", json=body, headers={"idempotency-key": "k"})
    assert answer.json()["successful"] == 2
    assert await rows(tmp_path) == {}


async def test_another_wish_is_refused_and_not_passed_over(router: httpx2.AsyncClient) -> None:
    answer = await router.post("/api/v2/process", json=asked(metadata={"retention": "7d"}))
    error = answer.json()["error"]
    assert (answer.status_code, error["field"], error["details"]["allowed"]) == (422, "context.metadata.retention", ["none"])
    assert (await router.post("/api/v2/process", json=asked(metadata={"retention": None}))).status_code == 200


async def test_a_batch_refuses_what_it_would_have_to_keep(router: httpx2.AsyncClient, tmp_path: Path) -> None:
    answer = await router.post("/api/v2/batches", json={"requests": [asked(**NONE)]})
    (error,) = answer.json()["error"]["details"]["errors"]
    assert (answer.status_code, error["field"]) == (422, "context.metadata.retention")
    built = build(RouterSettings.read({"STORE": "sqlite:///:memory:"}))
    outcome = await doors.batch_item(built, json.dumps(asked(**NONE)).encode())
    assert (outcome.code, outcome.field) == ("VALIDATION_ERROR", "context.metadata.retention")
    assert await stores(f"sqlite:///{tmp_path}/ion").submissions.outbox() == ()
