"""The caches and the publisher are wired as the settings say."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from ion_mentoring.backends.publishing.pubsub import SERVICE, PubSubPublisher
from ion_mentoring.backends.valkey import discovery
from ion_mentoring.backends.valkey.address import ServerAddress
from ion_mentoring.backends.valkey.endpoint import Endpoint
from ion_mentoring.errors import CacheUnavailable
from ion_mentoring.settings.publishing import Publishing
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring import clients
from ion_mentoring.wiring.publishing import publisher
from ion_mentoring.wiring.router import build
from tests.fakes import client
from tests.vendors.metadata_server import MetadataServer

NAME = "projects/p/locations/r/instances/i"
QUESTION = {"user_input": "How do I say no?"}


@pytest.fixture
async def platform(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MetadataServer]:
    """A metadata server in place of the platform's."""
    clients.access_tokens.cache_clear()
    async with MetadataServer(time.time) as server:
        monkeypatch.setenv("GCE_METADATA_HOST", server.host)
        yield server
        await clients.close()
    clients.access_tokens.cache_clear()


def settings(**environ: str) -> RouterSettings:
    usual = {"STORE": "sqlite:///:memory:", "CACHE_INSTANCE": NAME, "CACHE_LOCAL_ENTRIES": "0", "CACHE_KEY_SECRET": "s"}
    return RouterSettings.read(usual | environ)


async def test_an_instance_that_is_named_is_found_with_our_own_token_and_used(
    platform: MetadataServer, monkeypatch: pytest.MonkeyPatch, valkey_port: int
) -> None:
    asked: list[tuple[str, str]] = []

    def discover(name: str, token: str) -> Endpoint:
        asked.append((name, token))
        return Endpoint(ServerAddress("127.0.0.1", valkey_port))

    monkeypatch.setattr(discovery, "discover", discover)
    async with client(build(settings())) as router:
        layers = []
        for _ in range(40):
            layers.append((await router.post("/api/v2/process", json=QUESTION)).json()["performance"]["cache_layer"])
            if layers[-1] == "L2":
                break
            await asyncio.sleep(0.1)
    assert layers[-1] == "L2"
    ((name, token),) = asked
    assert name == NAME
    assert len(token) > 5


async def test_an_instance_that_is_not_found_is_told_and_answers_go_on(
    platform: MetadataServer, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def discover(name: str, token: str) -> Endpoint:
        raise CacheUnavailable("CACHE_INSTANCE: the instance is CREATING")

    monkeypatch.setattr(discovery, "discover", discover)
    async with client(build(settings())) as router:
        for _ in range(5):
            answer = await router.post("/api/v2/process", json=QUESTION)
            assert answer.status_code == 200
            await asyncio.sleep(0.02)
        assert answer.json()["metadata"]["degraded"] == ["cache"]
    assert capfd.readouterr().out.count("l2_not_found") == 1


async def test_messages_go_to_the_project_with_our_own_token_or_to_an_emulator(platform: MetadataServer) -> None:
    real = publisher(Publishing.read({"GOOGLE_CLOUD_PROJECT": "acme"}))
    assert isinstance(real, PubSubPublisher)
    assert (real.project, real.url) == ("acme", SERVICE)
    assert real.token
    assert len(await real.token()) > 5
    emulated = publisher(Publishing.read({"PUBSUB_EMULATOR_HOST": "127.0.0.1:8085"}))
    assert isinstance(emulated, PubSubPublisher)
    assert (emulated.url, emulated.token) == ("http://127.0.0.1:8085", None)
    assert publisher(Publishing.read({})) is None
