"""Administrators drop what is cached, everywhere; nobody else does, and nothing is said to be dropped that is not."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import NewKey, new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring import clients
from ion_mentoring.wiring.router import build
from tests.fakes import client

PROCESS, CLEAR, INVALIDATE = "/api/v2/process", "/api/v2/cache/clear", "/api/v2/cache/invalidate"
QUESTIONS = {
    "lua": {"user_input": "오늘 회의가 힘들었어요", "persona": "lua"},
    "elro": {"user_input": "Where do I begin with tests?", "persona": "elro"},
}

Instance = Callable[..., Any]


@pytest.fixture
async def instance(valkey_port: int) -> AsyncIterator[Instance]:
    """Makes another router over the same L2."""
    async with AsyncExitStack() as running:

        async def made(**environ: str) -> httpx2.AsyncClient:
            shared = {"CACHE_URL": f"redis://127.0.0.1:{valkey_port}", "CACHE_KEY_SECRET": "s", "CACHE_MAX_UNVERIFIED_S": "0"}
            settings = RouterSettings.read({"STORE": "sqlite:///:memory:", **shared, **environ})
            return await running.enter_async_context(client(build(settings)))

        yield made
    await clients.close()


async def layer(router: httpx2.AsyncClient, persona: str) -> str | None:
    answer = (await router.post(PROCESS, json=QUESTIONS[persona])).json()
    found: str | None = answer["performance"]["cache_layer"]
    return found


async def test_what_is_cleared_here_is_cleared_everywhere(instance: Instance) -> None:
    one, other = await instance(), await instance()
    assert [await layer(one, "lua"), await layer(other, "lua"), await layer(other, "lua")] == [None, "L2", "L1"]
    cleared = await one.post(CLEAR)
    assert cleared.status_code == 200
    assert {name: cleared.json()[name] for name in ("success", "pattern", "everywhere_within_s")} == {
        "success": True,
        "pattern": "*",
        "everywhere_within_s": 0,
    }
    assert await layer(other, "lua") is None
    assert await layer(one, "lua") == "L2"


async def test_a_pattern_drops_what_it_is_about(instance: Instance) -> None:
    one, other = await instance(), await instance()
    for persona in QUESTIONS:
        await layer(one, persona)
        await layer(other, persona)
    assert (await one.post(INVALIDATE, params={"pattern": "elro:*"})).json()["pattern"] == "elro:*"
    assert await layer(other, "lua") == "L1"
    assert await layer(other, "elro") is None


@pytest.mark.parametrize("pattern", [None, "", "x" * 201, "a\nb"])
async def test_a_pattern_that_is_none_is_refused(router: httpx2.AsyncClient, pattern: str | None) -> None:
    refused = await router.post(INVALIDATE, params={} if pattern is None else {"pattern": pattern})
    assert refused.status_code == 422
    assert refused.json()["error"]["field"] == "pattern"


@pytest.mark.parametrize("pattern", ["(", "[", "[!", "\\", "***", "?*?*?*?*?*?*?*?*?*b", "lua:*", "한국어*"])
async def test_no_pattern_is_an_error_or_takes_long(router: httpx2.AsyncClient, pattern: str) -> None:
    await layer(router, "lua")
    assert (await router.post(INVALIDATE, params={"pattern": pattern})).status_code == 200
    await layer(router, "lua")


async def test_only_administrators_may(
    cloud: httpx2.AsyncClient, cloud_settings: dict[str, str], operator_key: NewKey, service_key: NewKey
) -> None:
    for path in (CLEAR, f"{INVALIDATE}?pattern=*"):
        assert (await cloud.post(path)).status_code == 401
        for key in (operator_key, service_key):
            assert (await cloud.post(path, headers={"x-api-key": key.secret})).status_code == 403
    admin = new_key("root", Role.ADMIN)
    async with client(build(RouterSettings.read(cloud_settings | {"API_KEYS": admin.line}))) as router:
        assert (await router.post(CLEAR, headers={"x-api-key": admin.secret})).status_code == 200


async def test_where_the_others_cannot_be_told_it_is_an_error(instance: Instance) -> None:
    alone = await instance(CACHE_URL="redis://127.0.0.1:1")
    refused = await alone.post(CLEAR)
    assert refused.status_code == 503
    assert refused.json()["error"]["code"] == "CACHE_UNAVAILABLE"


async def test_the_contract_names_the_pattern(router: httpx2.AsyncClient) -> None:
    document = json.loads((await router.get("/openapi.json")).content)
    (parameter,) = document["paths"][INVALIDATE]["post"]["parameters"]
    assert (parameter["name"], parameter["in"], parameter["required"]) == ("pattern", "query", True)
