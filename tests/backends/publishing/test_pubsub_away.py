"""A service that does not take a message is an error of ours, in bounded time, without the message or the token in it."""

import time
from collections.abc import AsyncIterator

import httpx2
import pytest

from ion_mentoring.backends.publishing.pubsub import PubSubPublisher
from ion_mentoring.errors import IdentityUnavailable, PublishingUnavailable
from tests.vendors.documents import Documents
from tests.vendors.plan import Plan, Request
from tests.vendors.server import Script

TOKEN = "ya29.token"
WELL = Plan()


class Service(Documents):
    """Takes messages of those who bring the token, or does what the script says."""

    def __init__(self, script: Script = lambda request: WELL) -> None:
        super().__init__(script)

    def refusal(self, request: Request) -> Plan | None:
        return None if request.headers.get("authorization") == f"Bearer {TOKEN}" else Plan(status=401)

    def document(self, request: Request) -> bytes | None:
        return b'{"messageIds": ["1"]}' if request.path == "/v1/projects/p/topics/t:publish" else None


async def token() -> str:
    return TOKEN


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False, timeout=None) as client:
        yield client


async def failed(publisher: PubSubPublisher) -> str:
    began = time.perf_counter()
    with pytest.raises(PublishingUnavailable) as raised:
        await publisher.publish("t", b"a-secret-message", {})
    assert time.perf_counter() - began < publisher.timeout_s + 1
    assert TOKEN not in str(raised.value)
    assert "secret" not in str(raised.value)
    return str(raised.value)


async def test_it_is_taken_with_our_token(http: httpx2.AsyncClient) -> None:
    async with Service() as service:
        await PubSubPublisher(http, "p", token, service.url).publish("t", b"x", {})
        assert len(service.requests) == 1
        assert "401" in await failed(PubSubPublisher(http, "p", None, service.url))


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
async def test_a_refusal_is_unavailable(http: httpx2.AsyncClient, status: int) -> None:
    async with Service(lambda request: Plan(status=status)) as service:
        assert str(status) in await failed(PubSubPublisher(http, "p", token, service.url))


async def test_a_slow_or_broken_answer_is_unavailable_in_time(http: httpx2.AsyncClient) -> None:
    for plan in (Plan(delay_s=30), Plan(stop_after=0)):
        async with Service(lambda request, plan=plan: plan) as service:
            await failed(PubSubPublisher(http, "p", token, service.url, timeout_s=0.2))


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://nowhere.invalid", "http://[::"])
async def test_nobody_there_is_unavailable(http: httpx2.AsyncClient, url: str) -> None:
    await failed(PubSubPublisher(http, "p", token, url, timeout_s=2))


async def test_without_a_token_nothing_is_sent(http: httpx2.AsyncClient) -> None:
    async def none() -> str:
        raise IdentityUnavailable("metadata server: ConnectError")

    async with Service() as service:
        assert "IdentityUnavailable" in await failed(PubSubPublisher(http, "p", none, service.url))
        assert service.requests == []
