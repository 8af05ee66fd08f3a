"""What tenants learn of each other by the cache: nothing, until three of them have asked the same."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.mentoring.warming.warm_caches import load_questions
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring import clients
from ion_mentoring.wiring.router import build
from tests.fakes import client

TENANTS = ("acme", "globex", "initech", "umbrella", "hooli")
STRANGERS = new_key("web", Role.SERVICE)
KEYS = {tenant: new_key(f"{tenant}/web", Role.SERVICE) for tenant in TENANTS}


@pytest.fixture(params=["L1 alone", "L1 and L2"])
async def router(cloud_settings: dict[str, str], request: pytest.FixtureRequest) -> AsyncIterator[httpx2.AsyncClient]:
    settings = {**cloud_settings, "API_KEYS": ",".join(key.line for key in (STRANGERS, *KEYS.values()))}
    if request.param == "L1 and L2":
        port = request.getfixturevalue("valkey_port")
        settings |= {"CACHE_URL": f"redis://127.0.0.1:{port}", "CACHE_KEY_SECRET": request.node.name}
    async with client(build(RouterSettings.read(settings))) as asked:
        yield asked
    await clients.close()


async def ask(router: httpx2.AsyncClient, tenant: str, text: str, **more: Any) -> Any:
    answer = await router.post("/api/v2/process", json={"user_input": text, **more}, headers={"x-api-key": KEYS[tenant].secret})
    assert answer.status_code == 200, answer.text
    return answer.json()["performance"]


async def test_an_answer_is_its_tenants_own_until_three_have_asked(router: httpx2.AsyncClient) -> None:
    text = "How do I prepare for a code review?"
    first = [await ask(router, tenant, text) for tenant in TENANTS[:3]]
    again = [await ask(router, tenant, text) for tenant in TENANTS[:2]]
    assert [one["cache_hit"] for one in first] == [False] * 3
    assert [one["cache_hit"] for one in again] == [True] * 2
    assert len({one["cache_key"] for one in first}) == 3
    assert [one["cache_key"] for one in again] == [one["cache_key"] for one in first[:2]]


async def test_what_is_for_all_looks_as_new_as_ever_to_whom_it_is_new(router: httpx2.AsyncClient) -> None:
    text = "How do I prepare for a design review?"
    for tenant in TENANTS[:3]:
        await ask(router, tenant, text)
    new, second, third = [await ask(router, "hooli", text) for _ in range(3)]
    assert (new["cache_hit"], new["cache_layer"], new["stale"]) == (False, None, False)
    assert (second["cache_hit"], third["cache_hit"]) == (True, True)
    assert new["cache_key"] == second["cache_key"] == third["cache_key"]
    assert new["cache_key"] != (await ask(router, "acme", text))["cache_key"]


async def test_what_tells_of_somebody_is_never_for_all(router: httpx2.AsyncClient) -> None:
    text = "My colleague Priya Raman has cancer. What do I say to her?"
    for tenant in TENANTS:
        assert not (await ask(router, tenant, text, context={"user_id": "u1"}))["cache_hit"]
    assert (await ask(router, "hooli", text, context={"user_id": "u1"}))["cache_hit"]
    assert not (await ask(router, "hooli", text, context={"user_id": "u2"}))["cache_hit"]


async def test_what_may_tell_of_somebody_is_each_users_own_until_three_tenants_have_asked(router: httpx2.AsyncClient) -> None:
    text = "I failed the exam twice, how do I tell my mother?"
    asked = [("acme", "u1"), ("acme", "u1"), ("acme", "u2"), ("globex", "u1"), ("initech", "u1"), ("initech", "u2")]
    hits = [(await ask(router, tenant, text, context={"user_id": user}))["cache_hit"] for tenant, user in asked]
    assert hits == [False, True, False, False, False, True]
    assert not (await ask(router, "hooli", text, context={"user_id": "u9"}))["cache_hit"]  # new to hooli, so it looks new
    assert (await ask(router, "hooli", text, context={"user_id": "u8"}))["cache_hit"]


async def test_callers_without_a_tenant_are_counted_each(router: httpx2.AsyncClient) -> None:
    text = "시험에 두 번 떨어졌는데 엄마한테 어떻게 말하죠?"
    hits = []
    for user in ("u1", "u2", "u3", "u4", "u4"):
        sent = {"user_input": text, "context": {"user_id": user}}
        answer = await router.post("/api/v2/process", json=sent, headers={"x-api-key": STRANGERS.secret})
        hits.append(answer.json()["performance"]["cache_hit"])
    assert hits == [False, False, False, False, True]


async def test_the_editorial_list_is_for_all_at_once(router: httpx2.AsyncClient) -> None:
    text = load_questions()[0].en
    assert [(await ask(router, tenant, text))["cache_hit"] for tenant in TENANTS[:2]] == [False, True]


async def test_the_same_bytes_of_two_tenants_are_two_questions(router: httpx2.AsyncClient) -> None:
    """The fast path knows a body again by its bytes."""
    text = "How do I prepare for a quiet week?"
    for _ in range(3):
        known = await ask(router, "acme", text)
    assert known["cache_hit"]
    assert not (await ask(router, "globex", text))["cache_hit"]
    assert not (await ask(router, "umbrella", text, use_cache=False))["cache_hit"]
