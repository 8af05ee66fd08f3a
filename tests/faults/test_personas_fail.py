"""One persona function is down, slow, answering 500, garbage or half a stream: the next one answers, and says so."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from tests.faults.conftest import Routed

DELTA = b'event: delta\ndata: {"text": "half an answ"}\n\n'
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
GARBAGE = b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\ngarbage"

# What the function writes for a request, and whether it closes the connection then.
FAULTS: dict[str, tuple[bytes, bool]] = {
    "answering 500": (b"HTTP/1.1 500 Oops\r\ncontent-length: 4\r\n\r\noops", True),
    "not there yet (503 of the platform)": (b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n", True),
    "limiting itself": (b"HTTP/1.1 429 Slow down\r\nretry-after: 3\r\ncontent-length: 0\r\n\r\n", True),
    "garbage": (GARBAGE, True),
    "no HTTP": (b"\x00\x01\x02\r\n\r\n", True),
    "closing at once": (b"", True),
    "slow": (b"", False),
    "half a head": (HEAD[:20], False),
    "half a stream": (HEAD + DELTA, True),
    "half a stream, then silence": (HEAD + DELTA, False),
    "half an event": (HEAD + DELTA + DELTA[:20], True),
    "a stream without its end": (HEAD + DELTA, True),
}

ALLOWED_S = 3.0  # of which a third is kept for whoever stands in: enough on a busy machine


@pytest.fixture
def broken() -> Callable[[bytes, bool], AbstractAsyncContextManager[str]]:
    """A persona function on a real socket that does one wrong thing; gives its URL."""

    @asynccontextmanager
    async def running(written: bytes, closes: bool) -> AsyncIterator[str]:
        async def misbehave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(written)
                await writer.drain()
                if not closes:
                    await reader.read()
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(misbehave, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    return running


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("fault", [*FAULTS, "down"])
async def test_the_next_persona_answers(
    routed: Routed, broken: Callable[..., AbstractAsyncContextManager[str]], fault: str, streaming: bool
) -> None:
    async with broken(*FAULTS.get(fault, (b"", True))) as url:
        lua = "http://127.0.0.1:1" if fault == "down" else url
        async with routed(MODEL="playbook", PERSONA_URL_LUA=lua, REQUEST_TIMEOUT_S=str(ALLOWED_S)) as router:
            started = time.monotonic()
            answer = await router.answer(streaming=streaming)
    assert time.monotonic() - started < ALLOWED_S
    assert answer["persona_used"] == "Riri"
    assert answer["metadata"]["degraded"] == ["persona"]
    assert "Lua cannot answer right now, so Riri answers instead" in answer["routing"]["reasoning"]
    assert answer["content"]


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
async def test_with_all_functions_down_the_playbook_answers_in_the_chosen_ones_name(routed: Routed, streaming: bool) -> None:
    down = {f"PERSONA_URL_{name}": "http://127.0.0.1:1" for name in ("LUA", "ELRO", "RIRI", "NANA")}
    async with routed(**down) as router:
        answer = await router.answer(streaming=streaming)
        health = (await router.http.get("/api/v2/health")).json()
    assert answer["persona_used"] == "Lua"
    assert answer["metadata"]["degraded"] == ["persona", "model"]
    assert answer["metadata"]["model"] == "playbook"
    assert health["dependencies"]["personas"]["lua"] == {"place": "remote", "breaker": "closed"}, "once is not twice"


async def test_a_dead_function_is_left_alone_and_health_says_so(
    routed: Routed, broken: Callable[..., AbstractAsyncContextManager[str]]
) -> None:
    async with (
        broken(*FAULTS["answering 500"]) as url,
        routed(MODEL="playbook", PERSONA_URL_LUA=url) as router,
    ):
        for number in range(5):
            await router.asked(user_input=f"question number {number}")
        health = (await router.http.get("/api/v2/health")).json()
    assert health["status"] == "degraded"
    assert health["dependencies"]["personas"]["lua"] == {"place": "remote", "breaker": "open"}
    assert health["dependencies"]["personas"]["riri"] == {"place": "here"}
