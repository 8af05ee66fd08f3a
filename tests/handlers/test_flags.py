"""Flags over HTTP: seen and turned by operators of the service, in the audit log, known to other instances."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.mentoring.auditing.verify import verify
from ion_mentoring.settings.audit import AuditSettings
from ion_mentoring.wiring.auditing import audit_keys
from ion_mentoring.wiring.stores import stores
from tests.fakes import client
from tests.handlers.signed_in import headers_of, open_to

PATH = "/api/v2/flags"
KEYS = {
    "ops": new_key("ops", Role.OPERATOR),
    "boss": new_key("boss", Role.ADMIN),
    "web": new_key("web", Role.SERVICE),
    "acme/ops": new_key("acme/ops", Role.OPERATOR),
}


@pytest.fixture
def settings(cloud_settings: dict[str, str], tmp_path: Path) -> dict[str, str]:
    return {**cloud_settings, "STORE": f"sqlite:///{tmp_path}/ion.sqlite3", "CACHE_MAX_UNVERIFIED_S": "1"}


@pytest.fixture
async def instances(settings: dict[str, str]) -> AsyncIterator[list[httpx2.AsyncClient]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(client(open_to(KEYS, settings))) for _ in range(2)]


def by(who: str, **headers: str) -> dict[str, str]:
    return {**headers_of(KEYS, who), **headers}


async def flag(router: httpx2.AsyncClient, name: str = "exploration", **query: str) -> Any:
    found = await router.get(PATH, params=query, headers=by("ops"))
    assert found.status_code == 200, found.text
    return next(one for one in found.json()["flags"] if one["name"] == name)


async def test_a_flag_tells_what_holds_and_why_in_the_readers_language(instances: list[httpx2.AsyncClient]) -> None:
    router = instances[0]
    before = await flag(router)
    assert before["evaluation"] == {"value": 0.0, "variant": "off", "reason": "DEFAULT", "error_code": None}
    assert (before["type"], before["default"], before["past"], before["chosen"]) == ("float", "off", False, [])
    assert before["variants"]["often"] == 0.2
    korean = (await router.get(PATH, headers=by("boss", **{"accept-language": "ko"}))).json()["flags"][0]
    assert "확률" in korean["says"]


async def test_a_turn_is_for_all_or_for_a_tenant_until_it_is_taken_back(instances: list[httpx2.AsyncClient]) -> None:
    router = instances[0]
    turned = await router.put(f"{PATH}/exploration", json={"variant": "seldom"}, headers=by("ops"))
    assert (turned.status_code, turned.json()["everywhere_within_s"]) == (200, 1.0)
    assert turned.json()["flag"]["evaluation"]["reason"] == "STATIC"
    await router.put(f"{PATH}/exploration", json={"variant": "often", "tenant": "acme"}, headers=by("ops"))
    assert (await flag(router, tenant="acme"))["evaluation"]["reason"] == "TARGETING_MATCH"
    found = await flag(router)
    assert [(one["tenant"], one["variant"]) for one in found["chosen"]] == [(None, "seldom"), ("acme", "often")]
    assert found["evaluation"]["value"] == 0.02
    for query in ({"tenant": "acme"}, {}):
        assert (await router.delete(f"{PATH}/exploration", params=query, headers=by("ops"))).status_code == 200
    assert (await flag(router))["chosen"] == []


async def test_other_instances_know_within_the_declared_time(instances: list[httpx2.AsyncClient]) -> None:
    one, other = instances
    assert (await flag(other))["evaluation"]["variant"] == "off"
    await one.put(f"{PATH}/exploration", json={"variant": "often"}, headers=by("ops"))
    over = time.monotonic() + 5
    while (await flag(other))["evaluation"]["variant"] != "often":
        assert time.monotonic() < over
        await asyncio.sleep(0.1)


async def test_nobody_else_sees_or_turns_them(instances: list[httpx2.AsyncClient]) -> None:
    router = instances[0]
    for who, status in (("web", 403), ("acme/ops", 403), ("kim", 403)):
        assert (await router.get(PATH, headers=by(who))).status_code == status
        assert (await router.put(f"{PATH}/exploration", json={"variant": "often"}, headers=by(who))).status_code == status
        assert (await router.delete(f"{PATH}/exploration", headers=by(who))).status_code == status
    assert (await router.get(PATH)).status_code == 401
    assert (await flag(router))["chosen"] == []


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        ("another", {"variant": "off"}, 404, None),
        ("exploration", {"variant": "always"}, 422, "variant"),
        ("exploration", {}, 422, "variant"),
        ("exploration", {"variant": 0.2}, 422, "variant"),
        ("exploration", {"variant": "off", "tenant": "Acme!"}, 422, "tenant"),
    ],
)
async def test_what_is_no_turn_is_refused(
    instances: list[httpx2.AsyncClient], path: str, body: dict[str, Any], status: int, field: str | None
) -> None:
    refused = await instances[0].put(f"{PATH}/{path}", json=body, headers=by("ops"))
    assert (refused.status_code, refused.json()["error"]["field"]) == (status, field), refused.text
    for call in (instances[0].get(PATH, params={"tenant": "Acme!"}, headers=by("ops")),):
        assert (await call).json()["error"]["field"] == "tenant"


async def test_turns_are_in_the_audit_log(instances: list[httpx2.AsyncClient], settings: dict[str, str]) -> None:
    router = instances[0]
    await router.put(f"{PATH}/exploration", json={"variant": "often", "tenant": "acme"}, headers=by("ops"))
    await router.put(f"{PATH}/exploration", json={"variant": "always"}, headers=by("ops"))
    await router.delete(f"{PATH}/console_worker", headers=by("boss"))
    found = await verify(stores(settings["STORE"]).audit, audit_keys(AuditSettings.read(settings)), datetime.now(UTC))
    assert [(one.kind, one.outcome, one.facts) for one in found.records] == [
        ("flag_turned", "done", {"flag": "exploration", "variant": "often"}),
        ("flag_turned", "VALIDATION_ERROR", {"flag": "exploration"}),
        ("flag_turned", "done", {"flag": "console_worker", "variant": "-"}),
    ]
    assert not found.findings
