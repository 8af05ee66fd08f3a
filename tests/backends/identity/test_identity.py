"""A function's own identity comes from the metadata server, is kept for each audience, and is renewed before it ends."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest

from ion_mentoring.backends.identity.identity import IdentityTokens
from ion_mentoring.errors import PersonaUnavailable
from tests.fakes import Clock
from tests.vendors.metadata_server import MetadataServer
from tests.vendors.plan import Plan


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def platform(clock: Clock) -> AsyncIterator[MetadataServer]:
    async with MetadataServer(clock) as server:
        yield server


@pytest.fixture
async def tokens(platform: MetadataServer, clock: Clock) -> AsyncIterator[IdentityTokens]:
    async with httpx2.AsyncClient(trust_env=False) as client:
        yield IdentityTokens(client, clock, platform.host)


async def test_a_token_is_asked_for_its_audience_and_kept(tokens: IdentityTokens, platform: MetadataServer) -> None:
    first = await tokens.token("https://lua.run.app")
    assert await tokens.token("https://lua.run.app") == first
    assert await tokens.token("https://elro.run.app") != first
    request = platform.requests[0]
    assert httpx2.QueryParams(request.query)["audience"] == "https://lua.run.app"
    assert request.path == "/computeMetadata/v1/instance/service-accounts/default/identity"
    assert request.headers["metadata-flavor"] == "Google"
    assert len(platform.requests) == 2


async def test_callers_at_the_same_time_ask_once_for_each_audience(tokens: IdentityTokens, platform: MetadataServer) -> None:
    got = await asyncio.gather(*(tokens.token(f"https://{name}.run.app") for name in ("lua", "elro") * 20))
    assert len(set(got)) == len(platform.requests) == 2


async def test_a_token_is_renewed_five_minutes_before_it_ends(
    tokens: IdentityTokens, platform: MetadataServer, clock: Clock
) -> None:
    await tokens.token("a")
    clock.tick(3299)
    await tokens.token("a")
    assert len(platform.requests) == 1
    clock.tick(2)
    await tokens.token("a")
    assert len(platform.requests) == 2


async def test_the_old_token_serves_while_the_platform_is_away(
    tokens: IdentityTokens, platform: MetadataServer, clock: Clock
) -> None:
    token = await tokens.token("a")
    platform.script = lambda request: Plan(status=503)
    clock.tick(3599)
    assert await tokens.token("a") == token


@pytest.mark.parametrize(
    "answer", [Plan(status=404), *(Plan(body=body) for body in (b"nonsense", b"a.!.c", b"a.W10.c", b"a.e30.c"))]
)
async def test_without_a_token_the_persona_is_unavailable(
    tokens: IdentityTokens, platform: MetadataServer, answer: Plan
) -> None:
    platform.script = lambda request: answer
    with pytest.raises(PersonaUnavailable) as raised:
        await tokens.token("a")
    assert raised.value.retry_after_s == 1
