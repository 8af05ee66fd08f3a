"""A message that was published is delivered as it was, whoever takes it."""

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from ion_mentoring.backends.publishing.pubsub import PubSubPublisher
from ion_mentoring.errors import PublishingUnavailable
from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.call import Endpoints
from ion_mentoring.local.bus import Bus
from ion_mentoring.local.topics import Topics
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.unreported import Unreported
from tests.fakes import client

TOPIC = "cache-warming"


@dataclass
class Taker:
    """A publisher, and what was delivered of what it published."""

    publisher: PubSubPublisher
    delivered: Callable[[], Awaitable[list[dict[str, Any]]]]


@pytest.fixture(params=["the emulator", "the local bus"])
async def taker(request: pytest.FixtureRequest) -> AsyncIterator[Taker]:
    if request.param == "the emulator":
        address, project = request.getfixturevalue("pubsub_address"), request.getfixturevalue("pubsub_project")
        async with httpx2.AsyncClient(base_url=f"http://{address}/v1/projects/{project}", trust_env=False) as http:
            assert (await http.put(f"/topics/{TOPIC}", json={})).status_code == 200
            subscription = {"topic": f"projects/{project}/topics/{TOPIC}"}
            assert (await http.put("/subscriptions/all", json=subscription)).status_code == 200

            async def pulled() -> list[dict[str, Any]]:
                answer = await http.post("/subscriptions/all:pull", json={"maxMessages": 10})
                return [one["message"] for one in answer.json()["receivedMessages"]]

            yield Taker(PubSubPublisher(http, project, None, f"http://{address}", timeout_s=5), pulled)
        return
    pushed: list[dict[str, Any]] = []

    async def push(function: str, body: Any) -> int:
        pushed.append(body["message"])
        return 200

    bus = Bus({TOPIC: "warming"}, push)

    async def settled() -> list[dict[str, Any]]:
        await bus.idle()
        return pushed

    log = EventLog("bus", write=lambda line: None)
    function = App(Endpoints(*Topics(bus).endpoints()), log, Unreported(), lambda: "id", 5)
    async with client(function) as http:
        yield Taker(PubSubPublisher(http, "local", None, "http://router", timeout_s=5), settled)


async def test_a_message_is_delivered_as_it_was(taker: Taker) -> None:
    data = "무엇이든 \x00 {}".encode()
    await taker.publisher.publish(TOPIC, data, {"kind": "renewal"})
    (message,) = await taker.delivered()
    assert base64.b64decode(message["data"]) == data
    assert message["attributes"] == {"kind": "renewal"}


async def test_a_topic_that_is_not_there_takes_nothing(taker: Taker) -> None:
    with pytest.raises(PublishingUnavailable, match="404"):
        await taker.publisher.publish("no-such-topic", b"x", {})
