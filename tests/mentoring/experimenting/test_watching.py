"""Who met an arm is written down with the first text, once; what came of answers is added up behind them."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ion_mentoring.caching.epochs import Epochs
from ion_mentoring.caching.reliance import Reliance
from ion_mentoring.errors import PersonaUnavailable, StoreUnavailable
from ion_mentoring.experiments.assignment import Assigning, Assignment
from ion_mentoring.experiments.experiment import Arm, Experiment, Scope
from ion_mentoring.mentoring.answering.experimenting import Meeting, places_of
from ion_mentoring.mentoring.answering.values import Answer, Learner, Tell
from ion_mentoring.mentoring.experimenting.gathered import SEND_EVERY_S, Gathered
from ion_mentoring.mentoring.experimenting.known_experiments import KnownExperiments
from ion_mentoring.mentoring.experimenting.watching import Watching
from ion_mentoring.models.protocol import Delta
from ion_mentoring.personas.variant import Variant
from ion_mentoring.records.experiments.protocol import Exposed
from ion_mentoring.records.experiments.sqlite import SqliteArmSums, SqliteExperiments, SqliteExposures
from ion_mentoring.records.feedback.protocol import Exposure, RatedAnswer
from ion_mentoring.records.ledger.prices import Cost
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.stores import sqlite_database

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ONE = Experiment("one", "weights", (Arm("usual"), Arm("other", 1, {"lua": 1.0}, 0.1)), NOON, state="running")
KIM = Learner("kim", "mark")


class Away(SqliteExposures):
    """Exposures of a store that is away."""

    async def see(self, owner: str, exposed: Exposed) -> bool:
        raise StoreUnavailable("away")


@dataclass
class World:
    watching: Watching
    exposures: SqliteExposures
    sums: SqliteArmSums
    lines: list[str]
    clock: float = 0.0

    async def settled(self) -> dict[tuple[str, str], dict[str, int]]:
        """The sums, once all that was begun is done."""
        await asyncio.gather(*self.watching._writing)
        await self.watching.gathered.send()
        return await self.sums.read("one", 1)

    async def met(self, owner: str) -> list[str]:
        return [one.arm for one in (await self.exposures.own(owner, "")).values]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    database, lines = sqlite_database(":memory:"), list[str]()
    log = EventLog("test", lines.append)
    exposures, sums = SqliteExposures(database, lambda: NOON), SqliteArmSums(database, lambda: NOON)
    kept = SqliteExperiments(database)
    await kept.add(ONE)
    reliance = Reliance(Epochs(60.0, lambda: 0.0), None, "experiments", 60.0, lambda: 0.0)
    gathered = Gathered(sums, 0, log, lambda: NOON, clock=lambda: made.clock)
    known = KnownExperiments(kept, reliance, log)
    made = World(Watching(known, exposures, gathered, log, lambda: NOON), exposures, sums, lines)
    yield made
    await database.close()


def meeting(unit: str = "mark", learner: Learner | None = KIM) -> Meeting:
    return Meeting(unit, learner, Assigning((ONE,)).of(unit).arms, "calm")


def answered(**more: Any) -> Any:
    """A way to an answer that tells its text in pieces."""
    fields: dict[str, Any] = {
        "content": "Hello.",
        "persona": None,
        "decision": None,
        "reasoning": "",
        "language": "en",
        "model": "m",
    }

    async def answer(tell: Tell | None) -> Answer:
        for text in ("", "Hel", "lo."):
            if tell:
                tell(Delta(text))
        return Answer(**{**fields, **more})

    return answer


async def test_an_answer_counts_for_its_arm_with_time_cost_and_the_layer_it_came_from(world: World) -> None:
    arm = meeting().arms[0].arm.id
    await world.watching.watched(meeting(), answered(cost=Cost(3_000_000), filtered=True), None)
    await world.watching.watched(meeting(), answered(cache_layer="L2"), None)
    (cell,) = [(await world.settled())[arm, "calm"]]
    counted = {name: cell[name] for name in ("answers", "made", "L2", "people", "filtered", "usd")}
    assert counted == {"answers": 2, "made": 1, "L2": 1, "people": 1, "filtered": 1, "usd": 3_000}
    assert cell["usd2"] == 9_000_000
    assert await world.met("kim") == [arm]


async def test_an_arm_is_met_with_the_first_text_though_the_answer_breaks_off(world: World) -> None:
    async def breaks(tell: Tell | None) -> Answer:
        assert tell is not None
        tell(Delta(""))
        assert not world.watching._writing
        tell(Delta("Hel"))
        assert world.watching._writing
        raise PersonaUnavailable("gone", retry_after_s=1)

    heard: list[Any] = []
    with pytest.raises(PersonaUnavailable):
        await world.watching.watched(meeting(), breaks, heard.append)
    (cell,) = (await world.settled()).values()
    assert (cell["people"], cell["errors"], "answers" in cell) == (1, 1, False)
    assert [one.text for one in heard] == ["", "Hel"]


async def test_who_gets_no_text_has_met_nothing(world: World) -> None:
    async def fails(_tell: Tell | None) -> Answer:
        raise PersonaUnavailable("gone", retry_after_s=1)

    with pytest.raises(PersonaUnavailable):
        await world.watching.watched(meeting(), fails, None)
    (cell,) = (await world.settled()).values()
    assert cell == {"errors": 1}
    assert await world.met("kim") == []


async def test_a_person_is_counted_once_by_all_instances(world: World) -> None:
    other = Watching(world.watching.experiments, world.exposures, world.watching.gathered, EventLog("test", len), lambda: NOON)
    for watching in (world.watching, other, other):
        await watching.watched(meeting(), answered(), None)
        await asyncio.gather(*watching._writing)
    (cell,) = (await world.settled()).values()
    assert (cell["people"], cell["answers"]) == (1, 3)


async def test_a_session_is_a_unit_without_an_owner(world: World) -> None:
    await world.watching.watched(meeting("talk", None), answered(), None)
    assert (await world.settled()).popitem()[1]["people"] == 1
    assert len(await world.met("session talk")) == 1


async def test_what_is_known_already_is_met_only_by_those_of_whom_it_is_written_down(world: World) -> None:
    places = places_of(meeting().arms, "calm")
    assert not world.watching.met("mark", places)
    await world.watching.watched(meeting(), answered(), None)
    assert world.watching.met("mark", places)
    assert not world.watching.met("other mark", places)
    assert not world.watching.met("mark", ((places[0][0], 2, *places[0][2:]),))
    world.watching.known(places, "L1", time.perf_counter())
    world.watching.known(places, "L2", time.perf_counter())
    (cell,) = (await world.settled()).values()
    assert (cell["answers"], cell["L1"], cell["L2"], cell["made"]) == (3, 1, 1, 1)


async def test_what_the_store_does_not_take_is_written_the_next_time(world: World) -> None:
    watching = replace_exposures(world, Away(None, lambda: NOON))  # type: ignore[arg-type]
    await watching.watched(meeting(), answered(), None)
    await asyncio.gather(*watching._writing)
    assert not watching.met("mark", places_of(meeting().arms, "calm"))
    assert "exposure_unwritten" in "".join(world.lines)
    assert "kim" not in "".join(world.lines)
    watching.exposures = world.exposures
    await watching.watched(meeting(), answered(), None)
    await asyncio.gather(*watching._writing)
    assert len(await world.met("kim")) == 1


def replace_exposures(world: World, exposures: SqliteExposures) -> Watching:
    world.watching.exposures = exposures
    return world.watching


async def test_sums_that_were_not_taken_wait(world: World) -> None:
    taken = world.watching.gathered.sums

    class Full(SqliteArmSums):
        async def add(self, *_: Any) -> None:
            raise StoreUnavailable("away")

    world.watching.gathered.sums = Full(None, lambda: NOON)  # type: ignore[arg-type]
    await world.watching.watched(meeting(), answered(), None)
    await world.watching.gathered.send()
    assert "arm_sums_unsent" in "".join(world.lines)
    world.watching.gathered.sums = taken
    assert next(iter((await world.settled()).values()))["answers"] == 1


async def test_sums_are_sent_now_and_then_by_themselves(world: World) -> None:
    sent: list[int] = []

    async def told() -> None:
        sent.append(1)

    world.watching.gathered.sent = told
    world.clock = 1.0
    for _ in range(5):
        await world.watching.watched(meeting(), answered(), None)
        await asyncio.sleep(0.02)
    assert len(sent) == 1
    world.clock += SEND_EVERY_S
    world.watching.known(places_of(meeting().arms, "calm"), "L1", time.perf_counter())
    await asyncio.sleep(0.05)
    assert len(sent) == 2


async def test_answers_that_people_call_unsafe_count_for_their_arms(world: World) -> None:
    rated = RatedAnswer(NOON, "lua", 1, "calm-fast-learning", "en", "m", exposures=(Exposure("one", 1, "other"),))
    world.watching.gathered.unsafe(rated)
    world.watching.gathered.unsafe(replace(rated, exposures=()))
    assert await world.settled() == {("other", "calm"): {"unsafe": 1}}


async def test_an_instance_knows_what_runs_after_its_first_reading(world: World) -> None:
    assert world.watching.assigned("mark").arms == ()
    await world.watching.ready()
    assert [one.experiment for one in world.watching.assigned("mark").arms] == ["one"]
    kept = world.watching.experiments.kept
    assert await kept.replace(replace(ONE, state="stopped", revision=2))
    await world.watching.experiments.read_anew()
    assert world.watching.assigned("mark").arms == ()


FAST = Variant(model="fast")
BESIDE = Assignment("beside", 1, Arm("usual"), "weights", Scope())
OTHER = Assignment("one", 1, Arm("other", model="fast"), "model", Scope())
VARIED = Meeting("mark", KIM, (OTHER, BESIDE), "calm", FAST)


def written(*pieces: Delta, **more: Any) -> Any:
    """A way to an answer in these pieces, of which it breaks off where it has no `variant` to tell of."""
    fields: dict[str, Any] = {"persona": None, "decision": None, "reasoning": "", "language": "en", "model": "m"}

    async def answer(tell: Tell | None) -> Answer:
        for piece in pieces:
            if tell:
                tell(piece)
        if "variant" not in more:
            raise PersonaUnavailable("gone", retry_after_s=1)
        return Answer(content="Hello.", **fields, **more)

    return answer


@pytest.mark.parametrize(
    ("more", "cell"),
    [
        ({"variant": FAST}, {"answers": 1, "people": 1, "made": 1}),
        ({"variant": None}, None),  # an older release, or another persona
        ({"variant": None, "variant_failed": True}, {"errors": 1}),
    ],
)
async def test_an_arm_with_a_variant_is_met_in_what_that_wrote_alone(
    world: World, more: dict[str, Any], cell: dict[str, int] | None
) -> None:
    await world.watching.watched(VARIED, written(**more), None)
    found = (await world.settled()).get(("other", "calm"))
    assert (found and {name: found[name] for name in found if found[name] and not name.startswith("ms")}) == cell
    assert sorted(await world.met("kim")) == (["other", "usual"] if more["variant"] else ["usual"])
    beside = (await world.sums.read("beside", 1))["usual", "calm"]
    assert (beside["answers"], beside["people"]) == (1, 1)


async def test_in_a_stream_the_variants_first_piece_counts_though_it_breaks_off(world: World) -> None:
    with pytest.raises(PersonaUnavailable):
        await world.watching.watched(VARIED, written(Delta("", varied=True), Delta("Hel", varied=True)), print)
    await world.settled()
    assert sorted(await world.met("kim")) == ["other", "usual"]


async def test_in_a_stream_another_ones_pieces_are_no_meeting(world: World) -> None:
    await world.watching.watched(VARIED, written(Delta("Hello."), variant=None, variant_failed=True), print)
    await world.settled()
    assert await world.met("kim") == ["usual"]
