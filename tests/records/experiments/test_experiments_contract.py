"""What every store of experiments, exposures and sums does: one body for all of them."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ion_mentoring.backends.firestore import Documents
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.experiments.experiment import Arm, Experiment, Scope
from ion_mentoring.local.parts import free_port
from ion_mentoring.records.experiments.codec import experiment_json, experiment_of
from ion_mentoring.records.experiments.firestore import FirestoreArmSums, FirestoreExperiments, FirestoreExposures
from ion_mentoring.records.experiments.protocol import (
    EXPOSURE_RETENTION,
    PAGE,
    ArmSums,
    Experiments,
    Exposed,
    Exposures,
)
from ion_mentoring.records.experiments.sqlite import SqliteArmSums, SqliteExperiments, SqliteExposures
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ONE = Experiment(
    "one",
    "weights",
    (Arm("usual"), Arm("other", 3, {"lua": 0.5, "nana": 1.0}, 0.2)),
    NOON,
    slot=(0, 5_000),
    exposure=0.4,
    scope=Scope(frozenset({"calm", "anxious"}), "ko"),
)
MET = Exposed("one", 1, "usual", NOON)


@dataclass
class Kept:
    experiments: Experiments
    exposures: Exposures
    sums: ArmSums
    now: datetime = NOON


@pytest.fixture(params=["sqlite in memory", "sqlite in a file", "firestore"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kept]:
    clock = [NOON]
    if request.param == "firestore":
        documents = patient(request.getfixturevalue("firestore_project"))
        exposures = FirestoreExposures(documents, lambda: made.now)
        made = Kept(FirestoreExperiments(documents), exposures, FirestoreArmSums(documents, lambda: clock[0]))
        yield made
        return
    database = sqlite_database(":memory:" if request.param == "sqlite in memory" else str(tmp_path / "ion.sqlite3"))
    made = Kept(
        SqliteExperiments(database), SqliteExposures(database, lambda: made.now), SqliteArmSums(database, lambda: clock[0])
    )
    yield made
    await database.close()


async def test_an_experiment_comes_back_as_it_was_kept(kept: Kept) -> None:
    assert await kept.experiments.get("one") is None
    assert await kept.experiments.add(ONE)
    ended = replace(ONE, id="two", state="stopped", started_at=NOON, ended_at=NOON + timedelta(days=1), reason="enough")
    assert await kept.experiments.add(ended)
    assert await kept.experiments.get("one") == ONE
    assert sorted(await kept.experiments.all(), key=lambda one: one.id) == [ONE, ended]


async def test_an_id_is_taken_once_and_a_change_is_of_the_revision_before(kept: Kept) -> None:
    assert await kept.experiments.add(ONE)
    assert not await kept.experiments.add(replace(ONE, exposure=0.9))
    assert not await kept.experiments.replace(replace(ONE, id="nobody", revision=2))
    running = replace(ONE, state="running", revision=2)
    assert await kept.experiments.replace(running)
    assert not await kept.experiments.replace(replace(ONE, state="stopped", revision=2))
    assert await kept.experiments.get("one") == running


async def test_of_two_changes_at_once_one_counts(kept: Kept) -> None:
    await kept.experiments.add(ONE)
    wanted = [replace(ONE, exposure=exposure, revision=2) for exposure in (0.5, 0.6, 0.7)]
    done = await asyncio.gather(*(kept.experiments.replace(one) for one in wanted))
    assert done.count(True) == 1
    assert await kept.experiments.get("one") == wanted[done.index(True)]


async def test_a_person_meets_an_arm_once_a_phase(kept: Kept) -> None:
    assert await kept.exposures.see("kim", MET)
    assert not await kept.exposures.see("kim", replace(MET, arm="other"))
    assert await kept.exposures.see("kim", replace(MET, phase=2))
    assert await kept.exposures.see("lee", MET)
    found = await kept.exposures.own("kim", "")
    assert sorted(one.phase for one in found.values) == [1, 2]
    assert all(one.arm == "usual" and one.at == NOON for one in found.values)


async def test_exposures_go_with_their_owner_and_with_time(kept: Kept) -> None:
    for owner in ("kim", "lee"):
        await kept.exposures.see(owner, MET)
    assert await kept.exposures.erase("kim") == 1
    assert await kept.exposures.erase("kim") == 0
    assert (await kept.exposures.own("kim", "")).values == ()
    assert (await kept.exposures.own("lee", "")).values == (MET,)
    kept.now = NOON + EXPOSURE_RETENTION + timedelta(seconds=1)
    assert (await kept.exposures.own("lee", "")).values == ()


async def test_many_exposures_come_in_pages(kept: Kept) -> None:
    for phase in range(PAGE + 5):
        await kept.exposures.see("kim", replace(MET, phase=phase))
    first = await kept.exposures.own("kim", "")
    rest = await kept.exposures.own("kim", first.next)
    assert (len(first.values), len(rest.values), rest.next) == (PAGE, 5, "")
    assert {one.phase for one in (*first.values, *rest.values)} == set(range(PAGE + 5))


async def test_sums_add_up_over_shards_days_and_instances(kept: Kept) -> None:
    cell = ("usual", "calm")
    for shard, day in ((0, "2026-01-01"), (0, "2026-01-01"), (1, "2026-01-01"), (0, "2026-01-02")):
        await kept.sums.add("one", 1, day, shard, {cell: {"answers": 2, "ms": 5}})
    await kept.sums.add("one", 1, "2026-01-02", 0, {("other", "calm"): {"errors": 1}, cell: {"usd": 3}})
    await kept.sums.add("one", 2, "2026-01-02", 0, {cell: {"answers": 9}})
    await kept.sums.add("one-more", 1, "2026-01-02", 0, {cell: {"answers": 9}})
    found = await kept.sums.read("one", 1)
    assert found == {cell: {"answers": 8, "ms": 20, "usd": 3}, ("other", "calm"): {"errors": 1}}


async def test_a_store_that_is_gone_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    gone, database = Documents("test-nobody", timeout_s=0.5), sqlite_database(str(tmp_path))
    calls = (
        FirestoreExperiments(gone).all(),
        FirestoreExposures(gone, lambda: NOON).see("kim", MET),
        FirestoreArmSums(gone, lambda: NOON).read("one", 1),
        SqliteExperiments(database).get("one"),
        SqliteExposures(database, lambda: NOON).erase("kim"),
        SqliteArmSums(database, lambda: NOON).add("one", 1, "2026-01-01", 0, {}),
    )
    for call in calls:
        with pytest.raises(StoreUnavailable):
            await call
    await database.close()


def test_an_older_release_can_read_what_varies_nothing_that_it_does_not_know() -> None:
    older = {"id", "parts", "weights", "strength", "prompt_mode", "stopped"}
    arms = json.loads(experiment_json(ONE))["arms"]
    assert {name for arm in arms for name in arm} == older
    varied = replace(ONE, varies="model", arms=(Arm("usual"), Arm("other", model="fast")))
    assert experiment_of(experiment_json(varied)) == varied
