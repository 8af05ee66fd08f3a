"""Keys over HTTP: issued once, listed without secrets, rotated, revoked, by the admins of their tenant alone."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring import clients
from ion_mentoring.wiring.router import build
from tests.fakes import client

KEYS = "/api/v2/api-keys"
ASK = {"user_input": "How do I prepare for an interview?"}
ROOT, BOSS = new_key("root", Role.ADMIN), new_key("acme/boss", Role.ADMIN, 9)


@pytest.fixture
async def router(cloud_settings: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    settings = {**cloud_settings, "API_KEYS": f"{ROOT.line},{BOSS.line}", "CACHE_MAX_UNVERIFIED_S": "0"}
    async with client(build(RouterSettings.read(settings))) as asked:
        yield asked


def by(secret: str) -> dict[str, str]:
    return {"x-api-key": secret}


async def issued(router: httpx2.AsyncClient, by_key: str = BOSS.secret, **order: Any) -> Any:
    answer = await router.post(KEYS, json={"name": "web", "role": "service", **order}, headers=by(by_key))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def ask(router: httpx2.AsyncClient, secret: str) -> int:
    return (await router.post("/api/v2/process", json=ASK, headers=by(secret))).status_code


async def test_a_key_is_shown_once_opens_and_is_listed_by_its_beginning(router: httpx2.AsyncClient) -> None:
    made = await issued(router, requests_per_minute=50, monthly_tokens=1_000)
    assert re.fullmatch(r"ion_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}", made["api_key"])
    assert await ask(router, made["api_key"]) == 200
    listed = (await router.get(KEYS, headers=by(BOSS.secret))).json()["keys"]
    assert made["api_key"] not in str(listed)
    (key,) = [one for one in listed if not one["bootstrap"]]
    assert key["last_used_at"] is not None
    assert {**key, "last_used_at": None} == made["key"]
    assert key["prefix"] == made["api_key"][:16]
    assert (key["tenant"], key["scopes"], key["monthly_tokens"]) == ("acme", ["ask", "many"], 1_000)


async def test_bootstrap_keys_are_listed_as_what_they_are(router: httpx2.AsyncClient) -> None:
    (key,) = (await router.get(KEYS, headers=by(BOSS.secret))).json()["keys"]
    assert (key["name"], key["bootstrap"], key["id"], key["monthly_tokens"]) == ("boss", True, None, 9)


async def test_a_key_is_for_its_scopes_alone(router: httpx2.AsyncClient) -> None:
    made = await issued(router, scopes=["ask"])
    assert await ask(router, made["api_key"]) == 200
    bulk = await router.post("/api/v2/bulk-process", json={"requests": [ASK]}, headers=by(made["api_key"]))
    assert (bulk.status_code, bulk.json()["error"]["details"]) == (403, {"needs": ["many"]})
    admin = await issued(router, role="admin", scopes=["ask"])
    assert (await router.get(KEYS, headers=by(admin["api_key"]))).status_code == 403


async def test_a_rotated_key_opens_with_both_secrets_and_a_revoked_one_with_none(router: httpx2.AsyncClient) -> None:
    made = await issued(router)
    path = f"{KEYS}/{made['key']['id']}"
    rotated = (await router.post(f"{path}/rotate", json={"overlap_s": 60}, headers=by(BOSS.secret))).json()
    assert rotated["key"]["id"] == made["key"]["id"]
    assert rotated["key"]["rotating_until"] is not None
    assert [await ask(router, one["api_key"]) for one in (made, rotated)] == [200, 200]
    revoked = await router.delete(path, headers=by(BOSS.secret))
    assert (revoked.status_code, revoked.json()["everywhere_within_s"]) == (200, 0)
    assert [await ask(router, one["api_key"]) for one in (made, rotated)] == [401, 401]
    assert (await router.delete(path, headers=by(BOSS.secret))).status_code == 404


async def test_the_same_order_under_an_idempotency_key_is_one_key(router: httpx2.AsyncClient) -> None:
    headers = {**by(BOSS.secret), "idempotency-key": "order-1"}
    first, again = [await router.post(KEYS, json={"name": "a", "role": "mentee"}, headers=headers) for _ in range(2)]
    assert first.json()["api_key"] == again.json()["api_key"]
    assert len((await router.get(KEYS, headers=by(BOSS.secret))).json()["keys"]) == 2


async def test_the_service_issues_keys_of_any_tenant_and_a_tenant_its_own(router: httpx2.AsyncClient) -> None:
    theirs = await issued(router, ROOT.secret, tenant="globex", role="admin")
    assert theirs["key"]["tenant"] == "globex"
    assert (await issued(router, theirs["api_key"]))["key"]["tenant"] == "globex"
    refused = await router.post(KEYS, json={"name": "a", "role": "mentee", "tenant": "globex"}, headers=by(BOSS.secret))
    assert refused.status_code == 403
    assert (await router.get(KEYS, params={"tenant": "globex"}, headers=by(BOSS.secret))).status_code == 403
    assert len((await router.get(KEYS, params={"tenant": "globex"}, headers=by(ROOT.secret))).json()["keys"]) == 2
    foreign = await router.delete(f"{KEYS}/{theirs['key']['id']}", headers=by(BOSS.secret))
    absent = await router.delete(f"{KEYS}/absent", headers=by(BOSS.secret))
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json()["error"] == absent.json()["error"]


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({"role": "king"}, "role"),
        ({"name": ""}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"scopes": ["fly"]}, "scopes.0"),
        ({"scopes": ["operate"]}, "scopes"),
        ({"expires_at": "2026-12-01T00:00:00"}, "expires_at"),
        ({"expires_at": "2020-12-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-23:00"}, "expires_at"),
        ({"monthly_tokens": -1}, "monthly_tokens"),
        ({"requests_per_minute": 0}, "requests_per_minute"),
        ({"tenant": "A B"}, "tenant"),
    ],
)
async def test_a_field_that_breaks_its_rule_is_named(router: httpx2.AsyncClient, order: dict[str, Any], field: str) -> None:
    refused = await router.post(KEYS, json={"name": "web", "role": "service", **order}, headers=by(BOSS.secret))
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, field)


async def test_a_key_that_one_instance_revokes_opens_nothing_in_another(
    cloud_settings: dict[str, str], valkey_port: int, tmp_path: Path
) -> None:
    """Two routers over one store and one L2; the first use of the second reads the store, the next ones nothing."""
    shared = {
        **cloud_settings,
        "API_KEYS": BOSS.line,
        "STORE": f"sqlite:///{tmp_path}/ion.sqlite3",
        "CACHE_URL": f"redis://127.0.0.1:{valkey_port}",
        "CACHE_MAX_UNVERIFIED_S": "0.5",
    }
    async with client(build(RouterSettings.read(shared))) as one, client(build(RouterSettings.read(shared))) as other:
        made = await issued(one)
        assert [await ask(router, made["api_key"]) for router in (one, other, other)] == [200, 200, 200]
        revoked = await one.delete(f"{KEYS}/{made['key']['id']}", headers=by(BOSS.secret))
        assert revoked.json()["everywhere_within_s"] == 0.5
        await asyncio.sleep(0.5)
        assert [await ask(router, made["api_key"]) for router in (one, other)] == [401, 401]
    await clients.close()
