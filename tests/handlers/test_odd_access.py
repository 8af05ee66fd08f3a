"""Odd access at the doors of a router in prod: six kinds, one event each, and nothing of it where people just ask."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import NewKey, new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.access.odd_access import RULES
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build
from tests.fakes import client

ASK = {"user_input": "How do I prepare for an interview?"}
BOSS = new_key("acme/boss", Role.ADMIN)
ODD = {*RULES, "shut_out"}

Events = Callable[[], list[tuple[str, str]]]


@pytest.fixture
async def router(cloud_settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx2.AsyncClient]:
    monkeypatch.setattr("ion_mentoring.access.odd_access.SLOWED_S", 0)
    limits = {"RATE_LIMITS": "service=2000 admin=2000", "API_KEYS": f"{cloud_settings['API_KEYS']},{BOSS.line}"}
    async with client(build(RouterSettings.read({**cloud_settings, **limits}))) as asked:
        yield asked


@pytest.fixture
def events(capfd: pytest.CaptureFixture[str]) -> Callable[[], Any]:
    async def odd() -> list[tuple[str, str]]:
        await asyncio.sleep(0.01)  # lines of one tick of the loop leave together
        lines = [json.loads(line) for line in capfd.readouterr().out.splitlines() if line.startswith("{")]
        return [(line["kind"], line["who"]) for line in lines if line["message"] == "SecurityEvent" and line["kind"] in ODD]

    return odd


def by(key: NewKey | str, network: str = "203.0.113.7") -> dict[str, str]:
    secret = key if isinstance(key, str) else key.secret
    return {"x-api-key": secret, "x-forwarded-for": f"{network}, 35.191.0.1", "x-forwarded-proto": "https"}


async def statuses(router: httpx2.AsyncClient, count: int, method: str, path: str, **sent: Any) -> list[int]:
    return [(await router.request(method, path, **sent)).status_code for _ in range(count)]


async def ask(router: httpx2.AsyncClient, headers: dict[str, str], **more: Any) -> int:
    return (await router.post("/api/v2/process", json={**ASK, **more}, headers=headers)).status_code


async def test_ids_that_are_guessed(router: httpx2.AsyncClient, events: Any, service_key: NewKey) -> None:
    asked = [(await router.get(f"/api/v2/sessions/{number}", headers=by(service_key))).status_code for number in range(65)]
    assert asked == [404] * 60 + [429] * 5
    refused = await router.get("/api/v2/batches/b-1", headers=by(service_key))
    assert (refused.status_code, 1 <= int(refused.headers["retry-after"]) <= 60) == (429, True)
    assert await ask(router, by(service_key)) == 200
    assert (await router.get("/api/v2/sessions/1", headers=by(service_key, "198.51.100.1"))).status_code == 404
    assert await events() == [("enumeration", "key:acme")]


async def test_refused_administration(router: httpx2.AsyncClient, events: Any, service_key: NewKey) -> None:
    found = await statuses(router, 22, "POST", "/api/v2/cache/clear", headers=by(service_key))
    assert found == [403] * 20 + [429] * 2
    assert await statuses(router, 22, "GET", "/api/v2/api-keys", headers={"x-forwarded-for": "198.51.100.9, 35.191.0.1"}) == (
        [401] * 20 + [429] * 2
    )
    assert await ask(router, by(service_key)) == 200
    assert (await router.get("/api/v2/api-keys", headers=by(BOSS))).status_code == 200
    (mine, stranger) = await events()
    assert mine == ("refused_administration", "key:acme")
    assert "198.51" not in stranger[1]


async def test_sudden_volume(router: httpx2.AsyncClient, events: Any, mentee_key: NewKey, service_key: NewKey) -> None:
    found = await statuses(router, 210, "GET", "/api/v2/status", headers=by(mentee_key))
    assert (found.count(200), found.count(429)) == (100, 110)
    assert await ask(router, by(service_key)) == 200
    assert await events() == [("volume", "key:kim")]


async def test_probing_of_the_cache(router: httpx2.AsyncClient, events: Any, service_key: NewKey) -> None:
    found = [await ask(router, by(service_key), use_cache=number % 2 == 1) for number in range(62)]
    assert found == [200] * 61 + [200]
    assert await ask(router, by(service_key), use_cache=False) == 429
    assert await ask(router, by(service_key)) == 200
    assert await events() == [("cache_probing", "key:acme")]


async def test_a_key_from_everywhere(router: httpx2.AsyncClient, events: Any, service_key: NewKey) -> None:
    most = RULES["many_networks"].most
    found = [await ask(router, by(service_key, f"198.51.{number}.1")) for number in range(most + 3)]
    assert found == [200] * most + [429] * 3
    assert await ask(router, by(service_key, "198.51.0.200")) == 200
    assert await events() == [("many_networks", "key:acme")]


async def test_guessed_credentials_shut_their_64_out_and_not_the_owner(
    router: httpx2.AsyncClient, events: Any, service_key: NewKey
) -> None:
    wrong = service_key.secret[:-1] + ("0" if service_key.secret[-1] != "0" else "1")
    found = [await ask(router, by(wrong, f"2001:db8:7:7::{number:x}")) for number in range(1, 63)]
    assert (found.count(401), found.count(429)) == (60, 2)
    refused = await router.post("/api/v2/process", json=ASK, headers=by(service_key, "2001:db8:7:7:9::1"))
    assert (refused.status_code, int(refused.headers["retry-after"]) >= 1) == (429, True)
    assert await ask(router, by(service_key, "2001:db8:7:8::1")) == 200
    assert [kind for kind, _ in await events()] == ["shut_out"]


async def test_people_who_just_ask_are_never_odd(
    router: httpx2.AsyncClient, events: Any, service_key: NewKey, mentee_key: NewKey
) -> None:
    """As much as a busy minute of one service has, with the mistakes that people make, from a dozen networks."""
    for number in range(120):
        headers = by(service_key, f"198.51.{number % 12}.{number}")
        context = {"user_id": f"u{number % 40}", "session_id": f"s{number % 40}"}
        await router.post(
            "/api/v2/process", json={"user_input": f"How do I begin, {number % 30}?", "context": context}, headers=headers
        )
        if number % 4 == 0:
            await router.get(f"/api/v2/sessions/s{number % 40}?user_id=u{number % 40}", headers=headers)
            await router.get(f"/api/v2/sessions/old-{number}?user_id=u{number % 40}", headers=headers)
        if number % 20 == 0:
            await ask(router, headers, use_cache=False)
            await router.post("/api/v2/process", json={"user_input": ""}, headers=headers)
            await router.post("/api/v2/cache/clear", headers=by(mentee_key))
            await ask(router, by("ion_mistyped"))
    assert await events() == []
