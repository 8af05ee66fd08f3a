"""An arm that does harm is stopped without anybody looking, once; one that does none goes on."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ion_mentoring.caching.epochs import Epochs
from ion_mentoring.caching.reliance import Reliance
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.experiments.experiment import Arm, Experiment
from ion_mentoring.mentoring.experimenting.guard import EVERY_S, GuardExperiments
from ion_mentoring.mentoring.experimenting.known_experiments import KnownExperiments
from ion_mentoring.mentoring.experimenting.outcomes import ReadOutcomes
from ion_mentoring.mentoring.experimenting.report import reported
from ion_mentoring.mentoring.experimenting.run_experiments import RunExperiments
from ion_mentoring.records.experiments.sqlite import SqliteArmSums, SqliteExperiments
from ion_mentoring.records.feedback.protocol import Exposure, RatedAnswer, Rating
from ion_mentoring.records.feedback.sqlite import SqliteRatings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.stores import sqlite_database

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ONE = Experiment("one", "weights", (Arm("usual"), Arm("other", 1, {"lua": 1.0}, 0.1)), NOON, state="running", started_at=NOON)
GOOD = {"answers": 1_000, "ms": 100_000, "ms2": 10_100_000}


@dataclass
class World:
    guard: GuardExperiments
    ratings: SqliteRatings
    sums: SqliteArmSums
    lines: list[str]
    told: list[str]
    clock: float = EVERY_S

    async def add(self, arm: str, tone: str = "calm", **numbers: int) -> None:
        await self.sums.add("one", 1, "2026-01-01", 0, {(arm, tone): numbers})

    async def rate(self, arm: str, number: int, ups: float, tone: str = "calm") -> None:
        """Ratings of so many people, of whom a share is helped."""
        for one in range(number):
            answer = RatedAnswer(NOON, "lua", 1, f"{tone}-fast-learning", "en", "m", exposures=(Exposure("one", 1, arm),))
            verdict: Any = "up" if one < ups * number else "down"
            await self.ratings.put(f"{arm} {tone} {one}", Rating(f"{arm}-{tone}-{one}", NOON, verdict, answer=answer))

    async def arm(self) -> Arm:
        return (await self.guard.run.get("one")).arms[1]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    database, lines, told = sqlite_database(":memory:"), list[str](), list[str]()
    log = EventLog("test", lines.append)

    async def invalidate(pattern: str) -> None:
        told.append(pattern)

    kept, ratings = SqliteExperiments(database), SqliteRatings(database, lambda: NOON)
    sums = SqliteArmSums(database, lambda: NOON)
    known = KnownExperiments(kept, Reliance(Epochs(60.0, lambda: 0.0), None, "experiments", 60.0, lambda: 0.0), log)
    run = RunExperiments(kept, known, ("lua",), invalidate, log, lambda: NOON, pytest.fail)
    guard = GuardExperiments(known, run, ReadOutcomes(ratings, sums), log, lambda: made.clock)
    made = World(guard, ratings, sums, lines, told)
    await kept.add(ONE)
    await known.read_anew()
    yield made
    await database.close()


async def test_an_arm_with_errors_is_stopped_once_and_all_instances_are_told(world: World) -> None:
    await world.add("usual", **GOOD, errors=1)
    await world.add("other", **GOOD, errors=80)
    await world.guard.sometimes()
    assert (await world.arm()).stopped == "errors"
    assert world.told == ["experiments"]
    assert "experiment_arm_stopped" in "".join(world.lines)
    assert world.guard.known.running[0].arms[1].stopped == "errors"
    world.clock += EVERY_S
    await world.guard.sometimes()
    assert world.told == ["experiments"]


@pytest.mark.parametrize(
    ("metric", "numbers"),
    [
        ("latency_ms", {"ms": 150_000, "ms2": 22_600_000}),
        ("cost_usd", {"usd": 150_000, "usd2": 22_600_000}),
        ("danger", {"filtered": 30, "unsafe": 20}),
    ],
)
async def test_each_guardrail_stops(world: World, metric: str, numbers: dict[str, int]) -> None:
    await world.add("usual", **GOOD, usd=100_000, usd2=10_100_000)
    await world.add("other", **{**GOOD, "usd": 100_000, "usd2": 10_100_000, **numbers})
    await world.guard.sometimes()
    assert (await world.arm()).stopped == metric


async def test_what_is_alike_or_of_a_few_goes_on(world: World) -> None:
    await world.add("usual", **GOOD, errors=10)
    await world.add("other", **GOOD, errors=12)
    await world.guard.sometimes()
    assert (await world.arm()).stopped is None
    assert world.told == []


async def test_it_looks_now_and_then_and_at_ratings_when_the_population_is_counted(world: World) -> None:
    await world.rate("usual", 300, 0.9)
    await world.rate("other", 300, 0.4)
    await world.guard.sometimes()
    assert (await world.arm()).stopped is None
    await world.guard.whole()
    assert (await world.arm()).stopped == "down"


async def test_a_look_that_fails_stops_nothing_and_is_told(world: World) -> None:
    class Away(SqliteArmSums):
        async def read(self, experiment: str, phase: int) -> dict[tuple[str, str], dict[str, int]]:
            raise StoreUnavailable("away")

    world.guard.outcomes = ReadOutcomes(world.ratings, Away(None, lambda: NOON))  # type: ignore[arg-type]
    await world.guard.sometimes()
    assert "experiment_unguarded" in "".join(world.lines)


async def test_an_arm_of_a_phase_that_is_over_is_left_alone(world: World) -> None:
    assert await world.guard.run.stop_arm(replace(ONE, phase=2), "other", "errors") is None
    await world.guard.run.stop("one")
    assert await world.guard.run.stop_arm(ONE, "other", "errors") is None
    assert (await world.arm()).stopped is None


async def test_a_report_tells_of_tones_with_enough_people_and_of_no_few(world: World) -> None:
    await world.rate("usual", 60, 0.5)
    await world.rate("other", 60, 0.9)
    await world.rate("usual", 19, 0.5, "urgent")
    await world.rate("other", 40, 0.9, "urgent")
    for arm in ("usual", "other"):
        await world.add(arm, people=60)
    found = reported(ONE, await world.guard.outcomes(ONE))
    (arm,) = found.arms
    assert set(arm.by_tone) == {"calm"}
    assert arm.by_tone["calm"].raw == pytest.approx(0.4)
    helpful = arm.metrics[0]
    assert (helpful.metric, helpful.difference.units) == ("helpful", 60 + 60 + 19 + 40)
    assert (found.people, found.split.ok) == ({"usual": 60, "other": 60}, True)


async def test_figures_of_fewer_than_twenty_people_are_not_told(world: World) -> None:
    await world.rate("usual", 19, 0.5)
    await world.rate("other", 20, 0.9)
    helpful = reported(ONE, await world.guard.outcomes(ONE)).arms[0].metrics[0]
    assert (helpful.usual, helpful.value) == (None, pytest.approx(0.9))


async def test_sums_of_fewer_than_twenty_people_are_not_told_however_many_answers_they_had(world: World) -> None:
    for arm, people in (("usual", 19), ("other", 20)):
        await world.add(arm, **GOOD, people=people)
    metrics = {one.metric: one for one in reported(ONE, await world.guard.outcomes(ONE)).arms[0].metrics}
    assert (metrics["latency_ms"].usual, metrics["latency_ms"].value) == (None, 100.0)
    assert (metrics["errors"].usual, metrics["errors"].value) == (None, 0.0)


async def test_ratings_of_another_phase_or_from_before_do_not_count(world: World) -> None:
    await world.rate("usual", 30, 0.5)
    later = replace(ONE, phase=2)
    assert reported(later, await world.guard.outcomes(later)).arms[0].metrics[0].difference.units == 0
    since = replace(ONE, started_at=datetime(2026, 1, 2, tzinfo=UTC))
    assert reported(since, await world.guard.outcomes(since)).arms[0].metrics[0].difference.units == 0
