"""A function's own identity comes from the metadata server, is kept, and is renewed before it ends."""

import base64
import json
from collections.abc import AsyncIterator

import httpx2
import pytest

from ion_mentoring.access.identity import IdentityTokens
from ion_mentoring.errors import PersonaUnavailable
from tests.fakes import Clock


class MetadataServer:
    """Speaks as http://metadata.google.internal does, over the only seam that is replaced: the transport."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.requests: list[httpx2.Request] = []
        self.answer: httpx2.Response | None = None

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        if self.answer is not None:
            return self.answer
        payload = base64.urlsafe_b64encode(json.dumps({"exp": self.clock() + 3600}).encode()).decode().rstrip("=")
        return httpx2.Response(200, text=f"head.{payload}.signature{len(self.requests)}\n")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> MetadataServer:
    return MetadataServer(clock)


@pytest.fixture
async def tokens(server: MetadataServer, clock: Clock) -> AsyncIterator[IdentityTokens]:
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(server)) as client:
        yield IdentityTokens(client, clock)


async def test_a_token_is_asked_for_its_audience_and_kept(tokens: IdentityTokens, server: MetadataServer) -> None:
    first = await tokens.token("https://lua.run.app")
    assert await tokens.token("https://lua.run.app") == first
    assert await tokens.token("https://elro.run.app") != first
    request = server.requests[0]
    assert request.url.params["audience"] == "https://lua.run.app"
    assert request.url.path == "/computeMetadata/v1/instance/service-accounts/default/identity"
    assert request.headers["metadata-flavor"] == "Google"
    assert len(server.requests) == 2


async def test_a_token_is_renewed_five_minutes_before_it_ends(
    tokens: IdentityTokens, server: MetadataServer, clock: Clock
) -> None:
    await tokens.token("a")
    clock.tick(3299)
    await tokens.token("a")
    assert len(server.requests) == 1
    clock.tick(2)
    await tokens.token("a")
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "answer", [httpx2.Response(404), httpx2.Response(200, text="nonsense"), httpx2.Response(200, text="a.!.c")]
)
async def test_without_a_token_the_persona_is_unavailable(
    tokens: IdentityTokens, server: MetadataServer, answer: httpx2.Response
) -> None:
    server.answer = answer
    with pytest.raises(PersonaUnavailable):
        await tokens.token("a")
