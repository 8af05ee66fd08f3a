"""The bus takes what Pub/Sub takes, and refuses what it refuses: one table for the emulator and for ours."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import pytest

from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.call import Endpoints
from ion_mentoring.local.bus import Bus
from ion_mentoring.local.topics import Topics
from ion_mentoring.telemetry.events import EventLog
from tests.fakes import Reports, client

BYTES = bytes([251, 255, 254, 62, 63])  # +//+Pj8= and -__-Pj8=

Arrived = tuple[bytes, dict[str, str], str]

TAKEN: dict[str, tuple[Mapping[str, Any], Arrived]] = {
    "plain": ({"data": "+//+Pj8="}, (BYTES, {}, "")),
    "URL-safe": ({"data": "-__-Pj8="}, (BYTES, {}, "")),
    "without padding": ({"data": "+//+Pj8"}, (BYTES, {}, "")),
    "URL-safe without padding": ({"data": "-__-Pj8"}, (BYTES, {}, "")),
    "too little padding": ({"data": "YQ="}, (b"a", {}, "")),
    "too much padding": ({"data": "YQ==="}, (b"a", {}, "")),
    "bits left over": ({"data": "YR=="}, (b"a", {}, "")),
    "attributes alone": ({"attributes": {"a": "b"}}, (b"", {"a": "b"}, "")),
    "data that is null": ({"data": None, "attributes": {"a": "b"}}, (b"", {"a": "b"}, "")),
    "attributes that are null": ({"data": "YQ==", "attributes": None}, (b"a", {}, "")),
    "a number in attributes": ({"attributes": {"a": 1}}, (b"", {"a": "1"}, "")),
    "an ordering key": ({"data": "YQ==", "orderingKey": "k"}, (b"a", {}, "k")),
    "an ordering key in snake case": ({"data": "YQ==", "ordering_key": "k"}, (b"a", {}, "k")),
    "what is given by the server": ({"data": "YQ==", "messageId": "x", "publishTime": "2026-01-01T00:00:00Z"}, (b"a", {}, "")),
}
REFUSED: dict[str, Any] = {
    "both alphabets": {"messages": [{"data": "+_8="}]},
    "one letter": {"messages": [{"data": "a"}]},
    "spaces": {"messages": [{"data": "+// +Pj8="}]},
    "lines": {"messages": [{"data": "+//\n+Pj8="}]},
    "padding in the middle": {"messages": [{"data": "ab==cd=="}]},
    "padding alone": {"messages": [{"data": "="}]},
    "no letters": {"messages": [{"data": "!"}]},
    "Korean": {"messages": [{"data": "한"}]},
    "a number": {"messages": [{"data": 1}]},
    "nothing in a message": {"messages": [{}]},
    "empty data": {"messages": [{"data": ""}]},
    "no attributes": {"messages": [{"attributes": {}}]},
    "one of two": {"messages": [{"data": "YQ=="}, {}]},
    "null in attributes": {"messages": [{"attributes": {"a": None}}]},
    "an unknown field": {"messages": [{"data": "YQ==", "unknown": "x"}]},
    "an unknown field beside": {"messages": [{"data": "YQ=="}], "unknown": "x"},
    "no messages": {"messages": []},
    "messages that are null": {"messages": None},
    "no field": {},
    "a message that is null": {"messages": [None]},
    "a message without a list": {"messages": {"data": "YQ=="}},
    "too many": {"messages": [{"data": "YQ=="}] * 1_001},
}


class Ours:
    """Our bus, with what it delivered."""

    def __init__(self) -> None:
        self.pushed: list[Mapping[str, Any]] = []
        self.bus = Bus({"topic": "batch"}, self._push)

    async def _push(self, _function: str, body: Mapping[str, Any]) -> int:
        self.pushed.append(body["message"])
        return 200

    async def publish(self, body: Any) -> int:
        log = EventLog("local", write=lambda _: None)
        function = App(
            endpoints=Endpoints(*Topics(self.bus).endpoints()), log=log, reports=Reports(), new_id=lambda: "id", timeout_s=5
        )
        async with client(function) as http:
            status: int = (await http.post("/v1/projects/p/topics/topic:publish", json=body)).status_code
        await self.bus.idle()
        return status


class Emulators:
    """The emulator's topic, with what a subscription to it gets."""

    def __init__(self, address: str, project: str) -> None:
        self.http = httpx2.Client(base_url=f"http://{address}/v1/projects/{project}", timeout=10)
        self.http.put("/topics/topic", json={})
        self.http.put("/subscriptions/subscription", json={"topic": f"projects/{project}/topics/topic"})

    async def publish(self, body: Any) -> int:
        return self.http.post("/topics/topic:publish", json=body).status_code

    @property
    def pushed(self) -> list[Mapping[str, Any]]:
        pulled = self.http.post("/subscriptions/subscription:pull", json={"maxMessages": 9, "returnImmediately": True})
        return [one["message"] for one in pulled.json().get("receivedMessages", [])]


Either = Ours | Emulators


@pytest.fixture(params=["ours", "emulator"])
def pubsub(request: pytest.FixtureRequest) -> Iterator[Either]:
    if request.param == "ours":
        yield Ours()
        return
    emulators = Emulators(request.getfixturevalue("pubsub_address"), request.getfixturevalue("pubsub_project"))
    yield emulators
    emulators.http.close()


@pytest.mark.parametrize(("message", "arrives"), TAKEN.values(), ids=TAKEN)
async def test_a_message_that_is_taken_arrives(pubsub: Either, message: Any, arrives: Arrived) -> None:
    assert await pubsub.publish({"messages": [message]}) == 200
    (one,) = pubsub.pushed
    data, attributes = base64.b64decode(one.get("data", "")), dict(one.get("attributes", {}))
    assert (data, attributes, one.get("orderingKey", "")) == arrives


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
async def test_what_is_refused_leaves_nothing_behind(pubsub: Either, body: Any) -> None:
    assert 400 <= await pubsub.publish(body) < 500
    assert pubsub.pushed == []
