"""Experiments over HTTP: run by operators, met by people in answers, told apart in receipts, stopped for everybody at once."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.mentoring.auditing.verify import verify
from ion_mentoring.settings.audit import AuditSettings
from ion_mentoring.wiring.auditing import audit_keys
from ion_mentoring.wiring.stores import stores
from tests.fakes import client
from tests.handlers.signed_in import headers_of, open_to

PATH = "/api/v2/experiments"
KEYS = {
    "ops": new_key("ops", Role.OPERATOR),
    "boss": new_key("boss", Role.ADMIN),
    "web": new_key("web", Role.SERVICE),
    "acme/ops": new_key("acme/ops", Role.OPERATOR),
}
TEXT = "How do I prepare for a job interview?"
KEY = "calm-medium-planning"
TO_LUA = {"id": "to-lua", "weights": {"lua": 1}, "strength": 0.3}
DRAFT: dict[str, Any] = {"id": "more-lua", "arms": [{"id": "usual"}, TO_LUA]}


@pytest.fixture
def settings(cloud_settings: dict[str, str], tmp_path: Path) -> dict[str, str]:
    store = {"STORE": f"sqlite:///{tmp_path}/ion.sqlite3", "CACHE_MAX_UNVERIFIED_S": "1"}
    return {**cloud_settings, **store, "RATE_LIMIT_PER_MINUTE": "99999"}


@pytest.fixture
async def instances(settings: dict[str, str]) -> AsyncIterator[list[httpx2.AsyncClient]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(client(open_to(KEYS, settings))) for _ in range(2)]


@pytest.fixture
def router(instances: list[httpx2.AsyncClient]) -> httpx2.AsyncClient:
    return instances[0]


def by(who: str, **headers: str) -> dict[str, str]:
    return {**headers_of(KEYS, who), **headers}


async def told(router: httpx2.AsyncClient, path: str, body: Any = None, who: str = "ops", status: int = 200) -> Any:
    sent = await router.post(f"{PATH}{path}", json={} if body is None else body, headers=by(who))
    assert sent.status_code == status, sent.text
    return sent.json()


async def started(router: httpx2.AsyncClient, **more: Any) -> Any:
    await told(router, "", {**DRAFT, **more})
    return (await told(router, f"/{DRAFT['id']}/start"))["experiment"]


async def ask(router: httpx2.AsyncClient, who: str = "web", **body: Any) -> Any:
    user = {} if who != "web" or "context" in body else {"context": {"user_id": "kim"}}
    found = await router.post(
        "/api/v2/process", json={"user_input": TEXT, "resonance_key": KEY, **user, **body}, headers=by(who)
    )
    assert found.status_code == 200, found.text
    return found.json()


async def arm_of(router: httpx2.AsyncClient, answered: Any, user: str | None = None) -> Any:
    """The arm that a receipt names, as its rating shows it."""
    rating = {"request_id": answered["request_id"], "receipt": answered["metadata"]["receipt"], "verdict": "up"}
    found = await router.post("/api/v2/feedback", json={**rating, "user_id": user}, headers=by("web"))
    assert found.status_code == 200, found.text
    arms = found.json()["rating"]["answer"]["experiments"]
    return arms[0]["arm"] if arms else None


async def people(router: httpx2.AsyncClient, number: int = 12, **body: Any) -> dict[str, Any]:
    """The answers of some people."""
    return {f"user-{one}": await ask(router, context={"user_id": f"user-{one}"}, **body) for one in range(number)}


async def report(router: httpx2.AsyncClient, **headers: str) -> Any:
    found = await router.get(f"{PATH}/more-lua/report", headers=by("ops", **headers))
    assert found.status_code == 200, found.text
    return found.json()


async def test_a_draft_changes_nothing_until_it_is_started_and_nothing_after_it_is_stopped(router: httpx2.AsyncClient) -> None:
    before = {user: one["persona_used"] for user, one in (await people(router)).items()}
    made = await told(router, "", DRAFT)
    assert (made["experiment"]["state"], made["experiment"]["phase"]) == ("draft", 1)
    assert {user: one["persona_used"] for user, one in (await people(router)).items()} == before
    assert (await told(router, "/more-lua/start"))["experiment"]["state"] == "running"
    during = {user: one["persona_used"] for user, one in (await people(router)).items()}
    assert set(before.values()) != {"Lua"}
    assert {during[user] for user in before} == {"Lua", *before.values()}
    stopped = await told(router, "/more-lua/stop", {"reason": "enough"})
    assert (stopped["experiment"]["state"], stopped["experiment"]["reason"]) == ("stopped", "enough")
    assert {user: one["persona_used"] for user, one in (await people(router)).items()} == before


async def test_an_arm_is_the_same_for_a_person_each_time_and_in_each_instance(instances: list[httpx2.AsyncClient]) -> None:
    await started(instances[0])
    over = time.monotonic() + 5
    while "Lua" not in {one["persona_used"] for one in (await people(instances[1])).values()}:
        assert time.monotonic() < over
        await asyncio.sleep(0.1)
    seen = [
        {user: one["persona_used"] for user, one in (await people(router)).items()} for router in (*instances, instances[0])
    ]
    assert seen[0] == seen[1] == seen[2]


async def test_the_first_question_to_an_instance_is_in_its_arm_already(
    router: httpx2.AsyncClient, settings: dict[str, str]
) -> None:
    await started(router)
    known = {user: one["persona_used"] for user, one in (await people(router, 4)).items()}
    for user, persona in known.items():
        async with client(open_to(KEYS, settings)) as fresh:
            assert (await ask(fresh, context={"user_id": user}))["persona_used"] == persona


async def test_an_arms_share_of_the_score_is_seen_and_adds_up(router: httpx2.AsyncClient) -> None:
    await started(router)
    for answered in (await people(router)).values():
        routing = answered["routing"]
        for persona, parts in routing["contributions"].items():
            assert sum(parts.values()) == pytest.approx(routing["scores"][persona], abs=2e-4)
        lifted = "experiment" in routing["contributions"]["lua"]
        assert lifted == ("comparison" in routing["reasoning"]) == (answered["persona_used"] == "Lua")
        why = await router.get(f"/api/v2/answers/{answered['request_id']}/why", headers=by("web"))
        assert why.json()["replay"]["same"] is True


async def test_receipts_say_which_arm_it_was_by_the_long_way_and_the_short_one(router: httpx2.AsyncClient) -> None:
    await started(router)
    for _ in range(3):
        for user, answered in (await people(router)).items():
            arm = "to-lua" if answered["persona_used"] == "Lua" else "usual"
            assert await arm_of(router, answered, user) == arm
    assert answered["performance"]["cache_layer"] == "L1"


async def test_two_arms_never_share_an_answer_that_differs(router: httpx2.AsyncClient) -> None:
    await started(router)
    by_persona: dict[str, set[str]] = {}
    for answered in (await people(router)).values():
        by_persona.setdefault(answered["persona_used"], set()).add(answered["performance"]["cache_key"])
    one, other = by_persona.values()
    assert len(one) == len(other) == 1
    assert one != other


async def test_who_names_a_persona_is_in_danger_or_is_nobody_is_in_no_arm(router: httpx2.AsyncClient) -> None:
    await started(router)
    named = await ask(router, persona="nana")
    assert await arm_of(router, named, "kim") is None
    nobody = await ask(router, context={})
    assert await arm_of(router, nobody) is None
    for user in ("user-1", "user-2", "user-3", "user-4"):  # some of whom meet the arm that changes something
        danger = await ask(router, user_input="I want to kill myself", context={"user_id": user})
        assert danger["metadata"]["safety"]
        assert "experiment" not in danger["routing"]["contributions"]["lua"]
        await ask(router, context={"user_id": user, "metadata": {"retention": "none"}})
    await asyncio.sleep(0.1)
    assert sum((await report(router))["people"].values()) == 0


async def test_a_session_without_a_person_is_a_unit_that_stays_with_its_mentor(router: httpx2.AsyncClient) -> None:
    await started(router)
    seen = set()
    for number in range(8):
        talk = {"context": {"session_id": f"s-{number}"}, "resonance_key": None}
        first, second = [await ask(router, user_input=text, **talk) for text in (TEXT, "And what do I wear?")]
        assert first["persona_used"] == second["persona_used"]
        seen.add(await arm_of(router, first))
    assert seen == {"usual", "to-lua"}


async def test_who_wants_no_experiments_meets_none_and_nothing_is_written(
    router: httpx2.AsyncClient, settings: dict[str, str]
) -> None:
    await started(router)
    for choice in ({"experiments": False}, {"personalise": False, "experiments": True}):
        assert (await router.put("/api/v2/users/me/preferences", json=choice, headers=by("lee"))).status_code == 200
        for _ in range(3):
            answered = await ask(router, "lee", context={"user_id": "lee"})
            assert "experiment" not in answered["routing"]["contributions"]["lua"]
    found = await report(router)
    assert sum(found["people"].values()) == 0


async def test_more_people_meet_it_and_nobody_changes_arms(router: httpx2.AsyncClient) -> None:
    await started(router, exposure=0.3)
    few = {user: await arm_of(router, one, user) for user, one in (await people(router, 40)).items()}
    grown = await told(router, "/more-lua/start", {"exposure": 0.9})
    assert (grown["experiment"]["phase"], grown["experiment"]["exposure"]) == (1, 0.9)
    many = {user: await arm_of(router, one, user) for user, one in (await people(router, 40)).items()}
    assert {user: many[user] for user, arm in few.items() if arm} == {user: arm for user, arm in few.items() if arm}
    assert sum(arm is not None for arm in many.values()) > sum(arm is not None for arm in few.values())
    refused = await told(router, "/more-lua/start", {"exposure": 0.5}, status=422)
    assert refused["error"]["field"] == "exposure"
    other = {"arms": [{"id": "usual"}, {**TO_LUA, "parts": 3}]}
    assert (await told(router, "/more-lua/start", other, status=409))["error"]["code"] == "WRONG_STATE"
    await told(router, "/more-lua/stop")
    again = (await told(router, "/more-lua/start", {**other, "exposure": 0.5}))["experiment"]
    assert (again["phase"], again["exposure"], again["arms"][1]["parts"]) == (2, 0.5, 3)


async def test_a_report_says_who_met_what_and_what_to_do_in_the_readers_language(router: httpx2.AsyncClient) -> None:
    await started(router)
    for user, answered in (await people(router, 24)).items():
        await arm_of(router, answered, user)
    found = await report(router)
    assert sum(found["people"].values()) == 24
    assert sum(sum(layers.values()) for layers in found["answers"].values()) == 24
    assert (found["split"]["ok"], found["decision"], found["why"]) == (True, "run", "early")
    assert found["says"].startswith("Go on")
    assert "계속" in (await report(router, **{"accept-language": "ko"}))["says"]
    (arm,) = found["arms"]
    assert arm["metrics"][0]["metric"] == "helpful"
    assert {one["interval"] is None for one in arm["metrics"]} == {True}
    assert arm["by_tone"] == {}


async def test_a_prompt_mode_can_vary_and_a_caller_who_names_one_gets_it(router: httpx2.AsyncClient) -> None:
    arms = [{"id": "usual"}, {"id": "short", "prompt_mode": "summary_light"}]
    await started(router, varies="prompt_mode", arms=arms)
    lengths: dict[Any, set[int]] = {}
    for user, answered in (await people(router)).items():
        lengths.setdefault(await arm_of(router, answered, user), set()).add(len(answered["content"]))
    assert max(lengths["short"]) < min(lengths["usual"])
    named = await ask(router, context={"user_id": "user-1"}, prompt_mode="summary_light")
    assert await arm_of(router, named, "user-1") is None


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"varies": "model"}, 422, "arms.1"),
        ({"arms": [{"id": "usual"}, {"id": "x", "card": "lua-brief"}]}, 422, "arms.1"),
        ({"varies": "card", "arms": [{"id": "usual"}, {"id": "x", "card": "No!"}]}, 422, "arms.1.card"),
        ({"varies": "colour"}, 422, "varies"),
        ({"arms": [{"id": "usual"}]}, 422, "arms"),
        ({"arms": [TO_LUA, {"id": "usual"}]}, 422, "arms.0"),
        ({"arms": [{"id": "usual"}, {"id": "same"}]}, 422, "arms.1"),
        ({"arms": [{"id": "usual"}, {**TO_LUA, "prompt_mode": "summary_light"}]}, 422, "arms.1"),
        ({"arms": [{"id": "usual"}, {"id": "x", "weights": {"zoe": 1}}]}, 422, "arms.1.weights"),
        ({"arms": [{"id": "usual"}, {**TO_LUA, "strength": 0.9}]}, 422, "arms.1.strength"),
        ({"slot": {"from": 9, "to": 9}}, 422, "slot"),
        ({"id": "No!"}, 422, "id"),
        ({"primary": "money"}, 422, "primary"),
    ],
)
async def test_what_cannot_be_run_or_judged_is_refused(
    router: httpx2.AsyncClient, change: dict[str, Any], status: int, field: str
) -> None:
    refused = await told(router, "", {**DRAFT, **change}, status=status)
    assert refused["error"]["field"] == field, refused
    assert (await router.get(PATH, headers=by("ops"))).json()["experiments"] == []


async def test_two_that_could_change_the_same_answers_do_not_run_together(router: httpx2.AsyncClient) -> None:
    await started(router, slot={"from": 0, "to": 6000})
    await told(router, "", {**DRAFT, "id": "other", "slot": {"from": 5000, "to": 10000}})
    assert (await told(router, "/other/start", status=409))["error"]["details"]["running"] == ["more-lua"]
    await told(router, "", {**DRAFT, "id": "third", "layer": "second"})
    assert (await told(router, "/third/start", status=409))["error"]["details"]["running"] == ["more-lua"]
    await told(router, "", {**DRAFT, "id": "beside", "slot": {"from": 6000, "to": 10000}})
    assert (await told(router, "/beside/start"))["experiment"]["state"] == "running"
    assert (await told(router, "", DRAFT, status=409))["error"]["code"] == "WRONG_STATE"
    for path in ("/nobody/start", "/nobody/stop", "/nobody/rollback"):
        assert (await told(router, path, status=404))["error"]["code"] == "NOT_FOUND"


async def test_one_command_rolls_it_back_whatever_its_state_is(router: httpx2.AsyncClient) -> None:
    before = await started(router)
    for _ in range(2):
        back = (await told(router, "/more-lua/rollback"))["experiment"]
        assert (back["state"], back["revision"]) == ("rolled_back", before["revision"] + 1)
    assert {"Lua"} != {one["persona_used"] for one in (await people(router)).values()}
    assert (await report(router))["experiment"]["state"] == "rolled_back"


async def test_nobody_else_sees_or_runs_them(router: httpx2.AsyncClient) -> None:
    await told(router, "", DRAFT)
    for who in ("web", "acme/ops", "kim"):
        for path in ("", "/more-lua/start", "/more-lua/stop", "/more-lua/rollback"):
            await told(router, path, DRAFT, who, status=403)
        for path in ("", "/more-lua", "/more-lua/report"):
            assert (await router.get(f"{PATH}{path}", headers=by(who))).status_code == 403
    assert (await router.get(f"{PATH}/more-lua", headers=by("boss"))).json()["experiment"]["state"] == "draft"


async def test_what_operators_do_is_in_the_audit_log(router: httpx2.AsyncClient, settings: dict[str, str]) -> None:
    await started(router, exposure=0.5)
    await told(router, "/more-lua/start", {"exposure": 0.1}, status=422)
    await told(router, "/more-lua/stop")
    await told(router, "/more-lua/rollback", who="boss")
    found = await verify(stores(settings["STORE"]).audit, audit_keys(AuditSettings.read(settings)), datetime.now(UTC))
    done = {"experiment": "more-lua", "phase": "1", "exposure": "0.5"}
    assert [(one.kind, one.outcome, one.facts) for one in found.records] == [
        ("experiment_made", "done", done),
        ("experiment_started", "done", done),
        ("experiment_started", "VALIDATION_ERROR", {"experiment": "more-lua"}),
        ("experiment_stopped", "done", done),
        ("experiment_rolled_back", "done", done),
    ]
    assert not found.findings


async def test_an_erasure_takes_along_which_arms_somebody_met(router: httpx2.AsyncClient) -> None:
    await started(router)
    await ask(router, "lee", context={"user_id": "lee"})
    await asyncio.sleep(0.1)
    kept = await router.get("/api/v2/users/lee/export", headers=by("lee"))
    assert '"more-lua"' in kept.text
    erased = await router.delete("/api/v2/users/lee", headers=by("lee"))
    assert erased.status_code == 200, erased.text
    assert '"more-lua"' not in (await router.get("/api/v2/users/lee/export", headers=by("lee"))).text
