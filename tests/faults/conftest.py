"""A router as its settings build it, with real clients, before a vendor or a persona function that does what a test plans."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from ion_mentoring.handlers.web.app import App
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring import clients
from ion_mentoring.wiring.router import build
from tests.fakes import client
from tests.vendors.server import Vendor

QUESTION = {"user_input": "How do I prepare for a job interview?", "resonance_key": "frustrated-burst-seek_advice"}


@dataclass(frozen=True)
class Router:
    """A running router and a client of it."""

    function: App
    http: httpx2.AsyncClient

    async def asked(self, **fields: object) -> dict[str, Any]:
        """The body of a whole answer, which has to be one."""
        response = await self.http.post("/api/v2/process", json={**QUESTION, **fields}, timeout=60)
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body

    async def streamed(self, **fields: object) -> list[tuple[str, Any]]:
        """The events of a streamed answer: names and data."""
        response = await self.http.post(
            "/api/v2/process", json={**QUESTION, **fields}, headers={"accept": "text/event-stream"}, timeout=60
        )
        assert response.status_code == 200, response.text
        blocks = [block for block in response.text.split("\n\n") if block and not block.startswith(":")]
        events = [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]
        return [(event["event"], json.loads(event["data"])) for event in events]

    async def answer(self, *, streaming: bool, **fields: object) -> dict[str, Any]:
        """The answer either way; of a stream, what was heard has to be what the answer says."""
        if not streaming:
            return await self.asked(**fields)
        events = await self.streamed(**fields)
        assert [name for name, _ in events if name in ("done", "error")] == ["done"] == [events[-1][0]]
        last = max(place for place, (name, _) in enumerate(events) if name == "routing")
        assert "".join(data["text"] for name, data in events[last:] if name == "delta") == events[-1][1]["content"]
        body: dict[str, Any] = events[-1][1]
        return body


Routed = Callable[..., AbstractAsyncContextManager[Router]]


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor() as running:
        yield running


@pytest.fixture
def routed(vendor: Vendor) -> Routed:
    """A router whose model is the vendor's, with these settings besides."""

    @asynccontextmanager
    async def running(**settings: str) -> AsyncIterator[Router]:
        environ = {"STORE": "sqlite:///:memory:", "MODEL": "openai:stand-in", "MODEL_URL": f"{vendor.url}/v1", **settings}
        function = build(RouterSettings.read(environ))
        try:
            async with client(function) as http:
                yield Router(function, http)
        finally:
            await clients.close()

    return running
