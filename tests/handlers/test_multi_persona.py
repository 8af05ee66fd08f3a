"""Several mentors in one call over HTTP: whole, streamed by speaker, explained, rated, charged for, and refused."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import NewKey
from ion_mentoring.handlers.contract.multi_persona import MultiPersonaRequest
from ion_mentoring.handlers.contract.requests import ProcessRequest
from ion_mentoring.handlers.web.app import App
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build
from tests.fakes import DownMentor, client
from tests.handlers.test_streaming import Read

PATH = "/api/v2/chat/multi-persona"
STREAM = {"accept": "text/event-stream"}
TALK = {"user_input": "I am nervous about my talk tomorrow"}
ALL = ["Lua", "엘로", " riri ", "NANA"]


@pytest.fixture(scope="module")
def limited(service_key: NewKey, mentee_key: NewKey, operator_key: NewKey) -> App:
    """A router of a cloud, where a caller has ten requests a minute."""
    keys = ",".join(key.line for key in (service_key, mentee_key, operator_key))
    cloud = {"ENVIRONMENT": "prod", "MODEL": "playbook", "CACHE_KEY_SECRET": "s" * 32, "FORWARDED_HOPS": "2"}
    settings = {"STORE": "sqlite:///:memory:", **cloud, "API_KEYS": keys, "RATE_LIMIT_PER_MINUTE": "10"}
    return build(RouterSettings.read(settings))


@pytest.fixture
async def cloud(limited: App) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(limited) as asked:
        yield asked


async def together(router: httpx2.AsyncClient, **sent: Any) -> Any:
    response = await router.post(PATH, json={**TALK, **sent})
    assert response.status_code == 200, response.text
    return response.json()


async def streamed(router: httpx2.AsyncClient, headers: dict[str, str] | None = None, **sent: Any) -> list[Read]:
    async with router.stream("POST", PATH, json={**TALK, **sent}, headers={**STREAM, **(headers or {})}) as response:
        assert response.status_code == 200
        return [Read(event.id, event.event, json.loads(event.data)) async for event in httpx2.EventSource(response)]


def said(events: list[Read]) -> dict[str | None, str]:
    """What each speaker has said since its last beginning."""
    texts: dict[str | None, str] = {}
    for event in events:
        if event.name == "routing":
            texts[event.data["speaker"]] = ""
        elif event.name == "delta":
            texts[event.data["speaker"]] += event.data["text"]
    return texts


def test_a_question_to_several_has_the_fields_of_a_question_to_one() -> None:
    several, one = MultiPersonaRequest.model_fields.copy(), ProcessRequest.model_fields.copy()
    assert several.pop("personas").default is None
    assert one.pop("persona").default is None
    assert {name: repr(field) for name, field in several.items()} == {name: repr(field) for name, field in one.items()}


async def test_four_mentors_give_one_answer_without_repetition(router: httpx2.AsyncClient) -> None:
    body = await together(router, personas=ALL)
    assert (body["success"], body["persona_used"], body["personas_used"]) == (True, "Lua", ["Lua", "Elro", "Riri", "Nana"])
    assert body["content"] == "\n\n".join(
        f"{emoji} {one['persona_used']}\n{one['content']}" for emoji, one in zip("🌙📐📊🤝", body["answers"], strict=True)
    )
    sentences = [line for line in body["content"].splitlines() if len(line) > 20]
    assert len(sentences) == len(set(sentences))
    alone = [(await router.post("/api/v2/process", json={**TALK, "persona": name})).json()["content"] for name in ALL]
    assert body["answers"][0]["content"] == alone[0]
    assert sum(map(len, alone)) > len(body["content"]), "each alone says some of it, too"
    assert (body["metadata"]["degraded"], body["metadata"]["model"]) == ([], "playbook")
    assert body["metadata"]["cost"]["usd"] == 0


async def test_the_caches_are_those_of_one_mentor(router: httpx2.AsyncClient) -> None:
    text = "How do I tell my team that I am leaving?"
    await router.post("/api/v2/process", json={"user_input": text, "persona": "riri"})
    first = await together(router, user_input=text, personas=["riri", "lua"])
    assert [one["performance"]["cache_layer"] for one in first["answers"]] == ["L1", None]
    assert first["performance"]["cache_hit"] is False
    again = await together(router, user_input=text, personas=["riri", "lua"])
    assert again["performance"]["cache_layer"] == "L1"
    reverse = await together(router, user_input=text, personas=["lua", "riri"])  # each hears those before
    assert reverse["performance"]["cache_layer"] is None
    assert text not in json.dumps(again["performance"])


async def test_a_stream_goes_speaker_by_speaker_and_ends_once(router: httpx2.AsyncClient) -> None:
    events = await streamed(router, personas=["elro", "nana", "lua"], use_cache=False)
    answer = events[-1].data
    assert [event.name for event in events].count("done") == 1
    assert [event.data["speaker"] for event in events if event.name == "routing"] == [None, "Elro", "Nana", "Lua"]
    assert {"persona_used", "resonance_key", "routing"} <= events[0].data.keys()
    assert said(events) == {None: "", **{one["persona_used"]: one["content"] for one in answer["answers"]}}
    order = [event.data["speaker"] for event in events[1:-1]]
    assert order == sorted(order, key=["Elro", "Nana", "Lua"].index)
    rest = await streamed(router, {"last-event-id": events[2].id}, personas=["elro", "nana", "lua"], use_cache=False)
    assert rest == events[3:]
    other = await streamed(router, {"last-event-id": events[2].id}, personas=["elro", "lua"], use_cache=False)
    assert other[0].name == "routing", "other mentors are another stream"
    ended = await router.post(
        PATH,
        json={**TALK, "personas": ["elro", "nana", "lua"], "use_cache": False},
        headers={**STREAM, "last-event-id": events[-1].id},
    )
    assert (ended.status_code, ended.content) == (204, b"")


async def test_danger_gets_one_safe_answer_by_lua(router: httpx2.AsyncClient) -> None:
    body = await together(router, user_input="I want to kill myself", personas=["elro", "nana"])
    assert (body["personas_used"], body["metadata"]["safety"], len(body["answers"])) == (["Lua"], "suicide", 1)
    assert body["content"] == body["answers"][0]["content"]
    assert "receipt" not in body["answers"][0]["metadata"]
    events = await streamed(router, user_input="I want to kill myself", personas=["elro", "nana"])
    assert [(event.name, event.id) for event in events] == [("routing", ""), ("delta", ""), ("done", "")]
    assert said(events) == {None: body["content"]}


async def test_a_caring_question_comes_once_and_the_stream_has_it(router: httpx2.AsyncClient) -> None:
    events = await streamed(router, user_input="what is the point of all this", personas=["riri", "elro"])
    answer, texts = events[-1].data, said(events)
    assert answer["metadata"]["care"]
    common = texts.pop(None)
    assert common
    assert all(part.strip() in answer["content"] for part in common.split("\n\n"))
    assert texts == {one["persona_used"]: one["content"] for one in answer["answers"]}


async def test_why_and_ratings_are_by_place(router: httpx2.AsyncClient) -> None:
    body = await together(router, personas=["nana", "lua"])
    for place, name in ((1, "nana"), (2, "lua")):
        part = body["answers"][place - 1]
        assert part["request_id"] == f"{body['request_id']}-{place}"
        why = (await router.get(f"/api/v2/answers/{part['request_id']}/why")).json()
        assert (why["persona"], why["decided_by"], why["replay"]["same"]) == (name, "asked_for", True)
        rating = {"request_id": part["request_id"], "receipt": part["metadata"]["receipt"], "verdict": "up"}
        assert (await router.post("/api/v2/feedback", json=rating)).json()["rating"]["counts"] is True
    best = await together(router, user_input="My team argues about the plan every single day")
    for part in best["answers"]:
        why = (await router.get(f"/api/v2/answers/{part['request_id']}/why")).json()
        assert (why["decided_by"], why["persona"], why["replay"]["same"]) == ("score", part["persona_used"].lower(), True)


async def test_a_key_has_it_done_once_whole_or_streamed(router: httpx2.AsyncClient) -> None:
    key, sent = {"idempotency-key": "several"}, {**TALK, "personas": ["elro", "riri"], "context": {"session_id": "several"}}
    first = await router.post(PATH, json=sent, headers=key)
    again = await router.post(PATH, json=sent, headers=key)
    assert (again.headers["idempotency-replayed"], again.content) == ("true", first.content)
    events = await streamed(router, key, **sent)
    assert events[-1].data == first.json()
    assert said(events) == {None: first.json()["content"]}
    other = await router.post(PATH, json={**sent, "personas": ["elro", "lua"]}, headers=key)
    assert (other.status_code, other.json()["error"]["code"]) == (409, "CONFLICT")
    session = (await router.get("/api/v2/sessions/several")).json()
    assert [turn["content"] for turn in session["turns"]] == [TALK["user_input"], first.json()["content"]]


async def test_a_mentor_who_fails_is_named_and_does_not_fail_the_call() -> None:
    app = build(RouterSettings.read({"STORE": "sqlite:///:memory:"}))
    endpoint = next(one for one in app.endpoints.all if one.path == "/api/v2/process")
    failover = endpoint.run.__self__.answer.failover  # type: ignore[attr-defined]
    failover.mentors["elro"] = DownMentor(after=["Well"])
    failover.last_resort.clear()
    async with client(app) as router:
        body = await together(router, personas=["elro", "nana"])
        assert (body["persona_used"], body["personas_used"]) == ("Nana", ["Nana"])
        assert body["metadata"]["degraded"] == ["persona:elro"]
        failed = body["answers"][0]
        assert (failed["success"], failed["persona_used"]) == (False, "Elro")
        assert failed["error"]["code"] == "PERSONA_UNAVAILABLE"
        assert (await router.get(f"/api/v2/answers/{body['request_id']}-1/why")).status_code == 404
        events = await streamed(router, personas=["elro", "nana"], use_cache=False)
        (told,) = [event.data for event in events if event.name == "failed"]
        assert told == {"speaker": "Elro", "code": "PERSONA_UNAVAILABLE"}
        assert events[-1].data["personas_used"] == ["Nana"]
        failover.mentors["nana"] = DownMentor()
        sent = {**TALK, "personas": ["elro", "nana"], "use_cache": False}
        refused = await router.post(PATH, json=sent)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "PERSONA_UNAVAILABLE")
        async with router.stream("POST", PATH, json=sent, headers=STREAM) as response:
            names = [event.event async for event in httpx2.EventSource(response)]
        assert (names[-1], names.count("error"), "done" in names) == ("error", 1, False)


@pytest.mark.parametrize(
    ("sent", "status", "code", "field"),
    [
        ({"personas": ["lua"]}, 422, "VALIDATION_ERROR", "personas"),
        ({"personas": ["lua", "elro", "riri", "nana", "lua"]}, 422, "VALIDATION_ERROR", "personas"),
        ({"personas": ["lua", "루아"]}, 422, "VALIDATION_ERROR", "personas"),
        ({"personas": "lua"}, 422, "VALIDATION_ERROR", "personas"),
        ({"personas": ["lua", 7]}, 422, "VALIDATION_ERROR", "personas.1"),
        ({"personas": ["lua", "zoe"]}, 404, "INVALID_PERSONA", "personas.1"),
        ({"user_input": " "}, 400, "INVALID_INPUT", "user_input"),
        ({"resonance_key": "sad-burst-learning"}, 422, "VALIDATION_ERROR", "resonance_key.tone"),
        ({"context": {"session_id": "a b"}}, 422, "VALIDATION_ERROR", "context.session_id"),
    ],
)
async def test_what_breaks_a_rule_is_refused_by_its_field(
    router: httpx2.AsyncClient, sent: dict[str, Any], status: int, code: str, field: str
) -> None:
    for headers in ({}, STREAM):
        refused = await router.post(PATH, json={**TALK, **sent}, headers=headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
        assert refused.json()["error"]["field"] == field


async def test_null_means_absent_and_no_metadata_means_none(router: httpx2.AsyncClient) -> None:
    nulls = dict.fromkeys(
        ("personas", "resonance_key", "language", "context", "include_metadata", "use_cache", "prompt_mode", "read_tone")
    )
    assert len((await together(router, **nulls))["personas_used"]) == 2
    bare = await together(router, include_metadata=False)
    assert "metadata" not in bare
    assert not any("metadata" in one for one in bare["answers"])
    light = await together(router, prompt_mode="summary_light", language="ko", resonance_key="calm-medium-learning")
    assert light["resonance_key"] == "calm-medium-learning"
    assert light["metadata"]["language"] == "ko"


async def test_each_mentor_is_a_request_of_the_rate_and_who_may_ask_one_may_ask_them(
    cloud: httpx2.AsyncClient, service_key: NewKey, mentee_key: NewKey, operator_key: NewKey
) -> None:
    def by(key: NewKey) -> dict[str, str]:
        return {"x-api-key": key.secret, "x-forwarded-proto": "https"}

    assert (await cloud.post(PATH, json=TALK, headers={"x-forwarded-proto": "https"})).status_code == 401
    assert (await cloud.post(PATH, json=TALK, headers=by(operator_key))).status_code == 403
    four = await cloud.post(PATH, json={**TALK, "personas": ALL}, headers=by(service_key))
    two = await cloud.post(PATH, json=TALK, headers=by(service_key))
    assert [(one.status_code, one.headers["ratelimit-remaining"]) for one in (four, two)] == [(200, "6"), (200, "4")]
    assert (await cloud.post(PATH, json=TALK, headers=by(mentee_key))).status_code == 200
    why = f"/api/v2/answers/{four.json()['request_id']}-2/why"
    assert (await cloud.get(why, headers=by(service_key))).status_code == 200
    assert (await cloud.get(why, headers=by(mentee_key))).status_code == 404
