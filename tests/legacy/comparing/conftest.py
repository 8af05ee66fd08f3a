"""Two systems side by side: real routers, of which one may be made to answer otherwise."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from ion_mentoring.handlers.web.app import App
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build
from migration.comparing.deviations import read_deviations
from migration.comparing.replay import Pace, Replay
from migration.comparing.requests import Recorded
from migration.comparing.tally import Tally
from tests.fakes import client

Seed = Callable[[Recorded | None, Any], Any]
PROCESS = "/api/persona/process"


def request(line: int, key: str = "calm-medium-learning", text: str = "How do I give feedback?") -> Recorded:
    return Recorded(line, "POST", PROCESS, {"user_input": text, "resonance_key": key})


class Seeded(httpx2.AsyncBaseTransport):
    """A system whose answers a test changes on the way; what is no answer any more gets lost."""

    def __init__(self, inner: httpx2.AsyncClient, change: Callable[[dict[str, Any]], Any]) -> None:
        self._inner = inner
        self._change = change

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._inner.request(
            request.method, request.url.path, content=await request.aread(), headers=request.headers
        )
        changed = self._change(answer.json())
        if changed is None:
            raise httpx2.ConnectError("lost")
        status, body = changed if isinstance(changed, tuple) else (answer.status_code, changed)
        return httpx2.Response(status, content=body if isinstance(body, bytes) else json.dumps(body).encode())


@pytest.fixture(scope="module")
def system() -> App:
    return build(RouterSettings.read({"STORE": "sqlite:///:memory:"}))


async def compared(system: App, requests: Iterator[Recorded], change: Callable[[dict[str, Any]], Any] | None = None) -> Tally:
    """The tally of a system beside itself, or beside what `change` makes of its answers on the new side."""
    tally = Tally(read_deviations())
    async with client(system) as old, client(system) as inner:
        new = httpx2.AsyncClient(base_url="http://new", transport=Seeded(inner, change)) if change else inner
        await Replay(old, new, tally, Pace(10_000, 8)).run(requests)
    return tally
