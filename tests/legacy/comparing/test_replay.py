"""The comparison finds nothing between two copies, and whatever one of them has otherwise."""

import json
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from ion_mentoring.handlers.web.app import App
from migration.comparing.deviations import Pair, read_deviations
from migration.comparing.fields import fields
from migration.comparing.replay import Pace, Replay
from migration.comparing.requests import Recorded
from migration.comparing.tally import MOST_FIELDS, Tally
from tests.legacy.comparing.conftest import compared, request

KEYS = ["calm-medium-learning", "frustrated-burst-seek_advice", "urgent-medium-planning", "nonsense", ""]
ROUTED = ("metadata", "routing_result")


def requests() -> Iterator[Recorded]:
    yield Recorded(1, "GET", "/health", None)
    yield Recorded(2, "POST", "/chat", {"message": "회의가 너무 많아요"})
    yield Recorded(3, "POST", "/api/persona/process", {"wrong": 1})
    for line, key in enumerate(KEYS, 4):
        yield request(line, key)


async def test_there_is_nothing_between_two_copies(system: App) -> None:
    tally = await compared(system, requests())
    assert (tally.compared, tally.differing, tally.share()) == (8, 0, 0.0)
    assert sum(counts.different for counts in tally.fields.values()) == 0
    assert tally.fields["persona_used"].equal == 6
    assert tally.fields["metadata.routing_result.all_scores.Lua"].equal == 6


def at(*path: str, value: Any) -> Callable[[dict[str, Any]], Any]:
    """A change of one value."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        place = body
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value
        return body

    return change


def without(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda body: {one: value for one, value in body.items() if one != name}


SEEDS: list[tuple[str, Callable[[dict[str, Any]], Any]]] = [
    ("persona_used", at("persona_used", value="Nana")),
    ("confidence", lambda body: {**body, "confidence": body["confidence"] + 0.001}),
    ("confidence", lambda body: {**body, "confidence": str(body["confidence"])}),
    ("content", at("content", value="something else")),
    ("resonance_key", at("resonance_key", value="calm-burst-learning")),
    ("metadata.routing_result.secondary_persona", at(*ROUTED, "secondary_persona", value=None)),
    ("metadata.routing_result.all_scores.Lua", at(*ROUTED, "all_scores", "Lua", value=0.1)),
    ("confidence", without("confidence")),
    ("metadata.model", at("metadata", "model", value="another")),
    ("status", lambda body: (500, body)),
    ("body", lambda body: (200, b"<html>")),
]


@pytest.mark.parametrize(("field", "change"), SEEDS, ids=[f"{number} {name}" for number, (name, _) in enumerate(SEEDS)])
async def test_a_difference_is_found_where_it_is(system: App, field: str, change: Callable[[dict[str, Any]], Any]) -> None:
    tally = await compared(system, iter([request(7)]), change)
    assert [name for name, counts in tally.fields.items() if counts.different] == [field]
    assert tally.fields[field].lines == [7]
    assert tally.share() == 1.0


async def test_an_answer_that_is_lost_is_told(system: App) -> None:
    tally = await compared(system, iter([request(1)]), lambda _: None)
    assert (tally.compared, tally.failed, tally.share()) == (0, {"old": 0, "new": 1}, 1.0)


async def test_both_sides_down_is_no_difference() -> None:
    def down(asked: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("down")

    tally = Tally(read_deviations())
    async with httpx2.AsyncClient(base_url="http://x", transport=httpx2.MockTransport(down)) as nobody:
        await Replay(nobody, nobody, tally, Pace(10_000, 2)).run(iter([request(1), request(2)]))
    assert (tally.failed, tally.share()) == ({"old": 2, "new": 2}, 0.0)


SCORES = {"Lua": 0.9, "Elro": 0.9000000000000001, "Riri": 0.5, "Nana": 0.4}


@pytest.mark.parametrize(
    ("name", "sent", "old", "new"),
    [
        ("time", request(1), {"execution_time_ms": 3.0}, {"execution_time_ms": 9.0}),
        ("version", request(1), {"version": "2.1.0"}, {"version": "3.0.0"}),
        ("added", request(1), {"metadata": {}}, {"metadata": {"model": "playbook"}}),
        ("answer", request(1, text="hello"), {"content": "You are Lua. User: hello"}, {"content": "Hi."}),
        ("spelling", request(1), {"resonance_key": "Calm-steady-LEARN"}, {"resonance_key": "calm-medium-learning"}),
        ("dashes", request(1, "frustrated-burst-seek-advice"), {"confidence": 0.7}, {"confidence": 0.823}),
        (
            "ties",
            request(1),
            {"persona_used": "Elro", "metadata": {"routing_result": {"all_scores": SCORES}}},
            {"persona_used": "Lua", "metadata": {"routing_result": {"all_scores": SCORES}}},
        ),
        ("danger", request(1), {"persona_used": "Elro"}, {"persona_used": "Lua", "metadata": {"safety": "suicide"}}),
        (
            "reasoning",
            request(1),
            {"metadata": {"routing_result": {"reasoning": "a"}}},
            {"metadata": {"routing_result": {"reasoning": "b"}}},
        ),
    ],
)
def test_what_differs_on_purpose_is_allowed_by_name(name: str, sent: Recorded, old: Any, new: Any) -> None:
    tally = Tally(read_deviations())
    tally.add(Pair(sent, old, new), fields(old, new))
    assert tally.differing == 0
    assert name in {one for counts in tally.fields.values() for one in counts.deviations}


@pytest.mark.parametrize(
    ("sent", "old", "new"),
    [
        (request(1, "frustrated-burst-seek_advice"), {"confidence": 0.7}, {"confidence": 0.823}),
        (request(1, text="hello"), {"content": "Bye."}, {"content": "Hi."}),
        (request(1), {"persona_used": "Elro"}, {"persona_used": "Lua", "metadata": {"safety": None}}),
        (request(1), {"resonance_key": "calm-burst-learning"}, {"resonance_key": "calm-medium-learning"}),
        (request(1), {"confidence": True}, {"confidence": 1}),
        (request(1), {"a": [1]}, {"a": [2]}),
        (request(1), {"a": 1}, {}),
    ],
)
def test_what_only_looks_like_it_is_not(sent: Recorded, old: Any, new: Any) -> None:
    tally = Tally(read_deviations())
    tally.add(Pair(sent, old, new), fields(old, new))
    assert tally.differing == 1


def test_noise_of_sums_is_equal() -> None:
    tally = Tally(read_deviations())
    tally.add(Pair(request(1), {}, {}), fields({"confidence": 0.1 + 0.2}, {"confidence": 0.3}))
    assert tally.fields["confidence"].equal == 1


def test_a_table_and_json_say_the_same_and_no_words_of_anybody() -> None:
    tally = Tally(read_deviations())
    for line in range(1, 31):
        old, new = {"content": "secret old", "x": 1}, {"content": "secret new", "x": 1}
        tally.add(Pair(request(line, text="private"), old, new), fields(old, new))
    table, told = tally.table(), json.dumps(tally.as_json())
    assert table.splitlines()[1].split()[:4] == ["content", "0", "0", "30"]
    assert tally.as_json()["fields"]["content"]["lines"] == list(range(1, 11))
    for text in ("secret", "private"):
        assert text not in table + told


def test_fields_without_end_are_counted_together() -> None:
    tally = Tally(read_deviations())
    for number in range(2 * MOST_FIELDS):
        tally.add(Pair(request(1), {}, {}), fields({f"f{number}": 1}, {f"f{number}": 1}))
    assert len(tally.fields) == MOST_FIELDS + 1


async def test_memory_is_flat_and_the_rate_is_bounded() -> None:
    body = json.dumps({"content": "x" * 2_000, "confidence": 0.5}).encode()
    peak = 0

    async def answer(asked: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=body)

    def many() -> Iterator[Recorded]:
        nonlocal peak
        for line in range(2_000):
            if line == 300:
                tracemalloc.start()
            yield request(line, text="x" * 1_000)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    tally = Tally(read_deviations())
    async with httpx2.AsyncClient(base_url="http://x", transport=httpx2.MockTransport(answer)) as side:
        await Replay(side, side, tally, Pace(1e6, 8)).run(many())
    assert tally.compared == 2_000
    assert peak < 2_000_000  # the bodies alone would be 12 MB
