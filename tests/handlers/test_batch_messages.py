"""The messages of batches at the worker's door: those of publishers, our own, and dead letters."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from ion_mentoring.handlers.web.events import Event
from ion_mentoring.handlers.workers.batch import BatchWork
from ion_mentoring.mentoring.batching.fanout import Fanout
from ion_mentoring.mentoring.privacy.sweep import SweepStore
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.stores import stores
from tests.handlers.batch_set import BatchSet

OURS = f"batch_{'a' * 26}"
QUESTION = {"user_input": "How do I prepare for an interview?"}


async def push(batches: BatchSet, data: bytes, path: str = "/") -> httpx2.Response:
    message = {"message": {"data": base64.b64encode(data).decode(), "messageId": "7"}}
    return await batches.worker.post(path, json=message)


async def states(batches: BatchSet, batch_id: str) -> dict[str, tuple[str, str | None]]:
    results = await stores(batches.store).batches.of(batch_id)
    return {one.item_id: (one.state, one.reason) for one in results}


async def test_what_a_publisher_sends_is_answered_and_its_dead_letter_is_buried(batches: BatchSet) -> None:
    items = [{"item_id": name, **QUESTION} for name in ("a", "b")]
    assert (await batches.deliver({"batch_id": "evening", "requests": items[:1]})).json()["answered"] == 1
    buried = await batches.deliver({"batch_id": "evening", "requests": [*items, {"item_id": "c"}]}, "/dead")
    assert (buried.status_code, buried.json()["buried"]) == (200, 2)
    assert await states(batches, "evening") == {
        "a": ("answered", None),
        "b": ("failed", "PERSONA_UNAVAILABLE"),
        "c": ("failed", "VALIDATION_ERROR: user_input"),
    }
    again = await batches.deliver({"batch_id": "evening", "requests": items}, "/dead")
    assert again.json()["buried"] == 0


async def test_no_publisher_writes_into_a_batch_that_was_handed_in(batches: BatchSet) -> None:
    response = await batches.deliver({"batch_id": OURS, "item_id": "1", "request": QUESTION})
    assert (response.status_code, response.json()["error"]["field"]) == (422, "batch_id")


async def test_messages_of_ours_about_nothing_are_done_with(batches: BatchSet) -> None:
    messages: list[dict[str, Any]] = [
        {"batch_id": OURS, "lane": "0-0", "chunk": 0},
        {"batch_id": OURS, "notice": True},
        {"tend": True},
    ]
    for message in messages:
        assert (await batches.deliver(message)).status_code == 200
        assert (await batches.deliver(message, "/dead")).status_code == 200


class Watched:
    """Notes the jobs that begin and end."""

    def __init__(self) -> None:
        self.said: list[str] = []

    @asynccontextmanager
    async def job(self, name: str, schedule: str) -> AsyncIterator[None]:
        self.said.append(f"{name} {schedule}")
        yield
        self.said.append("over")


async def _two_expired() -> int:
    return 2


async def test_a_sweep_of_the_scheduler_is_a_job_that_is_watched() -> None:
    jobs, log = Watched(), EventLog("batch", len)
    fanout = Fanout(None, "mentoring-batch", stores("sqlite:///:memory:").submissions, log, lambda: datetime.now(UTC))
    sweep = SweepStore(_two_expired, log, lambda: 0.0)
    work = BatchWork(None, None, None, fanout, jobs, sweep)  # type: ignore[arg-type] # a sweep needs no more
    assert await work(Event("1", b'{"tend": true}')) == {"repeated": 0, "swept": 2}
    assert jobs.said == ["batch-sweep * * * * *", "over"]


async def test_what_is_no_message_is_refused_and_as_a_dead_letter_taken_off(batches: BatchSet) -> None:
    for data in (
        b"",
        b"no json",
        b"[]",
        b"null",
        b"{}",
        b'{"batch_id": "b"}',
        b'{"batch_id": "x", "lane": "../x", "chunk": 0}',
    ):
        assert (await push(batches, data)).status_code in (400, 422)
        assert (await push(batches, data, "/dead")).status_code == 200


async def test_a_lane_that_somebody_holds_is_handed_back(batches: BatchSet) -> None:
    response = await batches.router.post("/api/v2/batches", json={"requests": [QUESTION]})
    batch_id, kept = response.json()["batch"]["id"], stores(batches.store).submissions
    lane = await kept.lane(batch_id, "0-0")
    assert lane is not None
    await kept.move(batch_id, replace(lane, holder="another", held_until=datetime.now(UTC) + timedelta(minutes=1)))
    held = await batches.deliver(batches.messages[0])
    assert (held.status_code, held.headers["retry-after"]) == (503, "30")


async def test_a_topic_that_is_away_delays_a_batch_and_loses_nothing(batches: BatchSet) -> None:
    batches.topic.away = True
    response = await batches.router.post("/api/v2/batches", json={"requests": [QUESTION]})
    assert response.status_code == 202
    assert batches.messages == []
