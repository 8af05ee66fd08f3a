"""The model times out, limits, refuses, is empty, malformed or cut: nobody sees an error, the answer says what happened."""

import asyncio
import time

import pytest

from tests.faults.conftest import Routed, Router
from tests.vendors.loading import Loading
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor

FAULTS = {
    "dead": Plan(raw=b""),
    "error of its own": Plan(status=500),
    "gone": Plan(status=404),
    "wrong key": Plan(status=401),
    "rate-limited": Plan(status=429, headers={"retry-after": "7"}),
    "overloaded": Plan(status=503, headers={"retry-after": "7"}),
    "refusing": Plan(finish="filter", pieces=()),
    "empty": Plan(pieces=()),
    "out of tokens while thinking": Plan(pieces=(), thought_tokens=50, finish="length"),
    "malformed": Plan(body=b"<html>Bad Gateway</html>"),
    "cut": Plan(stop_after=60),
    "closed": Plan(stop_after=60, then="close"),
    "hanging": Plan(stop_after=60, then="hang"),
    "silent": Plan(silent=True),
    "dripping": Plan(slice_bytes=1, slice_s=0.2),
}


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_model_that_fails_is_stood_in_for(routed: Routed, vendor: Vendor, fault: str, streaming: bool) -> None:
    vendor.script = lambda request: FAULTS[fault]
    async with routed(MODEL_TIMEOUT_S="0.4") as router:
        started = time.monotonic()
        answer = await router.answer(streaming=streaming)
    assert time.monotonic() - started < 3
    assert answer["metadata"]["model"] == "playbook"
    assert answer["metadata"]["degraded"] == ["model"]
    assert answer["persona_used"] == "Lua"
    assert answer["content"]


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
async def test_what_stood_in_is_not_kept_and_the_model_is_back_at_once(routed: Routed, vendor: Vendor, streaming: bool) -> None:
    vendor.script = lambda request: Plan(finish="filter", pieces=())
    async with routed() as router:
        assert (await router.answer(streaming=streaming))["metadata"]["degraded"] == ["model"]
        vendor.script = lambda request: Plan(pieces=("well ", "again"))
        answer = await router.answer(streaming=streaming)
    assert (answer["content"], answer["metadata"]["degraded"], answer["performance"]["cache_hit"]) == ("well again", [], False)


async def test_the_fallback_model_answers_before_the_playbook_does(routed: Routed, vendor: Vendor) -> None:
    vendor.script = lambda request: Plan(status=500) if request.body["model"] == "stand-in" else Plan(pieces=("second",))
    async with routed(FALLBACK_MODEL="openai:other") as router:
        answer = await router.asked()
    assert (answer["content"], answer["metadata"]["model"]) == ("second", "openai:other")
    assert answer["metadata"]["degraded"] == ["model"]


async def test_a_late_model_is_hedged_where_the_setting_says_so(routed: Routed, vendor: Vendor) -> None:
    vendor.script = lambda request: Plan(silent=True) if request.body["model"] == "stand-in" else Plan(pieces=("quick",))
    async with routed(FALLBACK_MODEL="openai:other", HEDGE_AFTER_S="0.05") as router:
        started = time.monotonic()
        answer = await router.asked()
        assert answer["content"] == "quick"
        assert time.monotonic() - started < 2
        await vendor.idle()
    assert len(vendor.left) == 1, "the late one's call was ended"


async def test_a_request_ends_within_its_time_whatever_the_model_does(routed: Routed, vendor: Vendor) -> None:
    vendor.script = lambda request: Plan(silent=True)
    async with routed(REQUEST_TIMEOUT_S="3", MODEL_TIMEOUT_S="20") as router:
        for streaming in (False, True):
            started = time.monotonic()
            answer = await router.answer(streaming=streaming, use_cache=False)
            assert time.monotonic() - started < 3.1
            assert answer["metadata"]["degraded"] == ["model"]


async def test_a_dead_model_is_soon_left_alone_and_health_says_so(routed: Routed, vendor: Vendor) -> None:
    vendor.script = lambda request: Plan(status=500)
    async with routed() as router:
        for number in range(10):
            await router.asked(user_input=f"question number {number}")
        health = (await router.http.get("/api/v2/health")).json()
    assert len(vendor.requests) <= 3
    assert health["status"] == "degraded"
    assert health["dependencies"]["models"] == {"openai:stand-in": "open"}


async def test_a_model_that_limits_itself_is_respected_and_not_called_broken(routed: Routed, vendor: Vendor) -> None:
    vendor.script = lambda request: Plan(status=429, headers={"retry-after": "1"})
    async with routed() as router:
        for number in range(10):
            await router.asked(user_input=f"question number {number}")
        health = (await router.http.get("/api/v2/health")).json()
        assert health["dependencies"]["models"] == {"openai:stand-in": "busy"}
        assert len(vendor.requests) == 1
        vendor.script = lambda request: Plan()
        await asyncio.sleep(1.05)
        assert (await router.asked(user_input="after its time"))["metadata"]["degraded"] == []


async def test_retries_are_at_most_a_tenth_of_the_traffic(routed: Routed, vendor: Vendor) -> None:
    numbers = iter(range(10_000))
    vendor.script = lambda request: Plan(status=502) if next(numbers) % 3 == 2 else Plan()  # never two in a row
    async with routed() as router:
        for number in range(60):
            await router.asked(user_input=f"question number {number}")
    assert 60 < len(vendor.requests) <= 66


async def test_when_the_client_leaves_the_models_call_is_ended(routed: Routed, vendor: Vendor) -> None:
    vendor.script = lambda request: Plan(pieces=("word ",) * 50, delay_s=0.05)
    async with routed() as router:
        asking = asyncio.create_task(_left_after_the_first_words(router))
        await vendor.busy()
        await asking
        await vendor.idle()
    assert len(vendor.left) == 1
    (billed,) = vendor.billed.values()
    assert billed.output_tokens < 150


async def _left_after_the_first_words(router: Router) -> None:
    """Asks over a real socket, since a client in the same process cannot leave."""
    import uvicorn
    from starlette.requests import Request

    async def app(scope: dict, receive: object, send: object) -> None:
        response = await router.function.handle(Request(scope, receive))
        await response(scope, receive, send)

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off", timeout_graceful_shutdown=1))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells by this alone
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    import httpx2

    from tests.faults.conftest import QUESTION

    async with (
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http,
        http.stream("POST", "/api/v2/process", json=QUESTION, headers={"accept": "text/event-stream"}) as response,
    ):
        heard = ""
        async for text in response.aiter_text():
            heard += text
            if "word" in heard:
                break
    server.should_exit = True
    await serving


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
async def test_an_answer_of_which_nobody_says_why_it_ended_is_marked(routed: Routed, vendor: Vendor, streaming: bool) -> None:
    vendor.script = lambda request: Plan(finish=None)
    async with routed() as router:
        answer = await router.answer(streaming=streaming)
    assert (answer["content"], answer["metadata"]["degraded"]) == ("A short answer.", [])
    assert answer["metadata"]["cut_short"]


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
async def test_a_model_that_loads_is_stood_in_for_and_answers_once_it_is_loaded(
    routed: Routed, vendor: Vendor, streaming: bool
) -> None:
    loading = Loading()
    vendor.script = lambda request: Plan(loading=loading, pieces=("loaded",))
    async with routed(MODEL_TIMEOUT_S="0.4") as router:
        for _ in range(4):
            assert (await router.answer(streaming=streaming))["metadata"]["degraded"] == ["model"]
        loading.tick(26)
        await vendor.idle()
        await asyncio.sleep(0.05)  # the answer is read
        answer = await router.answer(streaming=streaming)
    assert (answer["content"], answer["metadata"]["degraded"], loading.given_up) == ("loaded", [], 0)
