"""The incidents that every change of the rules has to find, and the quiet day that none may ring on."""

import random
from collections.abc import Callable, Sequence
from typing import Any, Final

from infra.alerting.incidents import HOUR, MINUTE, Change, Incident, refused
from infra.alerting.rules import Event


def _where(
    chosen: Callable[[dict[str, Any]], bool], change: Callable[[random.Random, dict[str, Any]], Sequence[Event]]
) -> Change:
    """Changes the chosen events, and leaves the others as they are."""
    return lambda drawn, _at, event: change(drawn, event) if chosen(event) else (event,)


def _asks_a_model(event: dict[str, Any]) -> bool:
    return event.get("path") == "model"


def _replaced(_drawn: random.Random, event: dict[str, Any]) -> Sequence[Event]:
    return ({**event, "path": "embedded", "model": "playbook", "degraded": ["model"], "execution_time_ms": 40.0},)


def _slow(drawn: random.Random, event: dict[str, Any]) -> Sequence[Event]:
    return ({**event, "execution_time_ms": drawn.uniform(9_000, 18_000)},)


def _missed(drawn: random.Random, event: dict[str, Any]) -> Sequence[Event]:
    if event["message"] == "CachePerformanceEvent":
        looked = event["hit_count"] + event["miss_count"]
        return ({**event, "hit_count": looked // 10, "miss_count": looked - looked // 10},)
    return ({**event, "path": "model", "cache_hit": False, "execution_time_ms": drawn.lognormvariate(7.6, 0.35)},)


def _lost(_drawn: random.Random, _event: dict[str, Any]) -> Sequence[Event]:
    return ()


def _broken(drawn: random.Random, event: dict[str, Any]) -> Sequence[Event]:
    if drawn.random() < 0.9:
        return (event,)
    return (refused(500, "INTERNAL_ERROR", event["request_id"]),)


def _limited(drawn: random.Random, event: dict[str, Any]) -> Sequence[Event]:
    return (refused(429, "RATE_LIMITED", event["request_id"]),) if drawn.random() < 0.4 else (event,)


def _half_replaced(drawn: random.Random, event: dict[str, Any]) -> Sequence[Event]:
    return _replaced(drawn, event) if drawn.random() < 0.5 else (event,)


def _guessed(drawn: random.Random, event: dict[str, Any]) -> Sequence[Event]:
    guess = {"message": "SecurityEvent", "kind": "credential_refused", "who": "network-7", "path": "/api/v2/process"}
    return (event, *(guess for _ in range(drawn.choice((0, 1, 2)))))


def _without_danger(_drawn: random.Random, event: dict[str, Any]) -> Sequence[Event]:
    return () if event["message"] == "DangerEvent" else ({**event, "path": "model"},)


def _more_danger(drawn: random.Random, event: dict[str, Any]) -> Sequence[Event]:
    if drawn.random() < 0.8:
        return (event,)
    danger = {"message": "DangerEvent", "kind": "suicide", "language": "ko"}
    return ({**event, "path": "embedded", "model": "safety", "execution_time_ms": 8.0}, danger)


def _slow_cache(drawn: random.Random, event: dict[str, Any]) -> Sequence[Event]:
    return ({**event, "execution_time_ms": drawn.uniform(400, 900)},)


DEAD: Final[Event] = {"message": "DeadLetterEvent", "topic": "mentoring-batch", "message_id": "17", "status": 422}
POOR: Final = refused(429, "BUDGET_EXHAUSTED", "poor")

INCIDENTS: Final = (
    Incident("a model dies, and the playbook answers", ("degraded",), _where(_asks_a_model, _replaced)),
    Incident(
        "one persona's model fails every other time",
        ("degraded",),
        _where(lambda event: event.get("persona") == "nana" and _asks_a_model(event), _half_replaced),
    ),
    Incident("a model becomes slow", ("slow_model",), _where(_asks_a_model, _slow)),
    Incident(
        "the cache was cleared, and fills no more",
        ("hit_rate",),
        _where(lambda event: event.get("cache_hit") or event["message"] == "CachePerformanceEvent", _missed),
        warm_s=HOUR,
        lasts_s=HOUR,
        after_s=1.5 * HOUR,
    ),
    Incident("a region is lost", ("region_silent",), _where(lambda event: event.get("region") == "us-central1", _lost)),
    Incident("a release breaks every tenth answer", ("errors",), _where(lambda event: "persona" in event, _broken)),
    Incident("a release has a wrong limit", ("refused",), _where(lambda event: "persona" in event, _limited)),
    Incident("somebody guesses keys", ("attack",), _where(lambda event: "persona" in event, _guessed)),
    Incident("a message is poison", ("dead_letters",), more=((0.0, DEAD),)),
    Incident("a caller's budget is used up", ("budget",), more=((0.0, POOR),), lasts_s=HOUR),
    Incident(
        "the danger check finds nothing any more",
        ("danger_none",),
        _where(lambda event: event.get("model") == "safety" or event["message"] == "DangerEvent", _without_danger),
        warm_s=HOUR,
        lasts_s=14 * HOUR,
        after_s=12 * HOUR,
        per_s=0.2,
    ),
    Incident(
        "many are in danger at once", ("danger_many",), _where(lambda event: "persona" in event, _more_danger), after_s=HOUR
    ),
    Incident(
        "a persona answers nobody",
        ("persona_silent",),
        _where(lambda event: event.get("persona") == "riri", _lost),
        warm_s=HOUR,
        lasts_s=1.5 * HOUR,
        per_s=1.0,
    ),
    Incident("the caches' server is slow", ("slow_cached",), _where(lambda event: event.get("path") == "cached", _slow_cache)),
)

QUIET_DAY: Final = Incident(
    "a quiet day, with one error at night",
    (),
    warm_s=3 * HOUR,
    lasts_s=MINUTE,
    after_s=21 * HOUR,
    per_s=0.02,
    more=((0.0, refused(500, "INTERNAL_ERROR", "alone")),),
)
