"""A question that was understood before gets the very response of the long way, and nobody else's."""

import json
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import NewKey
from ion_mentoring.handlers.api.parsed_requests import ParsedBody, ParsedRequestCache
from ion_mentoring.handlers.web.app import App
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build
from tests.fakes import client

PROCESS = "/api/v2/process"
MOMENT = ("request_id", "timestamp")
QUESTIONS = [
    {"user_input": '회의가 너무 많아서 집중이 안 돼요 "어떻게" 하죠?'},
    {"user_input": "How do I prepare for my next review?", "language": "en"},
    {"user_input": "How do I prepare for my next review?", "include_metadata": False},
    {"user_input": "Where do I begin with tests?", "persona": "elro", "prompt_mode": "summary_light"},
    {"user_input": "I feel stuck", "resonance_key": "anxious-medium-planning", "context": {"user_id": "u1"}},
]
OWN = [
    {"user_input": "I am John Smith and my boss hates me"},
    {"user_input": "and then?", "context": {"message_history": [{"role": "user", "content": "I feel stuck"}]}},
    {"user_input": "Please remember me", "context": {"session_id": "s1"}},
    {"user_input": "Not from the cache", "use_cache": False},
    {"user_input": "I want to die"},
]


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[ParsedBody | None]:
    """What was looked for in what was understood before, in its order."""
    found: list[ParsedBody | None] = []
    find = ParsedRequestCache.find

    def finding(self: ParsedRequestCache, body: bytes, tenant: str) -> ParsedBody | None:
        found.append(find(self, body, tenant))
        return found[-1]

    monkeypatch.setattr(ParsedRequestCache, "find", finding)
    return found


def endpoints(router: App) -> Any:
    """What is behind the endpoint that answers."""
    (endpoint,) = [endpoint for endpoint in router.endpoints.all if endpoint.path == PROCESS]
    return endpoint.run.__self__  # type: ignore[attr-defined]


def lasting(response: httpx2.Response) -> dict[str, Any]:
    """What does not depend on the moment."""
    assert response.status_code == 200
    answer = {name: value for name, value in response.json().items() if name not in MOMENT}
    assert answer["performance"].pop("execution_time_ms") >= 0
    if "metadata" in answer:
        _, answer["metadata"]["receipt"], _ = answer["metadata"]["receipt"].split(".")
    return answer


@pytest.mark.parametrize("question", QUESTIONS, ids=range(len(QUESTIONS)))
async def test_both_ways_lead_to_the_same_response(
    laptop: App, found: list[ParsedBody | None], question: dict[str, Any]
) -> None:
    async with client(laptop) as router:
        await router.post(PROCESS, json=question)
        again = json.dumps(question, indent=1).encode()  # the same to people, another body
        headers = {"content-type": "application/json"}
        long = await router.post(PROCESS, content=again, headers=headers)
        short = await router.post(PROCESS, content=again, headers=headers)
    assert [one is not None for one in found] == [False, False, True]
    assert lasting(short) == lasting(long)
    assert lasting(short)["performance"]["cache_layer"] == "L1"
    assert short.json().keys() == long.json().keys()
    assert set(short.headers) == set(long.headers)


async def test_an_answer_that_was_cut_short_says_so_on_both_ways() -> None:
    question = {"user_input": "What is a good first test?"}
    built = build(RouterSettings.read({"STORE": "sqlite:///:memory:"}))
    async with client(built) as router:
        first = (await router.post(PROCESS, json=question)).json()
        kept = endpoints(built).answer.cache.tiers.l1._kept.get(first["performance"]["cache_key"]).value
        kept.value = kept.value.model_copy(update={"cut_short": True})
        short = await router.post(PROCESS, json=question)
        long = await router.post(PROCESS, json=question | {"include_metadata": True})
    assert short.json()["metadata"]["cut_short"] is True
    assert lasting(short) == lasting(long)


@pytest.mark.parametrize("question", OWN, ids=["personal", "history", "session", "no cache", "danger"])
async def test_what_is_not_for_everybody_is_read_anew_each_time(
    router: httpx2.AsyncClient, found: list[ParsedBody | None], question: dict[str, Any]
) -> None:
    for _ in range(3):
        assert (await router.post(PROCESS, json=question)).status_code == 200
    assert found == [None, None, None]


async def test_it_does_not_let_anybody_in(cloud: httpx2.AsyncClient, service_key: NewKey) -> None:
    question = {"user_input": "How do I say no?"}
    for _ in range(2):
        assert (await cloud.post(PROCESS, json=question, headers={"x-api-key": service_key.secret})).status_code == 200
    assert (await cloud.post(PROCESS, json=question)).status_code == 401
    assert (await cloud.post(PROCESS, json=question, headers={"x-api-key": "ion_wrong"})).status_code == 401


async def test_a_stream_takes_the_long_way(router: httpx2.AsyncClient) -> None:
    question = {"user_input": "How do I give feedback?"}
    for _ in range(2):
        await router.post(PROCESS, json=question)
    streamed = await router.post(PROCESS, json=question, headers={"accept": "text/event-stream"})
    assert streamed.headers["content-type"].startswith("text/event-stream")
    assert '"cache_layer":"L1"' in streamed.text


async def test_what_is_known_no_longer_is_asked_again() -> None:
    router = build(RouterSettings.read({"STORE": "sqlite:///:memory:", "CACHE_LOCAL_ENTRIES": "1"}))
    async with client(router) as asked:
        for text in ("How do I say no?", "How do I say yes?"):
            await asked.post(PROCESS, json={"user_input": text})
        again = await asked.post(PROCESS, json={"user_input": "How do I say no?"})
    assert lasting(again)["performance"]["cache_layer"] is None


async def test_the_body_is_not_kept(laptop: App) -> None:
    text = "a word that nobody else says: qwertzuiop"
    async with client(laptop) as router:
        await router.post(PROCESS, json={"user_input": text})
    parsed = endpoints(laptop).parsed._kept
    assert parsed.figures().entries
    assert "qwertzuiop" not in str([(key, parsed.get(key)) for key in list(parsed._probation.entries)])
