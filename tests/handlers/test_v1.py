"""v1 answers as the monolith's clients expect."""

import httpx2


async def test_process_answers_in_the_old_form(router: httpx2.AsyncClient) -> None:
    sent = {"user_input": "회의가 너무 많아요", "resonance_key": "Calm-steady-LEARN"}
    response = await router.post("/api/persona/process", json=sent)
    body = response.json()
    assert list(body) == ["content", "persona_used", "resonance_key", "confidence", "metadata", "execution_time_ms"]
    assert body["resonance_key"] == "calm-medium-learning"
    assert body["metadata"]["routing_result"]["all_scores"].keys() >= {"Lua", "Elro", "Riri", "Nana"}
    assert body["metadata"]["routing_result"]["secondary_persona"] == "Riri"


async def test_an_unknown_key_means_calm_medium_learning(router: httpx2.AsyncClient) -> None:
    for key in ("nonsense", "purple-burst-advice", ""):
        response = await router.post("/api/persona/process", json={"user_input": "hello there", "resonance_key": key})
        assert response.json()["resonance_key"] == "calm-medium-learning"


async def test_chat_reads_the_key_from_the_message(router: httpx2.AsyncClient) -> None:
    body = (await router.post("/chat", json={"message": "너무 불안하고 걱정돼요", "user_id": "u1"})).json()
    assert list(body) == ["content", "persona_used", "resonance_key", "confidence", "metadata"]
    assert body["persona_used"] == "Lua"
    assert body["resonance_key"].startswith("anxious-")


async def test_health_is_as_it_was(router: httpx2.AsyncClient) -> None:
    body = (await router.get("/health")).json()
    assert body["status"] == "healthy"
    assert body["version"]


async def test_v1_says_that_it_leaves_and_where_to_go(router: httpx2.AsyncClient) -> None:
    for response in (await router.get("/health"), await router.post("/chat", json={})):
        assert response.headers["deprecation"].startswith("@")
        assert response.headers["sunset"].endswith("GMT")
        assert "</docs/migration>" in response.headers["link"]
    guide = await router.get("/docs/migration")
    assert guide.status_code == 200
    assert "/api/v2/process" in guide.text


async def test_errors_keep_the_old_form(router: httpx2.AsyncClient) -> None:
    missing = await router.post("/chat", json={})
    empty = await router.post("/chat", json={"message": " "})
    broken = await router.post("/chat", content=b"{", headers={"content-type": "application/json"})
    assert missing.status_code == 422
    assert missing.json()["detail"][0]["loc"] == ["body", "message"]
    assert (empty.status_code, list(empty.json())) == (400, ["detail"])
    assert (broken.status_code, list(broken.json())) == (400, ["detail"])
