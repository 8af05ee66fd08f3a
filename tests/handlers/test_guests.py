"""Guests at the router's door: a pass where the tenant of the host has guests, an answer, and nothing that stays."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build
from tests.fakes import client

QUESTION = {"user_input": "I failed my exam and I feel like a fraud"}
TENANTS: list[dict[str, Any]] = [
    {"tenant": "acme", "hosts": ["acme.ion.example"], "guests": {"per_day": 3, "network_per_day": 5}},
    {"tenant": "school", "guests": {}},
]
KEY = new_key("acme/web", Role.SERVICE)
AT_ACME = {"host": "acme.ion.example"}


@pytest.fixture
async def router(cloud_settings: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    settings = {**cloud_settings, "API_KEYS": KEY.line, "CONSOLE_TENANTS": json.dumps(TENANTS)}
    async with client(build(RouterSettings.read(settings))) as asked:
        yield asked


async def admitted(router: httpx2.AsyncClient, **headers: str) -> dict[str, str]:
    given = await router.post("/api/v2/guests", headers={**AT_ACME, **headers})
    assert given.status_code == 200
    return {**AT_ACME, "authorization": f"Bearer {given.json()['token']}"}


async def asked(router: httpx2.AsyncClient, headers: dict[str, str], **more: Any) -> httpx2.Response:
    return await router.post("/api/v2/process", json={**QUESTION, **more}, headers=headers)


async def test_a_guest_asks_until_the_day_is_used_up(router: httpx2.AsyncClient) -> None:
    guest = await admitted(router)
    for left in (2, 1, 0):
        response = await asked(router, guest)
        assert response.status_code == 200
        assert f'"guest";r={left};' in response.headers["ratelimit"]
    refused = await asked(router, guest)
    assert (refused.status_code, refused.json()["error"]["details"]["policy"]) == (429, "guest")
    assert int(refused.headers["retry-after"]) > 80_000


async def test_a_new_pass_is_no_new_day_of_the_network(router: httpx2.AsyncClient) -> None:
    statuses = [(await asked(router, await admitted(router))).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]


async def test_each_host_admits_its_own_guests_or_nobody(cloud_settings: dict[str, str], router: httpx2.AsyncClient) -> None:
    passes = [await router.post("/api/v2/guests", headers={"host": host}) for host in ("acme.ion.example", "x")]
    tokens = [given.json()["token"] for given in passes]
    assert [token.split(".")[1] for token in tokens] == ["acme", "school"]
    async with client(build(RouterSettings.read({**cloud_settings, "API_KEYS": KEY.line}))) as without:
        assert (await without.post("/api/v2/guests", headers=AT_ACME)).status_code == 404
        headers = {**AT_ACME, "authorization": f"Bearer {tokens[0]}"}
        assert (await asked(without, headers)).status_code == 401


async def test_nothing_of_a_guest_is_kept(router: httpx2.AsyncClient) -> None:
    guest = await admitted(router)
    for context, field in (({"session_id": "s1"}, "context.session_id"), ({"user_id": "kim"}, "context.user_id")):
        refused = await asked(router, guest, context=context)
        assert (refused.status_code, refused.json()["error"]["field"]) == (403, field)
    history = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]
    answer = await asked(router, guest, context={"message_history": history})
    assert answer.status_code == 200
    for method, path in (
        ("GET", "/api/v2/sessions"),
        ("GET", f"/api/v2/answers/{answer.json()['request_id']}/why"),
        ("POST", "/api/v2/feedback"),
        ("POST", "/api/v2/chat/multi-persona"),
        ("DELETE", "/api/v2/users/me"),
    ):
        body: Any = {"json": {}} if method == "POST" else {}
        assert (await router.request(method, path, headers=guest, **body)).status_code == 401


async def test_the_time_of_an_answer_does_not_tell_people_of_a_tenant_and_its_guests_of_each_other(
    router: httpx2.AsyncClient,
) -> None:
    question = {"user_input": "How do I water plants while I learn the oboe?"}
    people, guests = {**AT_ACME, "x-api-key": KEY.secret}, [await admitted(router), await admitted(router)]
    hits = [
        (await router.post("/api/v2/process", json=question, headers=headers)).json()["performance"]["cache_hit"]
        for headers in (guests[0], guests[1], people, people)
    ]
    assert hits == [False, True, False, True]


async def test_what_a_tenants_service_sent_before_is_no_short_way_for_a_guest(router: httpx2.AsyncClient) -> None:
    context = {"user_id": "kim"}
    assert (await asked(router, {**AT_ACME, "x-api-key": KEY.secret}, context=context)).status_code == 200
    assert (await asked(router, await admitted(router), context=context)).status_code == 403
