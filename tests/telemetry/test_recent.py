"""The last hour of an instance is counted in slots, and costs a bounded memory."""

from dataclasses import dataclass

import pytest

from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.product import (
    APIRequestEvent,
    CachePerformanceEvent,
    DangerEvent,
    PersonaProcessEvent,
    RoutingDecisionEvent,
    SecurityEvent,
)
from ion_mentoring.telemetry.recent import KEPT_S, MOST_SERIES, SLOT_S, Recent
from tests.fakes import Clock

ANSWERED = PersonaProcessEvent("lua", "calm-short-learning", 0.8, 1.5, False, True, None, None, "m", (), "k", 3, 5, 70, "model")
WINDOW_S = 300.0


@dataclass(frozen=True)
class Counting:
    clock: Clock
    recent: Recent

    def counts(self, seconds: float = WINDOW_S) -> dict[str, int]:
        return {one.kind.__name__: one.tally.count for one in self.recent.over(seconds)}


@pytest.fixture
def counting() -> Counting:
    clock = Clock()
    return Counting(clock, Recent(clock))


def test_what_is_older_than_the_window_does_not_count_and_what_is_older_than_an_hour_is_forgotten(counting: Counting) -> None:
    counting.recent(ANSWERED)
    counting.clock.tick(WINDOW_S - SLOT_S)
    counting.recent(ANSWERED)
    assert counting.counts() == {"PersonaProcessEvent": 2}
    counting.clock.tick(SLOT_S)
    assert counting.counts() == {"PersonaProcessEvent": 1}
    assert counting.counts(KEPT_S) == {"PersonaProcessEvent": 2}
    counting.clock.tick(KEPT_S)
    assert counting.counts(KEPT_S) == {}


def test_slots_without_events_are_empty_and_the_current_one_is_last(counting: Counting) -> None:
    counting.recent(ANSWERED)
    counting.clock.tick(2 * SLOT_S)
    for _ in range(3):
        counting.recent(ANSWERED)
    assert counting.recent.by_slot(PersonaProcessEvent, 4) == [0, 1, 0, 3]


def test_a_known_answer_used_and_cost_nothing(counting: Counting) -> None:
    counting.recent(ANSWERED)
    counting.recent(ANSWERED._replace(cache_hit=True, cache_layer="L1", path="cached"))
    sums = {one.labels["path"]: one.tally.sums for one in counting.recent.over(WINDOW_S)}
    assert sums == {"model": [3, 5, 70], "cached": [0, 0, 0]}


def test_requests_that_ended_well_and_decisions_are_passed_over(counting: Counting) -> None:
    counting.recent(APIRequestEvent("GET", "/", 200, 1.0, True))
    counting.recent(RoutingDecisionEvent("lua", "lua", None, "k", 0.5, None, "ko", True, False, False))
    assert counting.counts() == {}
    counting.recent(APIRequestEvent("GET", "/", 503, 1.0, False, "STORE_UNAVAILABLE"))
    counting.recent(SecurityEvent("shut_out", "n", "/", "r"))
    counting.recent(DangerEvent("suicide", "ko"))
    counting.recent(CachePerformanceEvent(7, 3, 0.7, 1, 2, 7, 0, 0))
    assert set(counting.counts().values()) == {1}
    (cache,) = [one for one in counting.recent.over(WINDOW_S) if one.kind is CachePerformanceEvent]
    assert cache.tally.sums[:2] == [7, 3]


def test_times_are_upper_bounds_and_none_without_events(counting: Counting) -> None:
    for ms in (1.0, 1.0, 1.0, 480.0):
        counting.recent(ANSWERED._replace(execution_time_ms=ms))
    ((_, _, tally),) = counting.recent.over(WINDOW_S)
    assert (tally.percentile(0.5), tally.percentile(0.95)) == (1, 500)
    counting.recent(ANSWERED._replace(execution_time_ms=90_000.0))
    ((_, _, tally),) = counting.recent.over(WINDOW_S)
    assert tally.percentile(1.0) == 30_000, "the last bound stands for all that is beyond"


def test_a_slot_has_so_many_series_at_most(counting: Counting) -> None:
    for number in range(MOST_SERIES + 9):
        counting.recent(ANSWERED._replace(model=f"m{number}"))
    assert len(counting.recent.over(WINDOW_S)) == MOST_SERIES


def test_who_hears_no_details_makes_nobody_tell_them(counting: Counting) -> None:
    log = EventLog("router", len, coarse=(counting.recent,))
    assert not log.details
    log.tell(ANSWERED)
    assert counting.counts() == {"PersonaProcessEvent": 1}
    assert EventLog("router", len, outlets=(counting.recent,)).details
