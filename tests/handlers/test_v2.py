"""v2 answers as its contract says."""

import re
from typing import Any

import httpx2
import pytest

PROCESS = "/api/v2/process"
KOREAN = "팀장이 회의에서 제 의견을 계속 무시해요. 너무 답답해요"
ENGLISH = "I failed my interview and I feel terrible"


async def answered(router: httpx2.AsyncClient, **sent: Any) -> dict[str, Any]:
    response = await router.post(PROCESS, json=sent)
    assert response.status_code == 200, response.text
    return response.json()


async def test_an_answer_has_every_field_of_the_contract(router: httpx2.AsyncClient) -> None:
    answer = await answered(router, user_input=KOREAN, resonance_key="frustrated-burst-seeking_advice")
    assert answer["success"] is True
    assert answer["persona_used"] == "Lua"
    assert answer["resonance_key"] == "frustrated-burst-seek_advice"
    assert answer["confidence"] == 0.823
    routing = answer["routing"]
    assert (routing["primary_persona"], routing["secondary_persona"]) == ("Lua", "Riri")
    assert routing["scores"] == {"lua": 1.0, "elro": 0.44, "riri": 0.59, "nana": 0.59}
    assert routing["contributions"]["elro"] == {"tone": 0.2, "pace": 0.12, "intent": 0.12, "situation": 0.0, "affinity": 0.0}
    assert "루아" in routing["reasoning"]
    assert set(answer["performance"]) == {"execution_time_ms", "cache_hit", "cache_layer", "stale", "cache_key"}
    metadata = answer["metadata"]
    assert (metadata["language"], metadata["model"], metadata["detected"]) == ("ko", "playbook", {})
    assert metadata["usage"] == {"input_tokens": 0, "output_tokens": 0}
    assert metadata["ai_generated"] is True
    assert metadata["degraded"] == []
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", answer["timestamp"])


async def test_the_key_is_read_from_the_text_and_explained(router: httpx2.AsyncClient) -> None:
    answer = await answered(router, user_input=KOREAN)
    assert answer["resonance_key"].startswith("frustrated-")
    detected = answer["metadata"]["detected"]
    assert detected["resonance_key"] == answer["resonance_key"]
    assert {feature["part"] for feature in detected["features"]} <= {"tone", "pace", "intent", "feeling"}
    assert detected["confidence"]["tone"] > 0


async def test_the_second_time_comes_from_l1_whatever_case_and_spacing(router: httpx2.AsyncClient) -> None:
    first = await answered(router, user_input="How do I prepare for an Interview tomorrow?")
    second = await answered(router, user_input="  how do i  PREPARE for an interview tomorrow?")
    assert (first["performance"]["cache_layer"], second["performance"]["cache_layer"]) == (None, "L1")
    assert first["content"] == second["content"]
    assert first["performance"]["cache_key"] == second["performance"]["cache_key"]
    assert second["performance"]["cache_hit"] is True
    assert first["request_id"] != second["request_id"]


async def test_use_cache_false_asks_again(router: httpx2.AsyncClient) -> None:
    await answered(router, user_input=ENGLISH)
    again = await answered(router, user_input=ENGLISH, use_cache=False)
    assert again["performance"]["cache_hit"] is False


async def test_metadata_can_be_left_out(router: httpx2.AsyncClient) -> None:
    assert "metadata" not in await answered(router, user_input=ENGLISH, include_metadata=False)


@pytest.mark.parametrize(("name", "used"), [("elro", "Elro"), ("Elro", "Elro"), ("엘로", "Elro"), (" NANA ", "Nana")])
async def test_a_persona_can_be_chosen_by_any_of_its_names(router: httpx2.AsyncClient, name: str, used: str) -> None:
    answer = await answered(router, user_input=ENGLISH, persona=name)
    assert answer["persona_used"] == used
    assert used in answer["routing"]["reasoning"]


async def test_the_light_mode_is_three_bullets(router: httpx2.AsyncClient) -> None:
    answer = await answered(router, user_input=ENGLISH, prompt_mode="summary_light")
    lines = answer["content"].splitlines()
    assert len(lines) <= 3
    assert all(line.startswith("• ") for line in lines)


async def test_the_language_can_be_asked_for(router: httpx2.AsyncClient) -> None:
    answer = await answered(router, user_input=ENGLISH, language="en-GB")
    assert answer["metadata"]["language"] == "en"


async def test_an_id_of_the_caller_is_kept_if_it_is_sane(router: httpx2.AsyncClient) -> None:
    kept = await router.get("/api/v2/health", headers={"x-request-id": "abc-123"})
    made = await router.get("/api/v2/health", headers={"x-request-id": "abc 123\tx"})
    assert kept.headers["x-request-id"] == "abc-123"
    assert re.fullmatch(r"[0-9a-f]{32}", made.headers["x-request-id"])


async def test_resonance_explains_a_text(router: httpx2.AsyncClient) -> None:
    body = (await router.post("/api/v2/resonance", json={"text": "너무 외로워요 ㅠㅠ"})).json()
    assert (body["tone"], body["feeling"], body["language"]) == ("anxious", "loneliness", "ko")
    assert body["resonance_key"] == f"{body['tone']}-{body['pace']}-{body['intent']}"
    assert body["features"]


async def test_recommend_finds_a_persona_with_reasons(router: httpx2.AsyncClient) -> None:
    for scenario, persona in (("우리 팀 협업과 조정이 필요해", "Nana"), ("I need data analysis of our metric", "Riri")):
        body = (await router.post("/api/v2/recommend", json={"scenario": scenario})).json()
        assert body["recommended_persona"] == persona
        assert set(body["scores"]) >= {"lua", "elro", "riri", "nana"}
        assert body["reasons"]


async def test_recommend_without_any_hint_still_reasons(router: httpx2.AsyncClient) -> None:
    body = (await router.post("/api/v2/recommend", json={"scenario": "너무 무섭고 불안해서 잠이 안 와"})).json()
    assert body["recommended_persona"] == "Lua"
    assert body["reasons"]


async def test_bulk_keeps_order_and_one_bad_item_spoils_no_other(router: httpx2.AsyncClient) -> None:
    items = [{"user_input": ENGLISH}, {"user_input": ""}, {"user_input": KOREAN}, {"user_input": "a", "persona": "zoe"}, None]
    for parallel in (True, False):
        body = (await router.post("/api/v2/bulk-process", json={"requests": items, "parallel": parallel})).json()
        assert (body["total"], body["successful"], body["failed"], body["success"]) == (5, 2, 3, False)
        assert body["succeeded"] == body["successful"], "as it was called before"
        codes = [result.get("error", {}).get("code") for result in body["results"]]
        assert codes == [None, "INVALID_INPUT", None, "INVALID_PERSONA", "INVALID_INPUT"]
        assert body["results"][2]["metadata"]["language"] == "ko"


async def test_bulk_takes_a_hundred_and_no_more(router: httpx2.AsyncClient) -> None:
    item = {"user_input": ENGLISH, "include_metadata": False}
    assert (await router.post("/api/v2/bulk-process", json={"requests": [item] * 100})).json()["successful"] == 100
    assert (await router.post("/api/v2/bulk-process", json={"requests": [item] * 101})).status_code == 413
    assert (await router.post("/api/v2/bulk-process", json={"requests": []})).status_code == 422


async def test_the_cards_are_public(router: httpx2.AsyncClient) -> None:
    cards = (await router.get("/api/v2/personas")).json()
    assert [card["id"] for card in cards][:4] == ["lua", "elro", "riri", "nana"]
    lua = (await router.get("/api/v2/personas/Lua")).json()
    assert lua["best_for_tones"] == ["frustrated", "playful", "anxious", "confused"]
    assert lua["prompt_style"] == "warm_and_encouraging"


async def test_health_status_and_figures_tell_how_it_is(router: httpx2.AsyncClient) -> None:
    health = (await router.get("/api/v2/health")).json()
    assert health["status"] == "healthy"
    assert health["dependencies"]["cache"] == "off"
    assert health["dependencies"]["store"] == "ok"
    before = (await router.get("/api/v2/cache-stats")).json()
    await router.get("/api/v2/health")
    status = (await router.get("/api/v2/status")).json()
    assert status["region"] == "local"
    assert status["uptime_s"] >= 0
    assert {**status["cache"], "region": None} == before


async def test_operators_see_traffic_alerts_batches_and_cost(router: httpx2.AsyncClient) -> None:
    await answered(router, user_input="How do I prepare for a job interview?")
    status = (await router.get("/api/v2/status")).json()
    assert status["traffic"]["answers"] == sum(status["traffic"]["by_slot"]) >= 1
    assert status["batches"]["running"] == 0
    assert {alert["name"] for alert in status["alerts"]} <= {"slow_cached", "slow_embedded"}, "on a slow machine"
    assert status["cost"]["month"]


async def test_a_session_is_remembered_for_its_owner_alone(router: httpx2.AsyncClient) -> None:
    mine = {"user_id": "u1", "session_id": "s1"}
    await answered(router, user_input="I want to learn programming. Where do I start?", context=mine)
    follow_up = await answered(router, user_input="Hmm okay, and further?", context=mine, persona="elro")
    stranger = await answered(
        router, user_input="Hmm okay, and further?", context={"user_id": "u2", "session_id": "s1"}, persona="elro"
    )
    assert follow_up["metadata"]["topics"] == ["learning_to_program"]
    assert stranger["metadata"]["topics"] == []
    assert follow_up["content"] != stranger["content"]


async def test_danger_is_marked_wherever_a_text_is_read(router: httpx2.AsyncClient) -> None:
    recommended = (await router.post("/api/v2/recommend", json={"scenario": "죽고 싶어요"})).json()
    read = (await router.post("/api/v2/resonance", json={"text": "I want to kill myself"})).json()
    assert recommended["safety"] == read["safety"] == "suicide"


async def test_signs_of_danger_are_answered_with_where_to_turn_and_never_cached(router: httpx2.AsyncClient) -> None:
    for text, number in (("죽고 싶어요", "109"), ("I want to kill myself", "988")):
        for _ in range(2):
            answer = await answered(router, user_input=text)
            assert answer["metadata"]["safety"] == "suicide"
            assert answer["persona_used"] == "Lua"
            assert number in answer["content"]
            assert answer["performance"]["cache_hit"] is False


@pytest.mark.parametrize(
    ("text", "persona"),
    [("can i talk to Elro?", "Elro"), ("나나 불러 줘", "Nana"), ("Riri instead of you please", "Riri")],
)
async def test_a_mentor_who_is_asked_for_by_name_answers(router: httpx2.AsyncClient, text: str, persona: str) -> None:
    body = (await router.post("/api/v2/process", json={"user_input": text})).json()
    assert body["persona_used"] == persona
    assert body["metadata"]["plan"] == ["mentor"]


async def test_a_name_in_a_matter_calls_no_mentor(router: httpx2.AsyncClient) -> None:
    sent = {"user_input": "My colleague Nana and I have a conflict in our team and she does not talk to me, how do I begin?"}
    reasoning = (await router.post("/api/v2/process", json=sent)).json()["routing"]["reasoning"]
    assert "asked for" not in reasoning
