"""A streamed answer over HTTP: the events of the contract, one end, and the rest for whoever comes back."""

import json
from dataclasses import dataclass

import httpx2
import pytest
from msgspec.structs import replace

from ion_mentoring.handlers.web.app import App
from tests.fakes import client

STREAM = {"accept": "text/event-stream"}
QUESTION = {"user_input": "How do I prepare for a job interview?"}


@dataclass(frozen=True)
class Read:
    """One event as a client reads it."""

    id: str
    name: str
    data: dict


async def streamed(router: httpx2.AsyncClient, body: dict[str, object] = QUESTION, **headers: str) -> list[Read]:
    async with router.stream(
        "POST", "/api/v2/process", json=body, headers={**STREAM, **{k.replace("_", "-"): v for k, v in headers.items()}}
    ) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        return [Read(event.id, event.event, json.loads(event.data)) async for event in httpx2.EventSource(response)]


def without_times(answer: dict) -> dict:
    """An answer without what differs between two calls."""
    kept = {name: value for name, value in answer.items() if name not in ("request_id", "timestamp", "performance")}
    kept["metadata"] = {name: value for name, value in kept["metadata"].items() if name != "receipt"}
    return json.loads(json.dumps(kept))


async def test_a_stream_is_routing_then_text_then_the_answer(router: httpx2.AsyncClient) -> None:
    events = await streamed(router, {**QUESTION, "use_cache": False})
    whole = (await router.post("/api/v2/process", json={**QUESTION, "use_cache": False})).json()
    assert [event.name for event in events] == ["routing", "delta", "done"]
    assert events[0].data == {name: whole[name] for name in ("persona_used", "resonance_key", "routing")}
    assert "".join(event.data["text"] for event in events if event.name == "delta") == events[-1].data["content"]
    assert without_times(events[-1].data) == without_times(whole)


async def test_a_cached_answer_streams_the_same_events(router: httpx2.AsyncClient) -> None:
    first = await streamed(router, {"user_input": "How do I give honest feedback?"})
    again = await streamed(router, {"user_input": "How do I give honest feedback?"})
    assert [event.name for event in again] == [event.name for event in first]
    assert again[-1].data["performance"]["cache_layer"] == "L1"
    assert again[-1].data["content"] == first[-1].data["content"]


async def test_ids_say_which_stream_and_where(router: httpx2.AsyncClient) -> None:
    events = await streamed(router)
    stream = events[0].id.rpartition(".")[0]
    assert [event.id for event in events] == [f"{stream}.{number}" for number in range(1, len(events) + 1)]
    assert len(stream) == 32, "nobody guesses it"


async def test_who_comes_back_gets_the_rest_as_it_was(router: httpx2.AsyncClient) -> None:
    events = await streamed(router)
    for place, event in enumerate(events[:-1]):
        assert await streamed(router, last_event_id=event.id) == events[place + 1 :]


async def test_who_has_heard_the_end_gets_nothing_more(router: httpx2.AsyncClient) -> None:
    """A browser's EventSource comes back whenever a stream ends, unless it gets a 204."""
    end = (await streamed(router))[-1].id
    for _ in range(2):
        response = await router.post("/api/v2/process", json=QUESTION, headers={**STREAM, "last-event-id": end})
        assert (response.status_code, response.content) == (204, b"")
        assert response.headers["cache-control"] == "no-store"
        assert "x-request-id" in response.headers
        assert "content-type" not in response.headers


async def test_the_end_of_one_stream_is_not_that_of_another_question(router: httpx2.AsyncClient) -> None:
    end = (await streamed(router))[-1].id
    other = await streamed(router, {"user_input": "What is a good plan?"}, last_event_id=end)
    assert [event.name for event in other] == ["routing", "delta", "done"]


async def test_another_question_or_another_user_gets_an_answer_of_its_own(router: httpx2.AsyncClient) -> None:
    mine = {**QUESTION, "context": {"user_id": "u1"}}
    events = await streamed(router, mine)
    for other in ({**mine, "user_input": "What is a good plan?"}, {**QUESTION, "context": {"user_id": "u2"}}):
        theirs = await streamed(router, other, last_event_id=events[0].id)
        assert theirs[0].name == "routing"
        assert theirs[0].id.rpartition(".")[0] != events[0].id.rpartition(".")[0]


@pytest.mark.parametrize("last_event_id", ["unknown.3", "x", ".", "1", "a.b.c", "%00", "9" * 500])
async def test_an_unknown_id_begins_anew(router: httpx2.AsyncClient, last_event_id: str) -> None:
    assert [event.name for event in await streamed(router, last_event_id=last_event_id)] == ["routing", "delta", "done"]


async def test_an_answer_in_danger_streams_and_is_not_on_record(router: httpx2.AsyncClient) -> None:
    events = await streamed(router, {"user_input": "죽고 싶어요"})
    assert [event.name for event in events] == ["routing", "delta", "done"]
    assert events[-1].data["metadata"]["safety"] == "suicide"
    assert {event.id for event in events} == {""}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"user_input": ""}, 400, "INVALID_INPUT"),
        ({"user_input": "hi", "prompt_mode": "epic"}, 422, "VALIDATION_ERROR"),
        ({"user_input": "hi", "persona": "zoe"}, 404, "INVALID_PERSONA"),
    ],
)
async def test_what_is_wrong_from_the_beginning_is_an_error_and_no_stream(
    router: httpx2.AsyncClient, body: dict, status: int, code: str
) -> None:
    response = await router.post("/api/v2/process", json=body, headers=STREAM)
    assert response.status_code == status
    assert response.json()["error"]["code"] == code


async def test_a_stream_needs_a_credential_like_any_answer(cloud: httpx2.AsyncClient) -> None:
    response = await cloud.post("/api/v2/process", json=QUESTION, headers=STREAM)
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "UNAUTHENTICATED"


async def test_a_stream_that_is_out_of_time_says_so_at_its_end(laptop: App) -> None:
    """Whatever was reached in half a millisecond: an error with its status, or a stream with exactly one end."""
    async with client(replace(laptop, timeout_s=0.0005)) as hurried:
        response = await hurried.post("/api/v2/process", json={**QUESTION, "use_cache": False}, headers=STREAM)
    if response.headers["content-type"].startswith("text/event-stream"):
        assert response.text.count("event: error") + response.text.count("event: done") == 1
    else:
        assert response.json()["error"]["code"] == "DEADLINE_EXCEEDED"


async def test_operators_see_what_answers_cost_and_others_do_not(
    cloud: httpx2.AsyncClient, operator_key: object, mentee_key: object
) -> None:
    for key, sees in ((operator_key, True), (mentee_key, False)):
        status = (await cloud.get("/api/v2/status", headers={"x-api-key": key.secret})).json()  # type: ignore[attr-defined]
        assert ("cost" in status) is sees
    assert "cost" not in (await cloud.get("/api/v2/status")).json()


async def test_the_contract_says_that_it_streams(router: httpx2.AsyncClient) -> None:
    operation = (await router.get("/openapi.json")).json()["paths"]["/api/v2/process"]["post"]
    assert "event: done" in operation["responses"]["200"]["content"]["text/event-stream"]["example"]
    assert [one["name"] for one in operation["parameters"]] == ["Last-Event-ID", "Idempotency-Key"]
