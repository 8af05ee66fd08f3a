"""A stream through real processes, model to persona function to router to client, and each of them leaving in the middle."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2
import pytest

from tests.functions.conftest import Start, kill
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor

QUESTION = {"user_input": "How do I prepare for an interview?", "persona": "lua"}
PIECES = tuple(f"word{number} " for number in range(40))
SLOW = Plan(pieces=PIECES, delay_s=0.05)


@dataclass
class Listener:
    """A client of a stream, reading in the background."""

    url: str
    events: list[tuple[str, str, dict]] = field(default_factory=list)
    last_event_id: str = ""
    awaited: int = 0
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self, until: int | None = None) -> None:
        """Reads to the end, or until so many events have come."""
        headers = {"accept": "text/event-stream"}
        if self.last_event_id:
            headers["last-event-id"] = self.last_event_id
        async with (
            httpx2.AsyncClient(timeout=30) as client,
            client.stream("POST", f"{self.url}/api/v2/process", json=QUESTION, headers=headers) as response,
        ):
            assert response.status_code == 200
            async for event in httpx2.EventSource(response):
                self.events.append((event.event, event.id, json.loads(event.data)))
                self.last_event_id = event.id
                if len(self.events) == self.awaited:
                    self.heard.set()
                if len(self.events) == until:
                    return

    @property
    def names(self) -> list[str]:
        return [name for name, _, _ in self.events]

    @property
    def text(self) -> str:
        """What a reader has before him."""
        last = max(place for place, name in enumerate(self.names) if name == "routing")
        return "".join(data["text"] for name, _, data in self.events[last:] if name == "delta")


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor(lambda request: SLOW) as serving:
        yield serving


@pytest.fixture
def model(vendor: Vendor) -> dict[str, str]:
    return {"MODEL": "openai:stand-in", "MODEL_URL": f"{vendor.url}/v1"}


@asynccontextmanager
async def listening(url: str, events: int) -> AsyncIterator[tuple[Listener, "asyncio.Task[None]"]]:
    """A client that has heard so many events and goes on listening."""
    listener = Listener(url, awaited=events)
    task = asyncio.create_task(listener.listen())
    await asyncio.wait_for(listener.heard.wait(), 20)
    yield listener, task
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.slow
async def test_a_stream_passes_both_functions_as_it_is_written(start: Start, model: dict[str, str]) -> None:
    _, lua = await asyncio.to_thread(start, "lua", **model)
    _, router = await asyncio.to_thread(start, "router", PERSONA_URL_LUA=lua, **model)
    async with listening(router, 3) as (listener, task):
        assert not task.done(), "the beginning is there before the end"
    assert listener.names == ["routing", *["delta"] * len(PIECES), "done"]
    assert listener.text == listener.events[-1][2]["content"] == "".join(PIECES)
    assert listener.events[-1][2]["metadata"]["usage"]["output_tokens"] == 3 * len(PIECES)


@pytest.mark.slow
async def test_when_the_client_leaves_the_model_hears_of_it_through_both_functions(
    start: Start, model: dict[str, str], vendor: Vendor
) -> None:
    _, lua = await asyncio.to_thread(start, "lua", **model)
    _, router = await asyncio.to_thread(start, "router", PERSONA_URL_LUA=lua, **model)
    await Listener(router).listen(until=4)
    await asyncio.wait_for(vendor.idle(), 1.5)
    assert len(vendor.left) == 1


@pytest.mark.slow
async def test_a_persona_function_killed_midway_is_replaced_and_the_answer_begins_anew(
    start: Start, model: dict[str, str]
) -> None:
    process, lua = await asyncio.to_thread(start, "lua", **model)
    _, router = await asyncio.to_thread(start, "router", PERSONA_URL_LUA=lua, **model)
    async with listening(router, 5) as (listener, _):
        kill(process)
    assert listener.names.count("routing") == 2
    assert listener.names[-1] == "done"
    assert listener.text == listener.events[-1][2]["content"]
    assert listener.events[-1][2]["metadata"]["degraded"] == ["persona"]


@pytest.mark.slow
async def test_sigterm_lets_a_stream_come_to_its_end(start: Start, model: dict[str, str]) -> None:
    process, router = await asyncio.to_thread(start, "router", **model)
    async with listening(router, 3) as (listener, _):
        os.kill(process.pid, signal.SIGTERM)
    assert listener.names[-1] == "done"
    assert listener.text == "".join(PIECES)


@pytest.mark.proof  # waits until the stream counts as lost
async def test_a_router_killed_midway_leaves_a_stream_that_another_one_begins_anew(
    start: Start, model: dict[str, str], valkey_port: int
) -> None:
    shared = {"CACHE_URL": f"redis://127.0.0.1:{valkey_port}", "CACHE_KEY_SECRET": "shared"}
    process, here = await asyncio.to_thread(start, "router", **model, **shared)
    _, there = await asyncio.to_thread(start, "router", **model, **shared)
    async with listening(here, 15) as (listener, _):
        kill(process)
    assert listener.names[-1] == "delta"
    again = Listener(there, last_event_id=listener.last_event_id)
    await asyncio.wait_for(again.listen(), 40)
    assert again.names[-1] == "done"
    assert again.names.count("routing") == 1, "nobody has the rest any more"
    assert again.text == "".join(PIECES)


@pytest.mark.slow
async def test_a_stream_that_ended_is_taken_up_from_another_instance(
    start: Start, model: dict[str, str], valkey_port: int, vendor: Vendor
) -> None:
    shared = {"CACHE_URL": f"redis://127.0.0.1:{valkey_port}", "CACHE_KEY_SECRET": "shared"}
    _, here = await asyncio.to_thread(start, "router", **model, **shared)
    _, there = await asyncio.to_thread(start, "router", **model, **shared)
    whole = Listener(here)
    await whole.listen()
    rest = Listener(there, last_event_id=whole.events[9][1])
    await rest.listen()
    assert rest.events == whole.events[10:]
    assert len(vendor.requests) == 1


@pytest.mark.slow
async def test_a_client_that_is_back_before_it_was_missed_goes_on_with_the_same_stream(
    start: Start, model: dict[str, str], vendor: Vendor
) -> None:
    """Its old connection is half open, as after a change of networks: the server finds out later."""
    _, router = await asyncio.to_thread(start, "router", **model)
    async with listening(router, 3) as (lost, task):
        again = Listener(router, last_event_id=lost.last_event_id, awaited=2)
        back = asyncio.create_task(again.listen())
        await asyncio.wait_for(again.heard.wait(), 5)
        task.cancel()
        await asyncio.wait_for(back, 20)
    assert again.names == [*["delta"] * (len(again.events) - 1), "done"]
    assert again.events[-1][2]["content"] == "".join(PIECES)
    assert len(vendor.requests) == 1
