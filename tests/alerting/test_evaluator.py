"""The evaluator's edges: windows that move, requests that count once, and logs in both forms."""

import json
import random

import pytest

from infra.alerting.evaluator import RESOLVED_AFTER_S, Evaluator, read_log
from infra.alerting.rules import Event, rules
from infra.alerting.windows import Window

BAD = {"message": "APIRequestEvent", "status": 503, "success": False, "error": "STORE_UNAVAILABLE"}
GOOD = {
    "message": "PersonaProcessEvent",
    "persona": "lua",
    "path": "model",
    "success": True,
    "execution_time_ms": 5,
    "degraded": [],
}


def test_a_window_says_what_a_second_look_at_everything_says() -> None:
    drawn = random.Random(3)
    window, seen = Window(60), []
    for step in range(2_000):
        at, part = step * drawn.random(), drawn.choice((0.0, 1.0))
        at = max(at, seen[-1][0] if seen else 0.0)
        id = str(drawn.randrange(50)) if step % 2 else ""
        if not id:
            continue
        seen.append((at, id, part))
        window.add(at, part, 1.0, id)
        window.move(at)
        lately = [(id, part) for when, id, part in seen if when > at - 60]
        assert window.whole == len({id for id, _ in lately})
        assert window.part == len({id for id, part in lately if part})


@pytest.mark.parametrize(("values", "p95"), [([], 0), ([7], 7), (list(range(1, 101)), 95), ([1] * 94 + [9] * 6, 9)])
def test_a_percentile_is_the_value_that_so_many_do_not_exceed(values: list[int], p95: int) -> None:
    window = Window(60)
    for value in values:
        window.add(0, value, 1)
    assert window.percentile(0.95) == p95


def actions(events: list[tuple[float, Event]], name: str) -> list[tuple[str, float]]:
    chosen = tuple(rule for rule in rules() if rule.name == name)
    return [(notice.action, notice.at) for notice in Evaluator(chosen).run(events)]


def test_a_request_that_leaves_two_events_counts_once() -> None:
    failed = [(float(n), {**event, "request_id": "one"}) for n in range(20) for event in (BAD, {**GOOD, "success": False})]
    assert actions([*failed, (600.0, GOOD)], "errors") == [], "one request, however often it is told"
    five = [(float(n), {**BAD, "request_id": str(n)}) for n in range(5)]
    assert actions([*five, (100.0, GOOD)], "errors") == [("trigger", 10.0)]


def test_an_alert_is_over_when_it_has_been_quiet_for_a_while_and_rings_again_for_the_next() -> None:
    dead = {"message": "DeadLetterEvent", "topic": "t", "message_id": "1", "status": 422}
    told = actions([(0.0, dead), (2_000.0, dead), (4_000.0, GOOD)], "dead_letters")
    assert [action for action, _ in told] == ["trigger", "resolve", "trigger", "resolve"]
    assert told[1][1] - 300 >= RESOLVED_AFTER_S - 10


def test_logs_are_read_as_functions_write_them_and_as_cloud_logging_exports_them() -> None:
    ours = {"message": "DangerEvent", "time": "2026-11-28T18:00:00.000+00:00"}
    exported = {
        "timestamp": "2026-11-28T18:00:00Z",
        "jsonPayload": {"message": "DangerEvent"},
        "resource": {"labels": {"location": "us-central1"}},
    }
    lines = ["", "no JSON", "17", json.dumps(ours), json.dumps(exported), json.dumps({"message": "timeless"})]
    (at, first), (again, second) = read_log(lines)
    assert at == again
    assert (first["message"], second["message"], second["region"]) == ("DangerEvent", "DangerEvent", "us-central1")
