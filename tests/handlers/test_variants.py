"""Experiments over models, cards and prompts: what a set has is compared, what it has not is refused, over HTTP."""

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.wiring.clients import close
from tests.fakes import client
from tests.handlers.signed_in import headers_of, open_to
from tests.vendors.plan import Plan, Request
from tests.vendors.server import Vendor

PATH = "/api/v2/experiments"
KEYS = {"ops": new_key("ops", Role.OPERATOR), "web": new_key("web", Role.SERVICE)}
TEXT = "I am so frustrated with meetings"
PEOPLE = tuple(f"user-{number}" for number in range(16))
USUAL, OTHER = "slow says so.", "quick says so."
SLOW, QUICK = "openai:slow", "openai:quick"


def written(request: Request) -> Plan:
    """A text that names the model, and whether it was told to be brief by a card or by another version of the prompts."""
    told = json.dumps(request.body["messages"][0], ensure_ascii=False)
    marks = [mark for mark, sign in (("card", "Four sentences at most"), ("prompt", "rather briefly")) if sign in told]
    return Plan(pieces=(request.body["model"], *(f" {mark}" for mark in marks), " says so."))


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor(script=written) as vendor:
        yield vendor


@pytest.fixture
def settings(cloud_settings: dict[str, str], tmp_path: Path, vendor: Vendor) -> dict[str, str]:
    models = {"MODEL": SLOW, "MODEL_URL": f"{vendor.url}/v1", "MODEL_VARIANTS": f"fast={QUICK} same={SLOW} book=playbook"}
    prices = {"MODEL_PRICES": f"{SLOW}=1/1 {QUICK}=10/10"}
    store = {"STORE": f"sqlite:///{tmp_path}/ion.sqlite3", "CACHE_MAX_UNVERIFIED_S": "1", "RATE_LIMIT_PER_MINUTE": "99999"}
    store["MODEL_TIMEOUT_S"] = "1"
    return {**cloud_settings, **store, **models, **prices}


@pytest.fixture
async def router(settings: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(open_to(KEYS, settings)) as router:
        yield router
    await close()


def draft(arm: dict[str, Any], **more: Any) -> dict[str, Any]:
    (varies,) = (part for part in ("model", "card", "prompt_version") if part in arm)
    return {"id": "it", "varies": varies, "arms": [{"id": "usual"}, {"id": "other", **arm}], **more}


async def told(router: httpx2.AsyncClient, path: str, body: Any = None, status: int = 200) -> Any:
    sent = await router.post(f"{PATH}{path}", json={} if body is None else body, headers=headers_of(KEYS, "ops"))
    assert sent.status_code == status, sent.text
    return sent.json()


async def started(router: httpx2.AsyncClient, arm: dict[str, Any], **more: Any) -> None:
    await told(router, "", draft(arm, **more))
    await told(router, "/it/start")


async def ask(router: httpx2.AsyncClient, user: str, **body: Any) -> Any:
    sent = {"user_input": TEXT, "persona": "lua", "context": {"user_id": user}, **body}
    found = await router.post("/api/v2/process", json=sent, headers=headers_of(KEYS, "web"))
    assert found.status_code == 200, found.text
    return found.json()


async def answered(router: httpx2.AsyncClient, people: Sequence[str] = PEOPLE, **body: Any) -> dict[str, Any]:
    return {user: await ask(router, user, **body) for user in people}


async def rated(router: httpx2.AsyncClient, user: str, answer: Any) -> Any:
    sent = {"request_id": answer["request_id"], "receipt": answer["metadata"]["receipt"], "verdict": "up", "user_id": user}
    return (await router.post("/api/v2/feedback", json=sent, headers=headers_of(KEYS, "web"))).json()["rating"]["answer"]


async def report(router: httpx2.AsyncClient) -> Any:
    return (await router.get(f"{PATH}/it/report", headers=headers_of(KEYS, "ops"))).json()


async def test_two_models_answer_different_people_each_at_its_own_price_and_say_so(router: httpx2.AsyncClient) -> None:
    await started(router, {"model": "fast"})
    first = await answered(router)
    assert {one["content"] for one in first.values()} == {USUAL, OTHER}
    for user, one in first.items():
        fast = one["content"].startswith("quick")
        about = one["metadata"]
        assert (about["model"], about.get("variant")) == ((QUICK, {"model": "fast"}) if fast else (SLOW, None))
        assert about["degraded"] == []
        read = about["usage"]["input_tokens"] + about["usage"]["output_tokens"]
        assert about["cost"]["usd"] == pytest.approx(read * (10 if fast else 1) / 1e6)
        assert [met["arm"] for met in (await rated(router, user, one))["experiments"]] == ["other" if fast else "usual"]
        why = (await router.get(f"/api/v2/answers/{one['request_id']}/why", headers=headers_of(KEYS, "web"))).json()
        assert (why["replay"]["same"], why["replay"]["changed"], why.get("variant")) == (True, [], about.get("variant"))


async def test_arms_share_no_cached_text_and_the_usual_one_keeps_what_was_cached_before(router: httpx2.AsyncClient) -> None:
    before = await ask(router, "somebody")
    await started(router, {"model": "fast"})
    rounds = [await answered(router) for _ in range(3)]
    keys: dict[str, set[str]] = {}
    for one in (one for answers in rounds for one in answers.values()):
        keys.setdefault(one["content"], set()).add(one["performance"]["cache_key"])
    assert [len(found) for found in keys.values()] == [1, 1]
    assert keys[USUAL] == {before["performance"]["cache_key"]}
    assert keys[OTHER] != keys[USUAL]
    for user in PEOPLE:
        assert len({answers[user]["content"] for answers in rounds}) == 1
        assert rounds[2][user]["performance"]["cache_layer"] == "L1"
        assert rounds[2][user]["metadata"].get("variant") == rounds[0][user]["metadata"].get("variant")
        assert rounds[2][user]["metadata"]["cost"]["usd"] == 0


async def test_after_a_rollback_everybody_gets_the_usual_text_at_once(router: httpx2.AsyncClient) -> None:
    await started(router, {"model": "fast"})
    for _ in range(3):
        seen = {one["content"] for one in (await answered(router)).values()}
        assert seen == {USUAL, OTHER}
    await told(router, "/it/rollback")
    assert {one["content"] for one in (await answered(router)).values()} == {USUAL}


@pytest.mark.parametrize("down", [Plan(status=500), Plan(silent=True), Plan(pieces=())], ids=["500", "hangs", "says nothing"])
async def test_a_model_that_is_down_is_replaced_by_the_usual_one_and_counts_as_an_error_of_its_arm_alone(
    router: httpx2.AsyncClient, vendor: Vendor, down: Plan
) -> None:
    await started(router, {"model": "fast"})
    vendor.script = lambda request: down if request.body["model"] == "quick" else written(request)
    usual: list[str] = []
    for user, one in (await answered(router, use_cache=False)).items():
        assert one["content"] == USUAL
        met = [met["arm"] for met in (await rated(router, user, one))["experiments"]]
        assert met == ([] if "variant" in one["metadata"]["degraded"] else ["usual"])
        assert "variant" not in one["metadata"]
        usual += [user] if met else []
    found = await report(router)
    assert found["people"]["other"] == 0 < found["people"]["usual"]
    assert "other" not in found["answers"] or set(found["answers"]["other"].values()) == {0}
    (arm,) = found["arms"]
    errors = next(one for one in arm["metrics"] if one["metric"] == "errors")
    assert errors["people"] > 0
    vendor.script = written
    again = {user: one["content"] for user, one in (await answered(router)).items()}
    assert set(again.values()) <= {USUAL, OTHER}
    assert {again[user] for user in usual} == {USUAL}, "what was written in its place was not cached as theirs"


async def test_a_guardrail_stops_an_arm_whose_model_costs_too_much(router: httpx2.AsyncClient) -> None:
    await started(router, {"model": "fast"})
    many = [f"user-{number}" for number in range(120)]
    assert {one["content"] for one in (await answered(router, many, use_cache=False)).values()} == {USUAL, OTHER}
    (_, arm) = (await report(router))["experiment"]["arms"]
    assert arm["stopped"] == "cost_usd"
    assert {one["content"] for one in (await answered(router, many)).values()} == {USUAL}


async def test_another_card_answers_for_its_persona_alone_and_ratings_know_its_version(router: httpx2.AsyncClient) -> None:
    await started(router, {"card": "lua-brief"})
    versions: dict[str, set[int]] = {}
    for user, one in (await answered(router)).items():
        about = await rated(router, user, one)
        versions.setdefault(one["content"], set()).add(about["card_version"])
        if "variant" in one["metadata"]:
            why = (await router.get(f"/api/v2/answers/{one['request_id']}/why", headers=headers_of(KEYS, "web"))).json()
            assert why["cards"]["lua-brief"] == about["card_version"]
            assert why["replay"]["changed"] == []
    assert versions == {USUAL: {load_roster()["lua"].version}, "slow card says so.": {6}}
    for user, one in (await answered(router, persona="elro")).items():
        assert one["content"] == USUAL
        assert (await rated(router, user, one))["experiments"] == []


async def test_another_version_of_the_prompts_is_told_to_every_personas_model(router: httpx2.AsyncClient) -> None:
    await started(router, {"prompt_version": "3"})
    for persona in ("lua", "elro"):
        seen = {one["content"] for one in (await answered(router, persona=persona)).values()}
        assert seen == {USUAL, "slow prompt says so."}


async def test_danger_and_doubt_never_meet_an_arm(router: httpx2.AsyncClient) -> None:
    await started(router, {"model": "fast"})
    for text in ("I want to kill myself", "sometimes I think everybody would be better off without me"):
        for one in (await answered(router, PEOPLE[:6], user_input=text)).values():
            assert one["metadata"].get("safety") or one["metadata"].get("care")
            assert not one["content"].startswith("quick")
            assert "variant" not in one["metadata"]
    assert set((await report(router))["people"].values()) == {0}


async def test_a_stream_is_written_by_its_arm_and_counts_for_it(router: httpx2.AsyncClient) -> None:
    await started(router, {"model": "fast"})
    texts = set()
    for user in PEOPLE:
        sent = {"user_input": TEXT, "persona": "lua", "context": {"user_id": user}}
        headers = {**headers_of(KEYS, "web"), "accept": "text/event-stream"}
        body = (await router.post("/api/v2/process", json=sent, headers=headers)).text
        data = [json.loads(line.removeprefix("data: ")) for line in body.splitlines() if line.startswith("data: ")]
        done = data[-1]
        assert "".join(one["text"] for one in data if set(one) == {"text"}) == done["content"]
        assert ("variant" in done["metadata"]) == done["content"].startswith("quick")
        assert (await ask(router, user))["content"] == done["content"]
        texts.add(done["content"])
    assert texts == {USUAL, OTHER}
    found = await report(router)
    assert sum(found["people"].values()) == len(PEOPLE)
    assert min(found["people"].values()) > 0


@pytest.mark.parametrize(
    ("arm", "more", "field", "details"),
    [
        ({"model": "slower"}, {}, "model", {"unknown": "slower", "allowed": ["fast", "same", "book"]}),
        ({"card": "lua-loud"}, {}, "card", {"unknown": "lua-loud", "allowed": ["lua-brief"]}),
        ({"prompt_version": "2"}, {}, "prompt_version", {"unknown": "2", "allowed": ["3"]}),
        ({"model": "same"}, {}, "model", {"rule": f"same is {SLOW}, which answers usually"}),
    ],
)
async def test_a_draft_that_names_what_the_set_does_not_have_is_told_what_there_is(
    router: httpx2.AsyncClient, arm: dict[str, Any], more: dict[str, Any], field: str, details: dict[str, Any]
) -> None:
    error = (await told(router, "", draft(arm, **more), status=422))["error"]
    assert (error["field"], error["details"]) == (f"arms.1.{field}", details)
    await told(router, "", draft({"card": "lua-brief"}))
    wrong = {"arms": [{"id": "usual"}, {"id": "other", "card": "lua-loud"}]}
    assert (await told(router, "/it/start", wrong, status=422))["error"]["field"] == "arms.1.card"


async def test_the_cards_of_an_experiment_are_of_one_persona(router: httpx2.AsyncClient) -> None:
    arms = [{"id": "usual"}, {"id": "one", "card": "lua-brief"}, {"id": "two", "card": "elro-brief"}]
    error = (await told(router, "", {"id": "it", "varies": "card", "arms": arms}, status=422))["error"]
    assert (error["field"], error["details"]["rule"].split(",")[0]) == (
        "arms",
        "the cards of one experiment are of one persona",
    )


async def test_a_model_without_a_price_is_not_compared_by_its_cost(settings: dict[str, str]) -> None:
    async with client(open_to(KEYS, {**settings, "MODEL_PRICES": f"{SLOW}=1/1"})) as router:
        error = (await told(router, "", draft({"model": "fast"}), status=422))["error"]
        assert error["details"]["rule"].startswith(f"{QUICK} has no price")
        made = await told(router, "", draft({"model": "fast"}, guardrails=["errors"]))
        assert made["experiment"]["arms"][1]["model"] == "fast"


async def test_the_playbook_reads_no_prompt_and_an_experiment_over_one_is_refused(settings: dict[str, str]) -> None:
    async with client(open_to(KEYS, {**settings, "MODEL": "playbook", "MODEL_VARIANTS": "book=playbook"})) as router:
        for arm in ({"prompt_version": "3"}, {"model": "book"}):
            error = (await told(router, "", draft(arm), status=422))["error"]
            assert "playbook, which answers usually" in error["details"]["rule"]
        await started(router, {"card": "lua-brief"})  # which has other plans for it
        found = await answered(router, user_input="My team members keep fighting. What should I do?")
        texts = {one["content"]: one["metadata"].get("variant") for one in found.values()}
        assert sorted(map(str, texts.values())) == ["None", "{'card': 'lua-brief'}"]


async def test_a_variant_that_went_with_the_next_release_is_an_error_of_its_arm(
    settings: dict[str, str], router: httpx2.AsyncClient
) -> None:
    await started(router, {"model": "fast"})
    async with client(open_to(KEYS, {**settings, "MODEL_VARIANTS": ""})) as later:
        seen = await answered(later)
        assert {one["content"] for one in seen.values()} == {USUAL}
        assert {tuple(one["metadata"]["degraded"]) for one in seen.values()} == {(), ("variant",)}
        found = await report(later)
        assert found["people"]["other"] == 0 < found["people"]["usual"]
