"""This function's access token comes from the metadata server, is kept, and every wait for it is bounded."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx2
import pytest

from ion_mentoring.backends.identity.access_tokens import AccessTokens
from ion_mentoring.backends.identity.metadata import MetadataServer
from ion_mentoring.errors import IdentityUnavailable
from tests.fakes import Clock
from tests.vendors import metadata_server
from tests.vendors.plan import Plan

SECRET = "ya29.secret"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def platform(clock: Clock) -> AsyncIterator[metadata_server.MetadataServer]:
    async with metadata_server.MetadataServer(clock) as server:
        yield server


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False, timeout=None) as client:
        yield client


@pytest.fixture
def tokens(client: httpx2.AsyncClient, platform: metadata_server.MetadataServer, clock: Clock) -> AccessTokens:
    return AccessTokens(MetadataServer(client, platform.host, timeout_s=5), clock)


async def test_the_token_is_that_of_this_functions_service_account(
    tokens: AccessTokens, platform: metadata_server.MetadataServer
) -> None:
    assert await tokens.token() == "ya29.c.access-1"
    request = platform.requests[0]
    assert request.path == "/computeMetadata/v1/instance/service-accounts/default/token"
    assert request.headers["metadata-flavor"] == "Google"
    assert not platform.left


async def test_many_callers_ask_the_platform_once(tokens: AccessTokens, platform: metadata_server.MetadataServer) -> None:
    assert len(set(await asyncio.gather(*(tokens.token() for _ in range(100))))) == 1
    assert len(platform.requests) == 1


async def test_the_token_is_renewed_five_minutes_before_it_ends(
    tokens: AccessTokens, platform: metadata_server.MetadataServer, clock: Clock
) -> None:
    platform.lasts_s = 1_800
    await tokens.token()
    clock.tick(1_499)
    assert await tokens.token() == "ya29.c.access-1"
    clock.tick(1)
    assert await tokens.token() == "ya29.c.access-2"


@pytest.mark.parametrize(
    "away", [Plan(status=503), Plan(raw=b""), Plan(silent=True), Plan(body=b"{}")], ids=["error", "cut", "silent", "empty"]
)
async def test_the_old_token_serves_while_the_platform_is_away(
    tokens: AccessTokens, platform: metadata_server.MetadataServer, clock: Clock, away: Plan
) -> None:
    await tokens.token()
    platform.script = lambda request: away
    clock.tick(3_600 - 300)
    assert await tokens.token() == "ya29.c.access-1"
    assert len(platform.requests) == 2


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan(status=404), "404"),
        (Plan(status=500), "500"),
        (Plan(status=302, headers={"location": "http://169.254.169.254/"}), "302"),
        (Plan(raw=b""), "RemoteProtocolError"),
        (Plan(raw=b"\x00\xff"), "RemoteProtocolError"),
        (Plan(body=b'{"access_token": "ya', stop_after=10), "ReadError"),
        (Plan(body=b""), "no access token"),
        (Plan(body=b"\xff"), "no access token"),
        (Plan(body=b"[]"), "no access token"),
        (Plan(body=json.dumps({"access_token": SECRET}).encode()), "no access token"),
        (Plan(body=json.dumps({"access_token": SECRET, "expires_in": 0}).encode()), "no access token"),
        (Plan(body=json.dumps({"access_token": SECRET, "expires_in": "soon"}).encode()), "no access token"),
        (Plan(body=json.dumps({"access_token": SECRET, "expires_in": float("inf")}).encode()), "no access token"),
        (Plan(body=json.dumps({"access_token": f"{SECRET}\r\nhost: x", "expires_in": 9}).encode()), "no access token"),
        (Plan(body=json.dumps({"access_token": "", "expires_in": 9}).encode()), "no access token"),
    ],
)
async def test_an_answer_without_a_token_says_what_was_wrong_and_never_shows_a_token(
    tokens: AccessTokens, platform: metadata_server.MetadataServer, plan: Plan, said: str
) -> None:
    platform.script = lambda request: plan
    with pytest.raises(IdentityUnavailable, match=said) as raised:
        await tokens.token()
    error: BaseException | None = raised.value
    while error:
        assert SECRET not in repr(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


@pytest.mark.parametrize("slow", [Plan(silent=True), Plan(slice_bytes=1, slice_s=0.02)], ids=["silent", "dripping"])
async def test_a_platform_that_does_not_come_to_an_end_is_not_waited_for(
    client: httpx2.AsyncClient, platform: metadata_server.MetadataServer, clock: Clock, slow: Plan
) -> None:
    platform.script = lambda request: slow
    tokens = AccessTokens(MetadataServer(client, platform.host, timeout_s=0.1), clock)
    async with asyncio.timeout(2):
        with pytest.raises(IdentityUnavailable, match="TimeoutError"):
            await tokens.token()
    platform.script = lambda request: Plan()
    assert await tokens.token() == "ya29.c.access-2"


@pytest.mark.parametrize("host", ["127.0.0.1:1", "not a host"])
async def test_without_a_platform_there_is_no_token(client: httpx2.AsyncClient, clock: Clock, host: str) -> None:
    with pytest.raises(IdentityUnavailable):
        await AccessTokens(MetadataServer(client, host), clock).token()
