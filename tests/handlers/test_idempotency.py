"""A request under an idempotency key is done once, and answered alike each time, through every door that stores something."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import NewKey
from ion_mentoring.records.conversations.protocol import ConversationId
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring import clients
from ion_mentoring.wiring.router import build
from ion_mentoring.wiring.stores import Stores, stores
from tests.fakes import client
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor

PROCESS, BULK = "/api/v2/process", "/api/v2/bulk-process"
QUESTION: dict[str, Any] = {"user_input": "How do I ask for a raise?", "context": {"session_id": "s"}}
STREAM = {"accept": "text/event-stream"}
KEY = {"idempotency-key": "k-1"}


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/ion.sqlite3"


@pytest.fixture
def kept(store: str) -> Stores:
    """What is in the store, seen from beside the router."""
    return stores(store)


@pytest.fixture
async def router(store: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(build(RouterSettings.read({"STORE": store}))) as asked:
        yield asked


@pytest.fixture
async def cloud(cloud_settings: dict[str, str], store: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(build(RouterSettings.read({**cloud_settings, "STORE": store}))) as asked:
        yield asked


@asynccontextmanager
async def asking(store: str, plan: Plan, **environ: str) -> AsyncIterator[tuple[httpx2.AsyncClient, Vendor]]:
    """A router whose model does as planned, and the model's vendor."""
    async with Vendor(lambda request: plan) as vendor:
        settings = {"STORE": store, "MODEL": "openai:stand-in", "MODEL_URL": f"{vendor.url}/v1", **environ}
        async with client(build(RouterSettings.read(settings))) as router:
            yield router, vendor
        await clients.close()


async def said(kept: Stores, session: str = "s", owner: str = "local/") -> list[str]:
    return [turn.content for turn in await kept.conversations.recent(ConversationId(owner, session), 99)]


async def streamed(router: httpx2.AsyncClient, body: dict[str, Any], **headers: str) -> tuple[httpx2.Response, list[Any]]:
    async with router.stream("POST", PROCESS, json=body, headers={**STREAM, **headers}) as response:
        if not response.headers["content-type"].startswith("text/event-stream"):
            await response.aread()
            return response, []
        return response, [(event.event, json.loads(event.data)) async for event in httpx2.EventSource(response)]


async def test_the_same_request_is_answered_alike_and_is_in_its_session_once(router: httpx2.AsyncClient, kept: Stores) -> None:
    first = await router.post(PROCESS, json=QUESTION, headers=KEY)
    again = await router.post(PROCESS, json=QUESTION, headers=KEY)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["content-type"] == "application/json"
    assert await said(kept) == [QUESTION["user_input"], first.json()["content"]]


async def test_without_a_key_each_request_is_one_of_its_own(router: httpx2.AsyncClient, kept: Stores) -> None:
    for _ in range(2):
        await router.post(PROCESS, json=QUESTION)
    assert len(await said(kept)) == 4


async def test_a_stream_is_streamed_again_with_the_same_end(router: httpx2.AsyncClient, kept: Stores) -> None:
    response, events = await streamed(router, QUESTION, **KEY)
    again, events_again = await streamed(router, QUESTION, **KEY)
    assert "idempotency-replayed" not in response.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert [name for name, _ in events_again] == ["routing", "delta", "done"]
    assert events_again[0] == events[0]
    assert events_again[1][1]["text"] == events[-1][1]["content"]
    assert events_again[-1] == events[-1]
    assert len(await said(kept)) == 2


async def test_what_was_streamed_can_be_had_whole_and_the_other_way_round(router: httpx2.AsyncClient) -> None:
    _, events = await streamed(router, QUESTION, **KEY)
    assert (await router.post(PROCESS, json=QUESTION, headers=KEY)).json() == events[-1][1]
    whole = await router.post(PROCESS, json=QUESTION, headers={"idempotency-key": "k-2"})
    _, events = await streamed(router, QUESTION, **{"idempotency-key": "k-2"})
    assert events[-1] == ("done", whole.json())


async def test_a_bulk_call_is_done_once(router: httpx2.AsyncClient, kept: Stores) -> None:
    bulk = {"requests": [QUESTION, QUESTION, {**QUESTION, "user_input": ""}, {**QUESTION, "context": {"session_id": "t"}}]}
    first = await router.post(BULK, json=bulk, headers=KEY)
    again = await router.post(BULK, json=bulk, headers=KEY)
    assert first.status_code == 200
    assert first.content == again.content
    assert again.headers["idempotency-replayed"] == "true"
    assert len(await said(kept)) == 4, "two items that ask the same are two"
    assert len(await said(kept, "t")) == 2


@pytest.mark.parametrize("mode", [{}, STREAM], ids=["whole", "streamed"])
@pytest.mark.parametrize("language", ["en", "ko"])
async def test_the_same_key_with_another_body_is_a_conflict(
    router: httpx2.AsyncClient, kept: Stores, mode: dict[str, str], language: str
) -> None:
    await router.post(PROCESS, json=QUESTION, headers=KEY)
    headers = {**KEY, **mode, "accept-language": language}
    response = await router.post(PROCESS, json={**QUESTION, "user_input": "And what then?"}, headers=headers)
    assert response.status_code == 409
    error = response.json()["error"]
    assert (error["code"], error["field"]) == ("CONFLICT", "Idempotency-Key")
    assert ("요청" in error["message"]) == (language == "ko")
    assert len(await said(kept)) == 2


async def test_the_same_key_at_another_door_is_a_conflict(router: httpx2.AsyncClient) -> None:
    both = {**QUESTION, "requests": [QUESTION]}
    assert (await router.post(PROCESS, json=both, headers=KEY)).status_code == 200
    assert (await router.post(BULK, json=both, headers=KEY)).json()["error"]["code"] == "CONFLICT"


async def test_another_callers_key_is_another_key(cloud: httpx2.AsyncClient, service_key: NewKey, mentee_key: NewKey) -> None:
    answers = []
    for key, question in ((service_key, QUESTION), (mentee_key, {**QUESTION, "user_input": "And what then?"})):
        response = await cloud.post(PROCESS, json=question, headers={**KEY, "x-api-key": key.secret})
        assert response.status_code == 200
        assert "idempotency-replayed" not in response.headers
        answers.append(response.json())
    assert answers[0]["request_id"] != answers[1]["request_id"]


@pytest.mark.parametrize("mode", [{}, STREAM], ids=["whole", "streamed"])
async def test_of_two_at_once_one_is_told_to_come_back_and_then_gets_the_answer(
    store: str, kept: Stores, mode: dict[str, str]
) -> None:
    async with asking(store, Plan(first_s=0.3)) as (router, vendor):
        headers = {**KEY, **mode}
        both = await asyncio.gather(*(router.post(PROCESS, json=QUESTION, headers=headers) for _ in range(2)))
        good, refused = sorted(both, key=lambda response: response.status_code)
        assert (good.status_code, refused.status_code) == (200, 409)
        assert refused.json()["error"]["code"] == "IN_PROGRESS"
        assert int(refused.headers["retry-after"]) >= 1
        later = await router.post(PROCESS, json=QUESTION, headers=headers)
        assert later.headers["idempotency-replayed"] == "true"
    assert len(vendor.requests) == 1
    assert len(await said(kept)) == 2


async def test_an_error_is_not_kept(router: httpx2.AsyncClient, kept: Stores) -> None:
    for _ in range(2):
        response = await router.post(PROCESS, json={**QUESTION, "persona": "zoe"}, headers=KEY)
        assert response.status_code == 404
        assert "idempotency-replayed" not in response.headers
    assert await said(kept) == []


async def test_a_client_that_leaves_a_stream_may_come_back_at_once(store: str, kept: Stores) -> None:
    async with asking(store, Plan(pieces=("word ",) * 20, delay_s=0.02)) as (router, vendor):
        events = asyncio.create_task(streamed(router, QUESTION, **KEY))
        await vendor.busy()
        events.cancel()
        await asyncio.wait((events,))
        await vendor.idle()
        response, got = await streamed(router, QUESTION, **KEY)
    assert response.status_code == 200
    assert got[-1][0] == "done"
    assert len(await said(kept)) == 2


@pytest.mark.parametrize("key", ["k-1", '"k-1"', "  k-1\t", '"k\\"1\\\\"', "a b", "x" * 255, "~!@#$%^&*()'"])
async def test_a_key_is_bare_or_quoted(router: httpx2.AsyncClient, key: str) -> None:
    response = await router.post(PROCESS, json=QUESTION, headers={"idempotency-key": key})
    assert response.status_code == 200, response.text


async def test_a_quoted_key_is_the_same_as_its_bare_form(router: httpx2.AsyncClient) -> None:
    await router.post(PROCESS, json=QUESTION, headers={"idempotency-key": "k-1"})
    again = await router.post(PROCESS, json=QUESTION, headers={"idempotency-key": '"k-1"'})
    assert again.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize("mode", [{}, STREAM], ids=["whole", "streamed"])
@pytest.mark.parametrize(
    "key",
    [
        b"",
        b" ",
        b'""',
        b'"',
        b'"a',
        b'"a"b',
        b'"a";p=1',
        b"a\x01b",
        b"a\x7f",
        b"a\tb",
        b"x" * 256,
        "키".encode(),
        b"\xff",
    ],
)
async def test_what_is_no_key_is_refused_in_our_form(
    router: httpx2.AsyncClient, kept: Stores, key: bytes, mode: dict[str, str]
) -> None:
    headers = [(b"idempotency-key", key), *((name.encode(), value.encode()) for name, value in mode.items())]
    response = await router.post(PROCESS, json=QUESTION, headers=headers)
    assert response.status_code == 422
    error = response.json()["error"]
    assert (error["code"], error["field"]) == ("VALIDATION_ERROR", "Idempotency-Key")
    assert await said(kept) == []


async def test_a_body_that_is_known_to_be_good_is_no_way_around_the_key(router: httpx2.AsyncClient) -> None:
    plain = {"user_input": "How do I ask for a raise?"}
    for _ in range(2):
        await router.post(PROCESS, json=plain)
    first = await router.post(PROCESS, json=plain, headers=KEY)
    assert "idempotency-replayed" not in first.headers
    assert (await router.post(PROCESS, json=plain, headers=KEY)).content == first.content


async def test_doors_that_store_nothing_leave_the_key_alone(router: httpx2.AsyncClient) -> None:
    for _ in range(2):
        response = await router.post("/api/v2/resonance", json={"text": "hi"}, headers={"idempotency-key": ""})
        assert response.status_code == 200
        assert "idempotency-replayed" not in response.headers


async def test_without_its_store_a_key_promises_nothing(tmp_path: Path) -> None:
    """The path of the database is a folder: nobody can say whether the request was answered before."""
    async with client(build(RouterSettings.read({"STORE": f"sqlite:///{tmp_path}"}))) as router:
        response = await router.post(PROCESS, json={"user_input": "hi"}, headers=KEY)
        assert (response.status_code, response.json()["error"]["code"]) == (503, "STORE_UNAVAILABLE")
        assert "retry-after" in response.headers
        assert (await router.post(PROCESS, json={"user_input": "hi"})).status_code == 200


async def test_nobody_reads_a_request_or_an_answer_out_of_the_record(router: httpx2.AsyncClient, tmp_path: Path) -> None:
    question = {"user_input": "Should I tell Zebedee about my zygodactyl allergy?"}
    content = (await router.post(PROCESS, json=question, headers={"idempotency-key": "quincunx-1"})).json()["content"]
    stored = b"".join((tmp_path / name).read_bytes() for name in os.listdir(tmp_path))
    for word in (b"Zebedee", b"zygodactyl", b"quincunx", content[:20].encode()):
        assert word not in stored


async def test_the_contract_says_where_a_key_is_taken(router: httpx2.AsyncClient) -> None:
    paths = (await router.get("/openapi.json")).json()["paths"]
    takes = {
        path
        for path, operations in paths.items()
        for operation in operations.values()
        if any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", ()))
    }
    keys = {"/api/v2/api-keys", "/api/v2/api-keys/{id}/rotate"}
    several = "/api/v2/chat/multi-persona"
    assert takes == {PROCESS, BULK, several, "/api/v2/feedback", "/api/v2/batches", "/api/v2/batches/{id}/replay"} | keys


async def test_two_routers_share_what_was_answered(store: str) -> None:
    answers = []
    for _ in range(2):
        async with client(build(RouterSettings.read({"STORE": store}))) as router:
            answers.append(await router.post(PROCESS, json=QUESTION, headers=KEY))
    assert answers[0].content == answers[1].content


async def test_in_time_means_in_time(store: str) -> None:
    """A request whose time is over lets its key go: the next one is not told that somebody is at it."""
    async with asking(store, Plan(first_s=5), REQUEST_TIMEOUT_S="1") as (router, _):
        for _ in range(2):
            response = await router.post(PROCESS, json=QUESTION, headers=KEY)
            assert response.status_code != 409
