"""A message is taken in each form in which it may come, and acknowledged only when its work is done."""

import base64
import json
from typing import Any

import httpx2
import pytest

from ion_mentoring.errors import InvalidInput, StoreUnavailable
from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.call import Endpoints
from ion_mentoring.handlers.web.events import Event, EventEndpoints
from ion_mentoring.telemetry.events import EventLog
from tests.fakes import Reports, client

DATA = b'{"hello": "world"}'
MESSAGE = {"data": base64.b64encode(DATA).decode(), "attributes": {"a": "b"}, "messageId": "7"}
PUSH = {"message": MESSAGE, "subscription": "projects/p/subscriptions/s", "deliveryAttempt": 2}


class Worker:
    """Keeps its events; fails as told."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.events: list[Event] = []
        self.failure = failure

    async def __call__(self, event: Event) -> dict[str, Any]:
        self.events.append(event)
        if self.failure:
            raise self.failure
        return {"done": 1}


def door(worker: Worker, reports: Reports | None = None) -> httpx2.AsyncClient:
    return client(
        App(
            endpoints=Endpoints(*EventEndpoints(worker).endpoints()),
            log=EventLog("test", write=lambda line: None),
            reports=reports or Reports(),
            new_id=lambda: "id",
            timeout_s=5,
        )
    )


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (PUSH, {"content-type": "application/json"}),
        (
            PUSH,
            {
                "content-type": "application/json",
                "ce-specversion": "1.0",
                "ce-type": "google.cloud.pubsub.topic.v1.messagePublished",
                "ce-id": "1",
                "ce-source": "//pubsub",
            },
        ),
        (
            {
                "specversion": "1.0",
                "type": "google.cloud.pubsub.topic.v1.messagePublished",
                "id": "1",
                "source": "//pubsub",
                "data": PUSH,
            },
            {"content-type": "application/cloudevents+json"},
        ),
    ],
    ids=["raw push", "binary CloudEvent", "structured CloudEvent"],
)
async def test_every_form_of_delivery_is_the_same_message(body: dict[str, Any], headers: dict[str, str]) -> None:
    worker = Worker()
    async with door(worker) as asked:
        response = await asked.post("/", content=json.dumps(body), headers=headers)
    assert (response.status_code, response.json()) == (200, {"success": True, "done": 1})
    assert worker.events == [Event("7", DATA, {"a": "b"}, 2)]


async def test_the_emulators_push_lacks_what_it_lacks() -> None:
    worker = Worker()
    async with door(worker) as asked:
        assert (await asked.post("/", json={"message": {"data": ""}, "subscription": "s"})).status_code == 200
    assert worker.events == [Event("", b"", {}, None)]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": {"data": "!"}},
        {"data": {}},
        {"message": "text"},
        [],
        {"message": {"data": "YQ"}},
        {"message": {"data": "가"}},
    ],
)
async def test_what_is_no_message_is_not_acknowledged(body: Any) -> None:
    worker = Worker()
    async with door(worker) as asked:
        response = await asked.post("/", json=body)
    assert 400 <= response.status_code < 500
    assert response.json()["success"] is False
    assert worker.events == []


async def test_work_that_failed_brings_the_message_back() -> None:
    reports = Reports()
    for failure, status in (
        (StoreUnavailable("down", retry_after_s=1), 503),
        (InvalidInput("bad"), 400),
        (ValueError("x"), 500),
    ):
        async with door(Worker(failure), reports) as asked:
            response = await asked.post("/", json=PUSH)
        assert response.status_code == status
        assert response.json()["success"] is False
    assert [type(error) for error in reports.captured] == [ValueError]
