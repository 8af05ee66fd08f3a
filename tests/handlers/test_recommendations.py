"""What is learnt of a person: seen by them, with reasons that add up; changed, forgotten and switched off; part of routing."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.handlers.web.app import App
from tests.fakes import client
from tests.handlers.signed_in import headers_of, open_to

TEXT = "I am so nervous about how to plan the meeting"
KEY = "anxious-medium-validation"
KEYS = {
    "web": new_key("web", Role.SERVICE),
    "boss": new_key("boss", Role.ADMIN),
    "ops": new_key("ops", Role.OPERATOR),
    "acme/web": new_key("acme/web", Role.SERVICE),
    "acme/boss": new_key("acme/boss", Role.ADMIN),
}


def built(cloud_settings: dict[str, str], **more: str) -> App:
    return open_to(KEYS, cloud_settings, RATE_LIMIT_PER_MINUTE="9999", **more)


@pytest.fixture
async def router(cloud_settings: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(built(cloud_settings)) as asked:
        yield asked


def by(who: str, **headers: str) -> dict[str, str]:
    return {**headers_of(KEYS, who), **headers}


async def answer(router: httpx2.AsyncClient, who: str, **body: Any) -> Any:
    sent = {"user_input": TEXT, "resonance_key": KEY, **body}
    found = await router.post("/api/v2/process", json=sent, headers=by(who))
    assert found.status_code == 200, found.text
    return found.json()


async def rated(router: httpx2.AsyncClient, who: str, verdict: str, times: int = 1, **body: Any) -> None:
    for _ in range(times):
        answered = await answer(router, who, **body)
        rating = {"request_id": answered["request_id"], "receipt": answered["metadata"]["receipt"], "verdict": verdict}
        sent = await router.post("/api/v2/feedback", json=rating, headers=by(who))
        assert sent.json()["rating"]["counts"], sent.text


async def advice(router: httpx2.AsyncClient, who: str, user: str = "me", **query: str) -> Any:
    found = await router.get(f"/api/v2/users/{user}/recommendations", params=query, headers=by(who))
    assert found.status_code == 200, found.text
    return found.json()


async def prefer(router: httpx2.AsyncClient, who: str, **choices: Any) -> Any:
    found = await router.put("/api/v2/users/me/preferences", json=choices, headers=by(who))
    assert found.status_code == 200, found.text
    return found.json()


async def explores(router: httpx2.AsyncClient, variant: str) -> None:
    turned = await router.put("/api/v2/flags/exploration", json={"variant": variant}, headers=by("ops"))
    assert turned.status_code == 200, turned.text


async def test_ratings_become_a_part_of_routing_that_can_be_seen(router: httpx2.AsyncClient) -> None:
    before = await answer(router, "kim")
    assert before["persona_used"] == "Lua"
    assert {own["affinity"] for own in before["routing"]["contributions"].values()} == {0.0}
    await rated(router, "kim", "down", 6, persona="lua")
    await rated(router, "kim", "up", 6, persona="nana")
    after = await answer(router, "kim")
    assert after["persona_used"] == "Nana"
    for persona, parts in after["routing"]["contributions"].items():
        assert sum(parts.values()) == pytest.approx(after["routing"]["scores"][persona], abs=1e-6)
        assert parts["affinity"] > 0
    assert "ratings" in after["routing"]["reasoning"]
    why = (await router.get(f"/api/v2/answers/{after['request_id']}/why", headers=by("kim"))).json()
    assert why["replay"]["same"] is True, "with the numbers of the taste, it is decided again to the last digit"
    assert why["replay"]["routing"]["contributions"] == after["routing"]["contributions"]
    assert (await answer(router, "lee"))["persona_used"] == "Lua", "another person's ratings are none of theirs"


async def test_a_person_sees_what_was_concluded_with_reasons_that_add_up(router: httpx2.AsyncClient) -> None:
    await rated(router, "kim", "up", 3, persona="nana")
    found = await advice(router, "kim")
    assert (found["tone"], found["from"], found["off"]) == ("anxious", {"yours": 3, "everyone": 0}, False)
    for one in found["personas"]:
        assert sum(why["weight"] for why in one["because"]) == pytest.approx(one["score"], abs=1e-6)
        assert all(why["words"] for why in one["because"])
    assert [one["share"] for one in found["personas"]] == [1.0, 0.0, 0.0, 0.0]
    own = [why["words"] for one in found["personas"] for why in one["because"] if why["kind"] == "affinity"]
    assert any("3.0 of 3.0" in words for words in own)
    assert {one["id"] for one in (await advice(router, "lee"))["personas"]} == {"lua", "elro", "riri", "nana"}
    assert (await advice(router, "lee", tone="calm"))["tone"] == "calm"


async def test_they_may_say_that_it_was_concluded_wrongly(router: httpx2.AsyncClient) -> None:
    await rated(router, "kim", "up", 3, persona="nana")
    await rated(router, "kim", "down", user_input="I am nervous about my talk tomorrow")
    assert [step["kind"] for step in (await advice(router, "kim"))["next_steps"]] == ["another_way"]
    gone = await router.delete("/api/v2/users/me/recommendations", headers=by("kim"))
    assert gone.status_code == 200
    assert (await advice(router, "kim"))["from"]["yours"] == 0
    assert (await advice(router, "kim"))["next_steps"] == []
    await rated(router, "kim", "up", 1, persona="riri")
    found = await advice(router, "kim", tone="anxious")
    assert found["from"]["yours"] == 1, "those of before do not count"
    own = [why["words"] for one in found["personas"] for why in one["because"] if "helped you" in why["words"]]
    assert len(own) == 1, "what was said before teaches nothing any more"


async def test_a_rating_that_is_taken_back_teaches_nothing(router: httpx2.AsyncClient) -> None:
    answered = await answer(router, "kim", persona="nana")
    rating = {"request_id": answered["request_id"], "receipt": answered["metadata"]["receipt"], "verdict": "up"}
    await router.post("/api/v2/feedback", json=rating, headers=by("kim"))
    assert (await advice(router, "kim"))["tone"] == "anxious"
    await router.delete(f"/api/v2/feedback/{answered['request_id']}", headers=by("kim"))
    assert (await advice(router, "kim"))["tone"] is None


async def test_who_switches_it_off_is_answered_as_everybody_and_nothing_is_kept(router: httpx2.AsyncClient) -> None:
    await rated(router, "kim", "down", 6, persona="lua")
    await rated(router, "kim", "up", 6, persona="nana")
    assert await prefer(router, "kim", personalise=False) | {"request_id": "", "timestamp": ""} == {
        "success": True,
        "personalise": False,
        "experiments": True,
        "request_id": "",
        "timestamp": "",
    }
    assert (await answer(router, "kim"))["persona_used"] == "Lua"
    await rated(router, "kim", "up", 1, persona="nana")
    off = await advice(router, "kim")
    assert (off["off"], off["from"]["yours"], off["next_steps"]) == (True, 0, [])
    assert (await prefer(router, "kim", personalise=True))["personalise"] is True


async def test_a_known_question_is_answered_by_taste_too(router: httpx2.AsyncClient) -> None:
    for _ in range(2):  # the second time by the fast path
        assert (await answer(router, "kim"))["persona_used"] == "Lua"
    await rated(router, "kim", "down", 6, persona="lua")
    await rated(router, "kim", "up", 6, persona="nana")
    for _ in range(3):
        assert (await answer(router, "kim"))["persona_used"] == "Nana"
        assert (await answer(router, "lee"))["persona_used"] == "Lua"


async def test_exploring_is_as_rare_as_it_says_and_its_probability_is_in_the_rating(cloud_settings: dict[str, str]) -> None:
    async with client(built(cloud_settings)) as router:
        await explores(router, "often")
        question = {"user_input": "Which metric should I look at first?", "resonance_key": "analytical-medium-learning"}
        answers = [await answer(router, "kim", **question) for _ in range(200)]
        explored = [one for one in answers if one["routing"]["explored"]]
        assert {one["persona_used"] for one in answers} == {"Elro", "Riri"}
        assert 5 <= len(explored) <= 40, "a tenth of them: one of two who are near, for a fifth"
        for one, chance in ((explored[0], 0.1), (answers[-1] if not answers[-1]["routing"]["explored"] else answers[0], 0.9)):
            rating = {"request_id": one["request_id"], "receipt": one["metadata"]["receipt"], "verdict": "up"}
            given = await router.post("/api/v2/feedback", json=rating, headers=by("kim"))
            if not one["routing"]["explored"] or chance == 0.1:
                assert given.json()["rating"]["answer"]["propensity"] == pytest.approx(chance)
        await prefer(router, "kim", personalise=False)
        assert not any([(await answer(router, "kim", **question))["routing"]["explored"] for _ in range(60)])
        nobody = [await answer(router, "web", **question) for _ in range(60)]
        assert not any(one["routing"]["explored"] for one in nobody), "a request that is nobody's in particular"
        (await prefer(router, "kim", personalise=True))
        session = [await answer(router, "kim", **question, context={"session_id": "s1"}) for _ in range(6)]
        assert len({one["persona_used"] for one in session}) == 1, "a conversation stays with whom it began"


async def test_exploring_is_turned_while_the_set_runs(router: httpx2.AsyncClient) -> None:
    question = {"user_input": "Which metric should I look at first?", "resonance_key": "analytical-medium-learning"}

    async def explored() -> int:
        return sum([(await answer(router, "kim", **question))["routing"]["explored"] for _ in range(80)])

    assert not await explored(), "the body is known by now, with nobody to try"
    await explores(router, "often")
    assert await explored()
    assert (await advice(router, "kim", tone="analytical"))["explores"]
    gone = await router.delete("/api/v2/flags/exploration", headers=by("ops"))
    assert gone.json()["flag"]["evaluation"]["variant"] == "off"
    assert not await explored(), "nor is what was learnt of the body with another probability of any use"
    assert not (await advice(router, "kim", tone="analytical"))["explores"]


async def test_nobody_reads_or_changes_what_was_learnt_of_another(router: httpx2.AsyncClient) -> None:
    for method, path in (("GET", "recommendations"), ("DELETE", "recommendations"), ("GET", "preferences")):
        refused = await router.request(method, f"/api/v2/users/lee/{path}", headers=by("kim"))
        assert refused.status_code == 403
    assert (await router.put("/api/v2/users/lee/preferences", json={}, headers=by("kim"))).status_code == 403
    assert (await router.get("/api/v2/users/me/recommendations", headers=by("ops"))).status_code == 403
    body = {"persona": "nana", "context": {"user_id": "u1"}}
    answered = await answer(router, "acme/web", **body)
    rating = {
        "request_id": answered["request_id"],
        "receipt": answered["metadata"]["receipt"],
        "verdict": "up",
        "user_id": "u1",
    }
    await router.post("/api/v2/feedback", json=rating, headers=by("acme/web"))
    assert (await advice(router, "acme/boss", "u1"))["from"]["yours"] == 1
    assert (await advice(router, "boss", "u1", tenant="acme"))["from"]["yours"] == 1
    assert (await advice(router, "web", "u1"))["from"]["yours"] == 0


async def test_a_bad_tone_or_choice_is_refused(router: httpx2.AsyncClient) -> None:
    tone = await router.get("/api/v2/users/me/recommendations", params={"tone": "grumpy"}, headers=by("kim"))
    assert (tone.status_code, tone.json()["error"]["field"]) == (422, "tone")
    choice = await router.put("/api/v2/users/me/preferences", json={"personalise": "no"}, headers=by("kim"))
    assert (choice.status_code, choice.json()["error"]["field"]) == (422, "personalise")


async def test_operators_have_everybody_counted(router: httpx2.AsyncClient) -> None:
    assert (await router.post("/api/v2/feedback/population", headers=by("kim"))).status_code == 403
    for person in range(20):
        body = {"persona": "nana", "context": {"user_id": f"u{person}"}}
        answered = await answer(router, "web", **body)
        rating = {"request_id": answered["request_id"], "receipt": answered["metadata"]["receipt"], "verdict": "up"}
        await router.post("/api/v2/feedback", json={**rating, "user_id": f"u{person}"}, headers=by("web"))
    counted = (await router.post("/api/v2/feedback/population", headers=by("ops"))).json()
    assert (counted["people"], counted["cells"]) == (20, {"anxious-nana": 1.0})


async def test_newcomers_are_answered_by_what_enough_others_rated_and_nobody_in_particular_by_the_table(
    router: httpx2.AsyncClient,
) -> None:
    for person in range(20):
        for persona, verdict in (("nana", "up"), ("lua", "down")):
            answered = await answer(router, "web", persona=persona, context={"user_id": f"u{person}"})
            rating = {"request_id": answered["request_id"], "receipt": answered["metadata"]["receipt"], "verdict": verdict}
            await router.post("/api/v2/feedback", json={**rating, "user_id": f"u{person}"}, headers=by("web"))
    await router.post("/api/v2/feedback/population", headers=by("ops"))
    for _ in range(3):  # the third time by the fast path, each as its own variant of the same body
        newcomer, nobody = await answer(router, "lee"), await answer(router, "web")
        assert (newcomer["persona_used"], nobody["persona_used"]) == ("Nana", "Lua")
    assert newcomer["performance"]["cache_hit"]
    assert nobody["performance"]["cache_hit"]
