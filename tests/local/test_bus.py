"""The bus of the local set delivers at least once, retries with longer waits, and buries what nobody takes."""

import base64
from collections.abc import Mapping
from typing import Any

import pytest

from ion_mentoring.local.bus import MAX_ATTEMPTS, Bus


class Function:
    """Answers its deliveries with the statuses of a script, then with 200."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.bodies: list[Mapping[str, Any]] = []
        self.waits: list[float] = []

    async def push(self, function: str, body: Mapping[str, Any]) -> int:
        self.bodies.append(body)
        return self.statuses.pop(0) if self.statuses else 200

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    def bus(self) -> Bus:
        return Bus({"t": "batch"}, self.push, self.sleep)


async def test_a_message_arrives_as_pubsub_pushes_it() -> None:
    function = Function()
    bus = function.bus()
    assert bus.publish("t", b"data", {"a": "b"}) == "1"
    await bus.idle()
    message = function.bodies[0]["message"]
    assert base64.b64decode(message["data"]) == b"data"
    assert (message["attributes"], message["messageId"]) == ({"a": "b"}, "1")
    assert function.bodies[0]["deliveryAttempt"] == 1
    assert bus.state()["delivered"] == 1


async def test_messages_are_numbered_from_where_the_bus_is_told_and_keep_their_ordering_keys() -> None:
    function = Function()
    bus = Bus({"t": "batch"}, function.push, function.sleep, first_id=41)
    assert [bus.publish("t", b"", {}, key) for key in ("k", "")] == ["41", "42"]
    await bus.idle()
    assert [body["message"].get("orderingKey") for body in function.bodies] == ["k", None]


async def test_what_is_not_acknowledged_comes_again_after_longer_waits() -> None:
    function = Function(500, 503, 0)
    bus = function.bus()
    bus.publish("t", b"", {})
    await bus.idle()
    assert [body["deliveryAttempt"] for body in function.bodies] == [1, 2, 3, 4]
    assert function.waits == sorted(function.waits)
    assert len(set(function.waits)) == 3
    assert bus.state() == {"topics": ["t"], "delivered": 1, "under_way": 0, "dead": []}


async def test_what_nobody_takes_is_buried_with_its_last_status() -> None:
    function = Function(*[400] * 20)
    bus = function.bus()
    bus.publish("t", b"", {})
    await bus.idle()
    assert len(function.bodies) == MAX_ATTEMPTS
    assert bus.state()["dead"] == [{"topic": "t", "message_id": "1", "last_status": 400}]


async def test_an_unknown_topic_is_an_error_at_once() -> None:
    with pytest.raises(KeyError):
        Function().bus().publish("other", b"", {})
