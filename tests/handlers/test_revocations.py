"""Revoked tokens are refused in every instance within the declared time, and nobody else's with them."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring import clients
from ion_mentoring.wiring.router import build
from tests.access.broken_tokens import SECRET, good, signed
from tests.fakes import client

PATH, ASK = "/api/v2/token-revocations", {"text": "I am tired"}
ISSUERS = (
    f'[{{"issuer": "iss", "audience": "ion", "secret": "{SECRET}", "algorithms": ["HS256"], "roles": ["mentee", "admin"]}},'
    f'{{"issuer": "acme", "audience": "ion", "secret": "{SECRET}", "algorithms": ["HS256"], "roles": ["mentee", "admin"],'
    '"tenant": "acme"}]'
)


def token(**claims: Any) -> dict[str, str]:
    return {"authorization": f"Bearer {signed(good(time.time(), **claims))}"}


class Instances:
    """Two instances over one store."""

    def __init__(self, first: httpx2.AsyncClient, second: httpx2.AsyncClient) -> None:
        self.first, self.second = first, second

    async def statuses(self, headers: dict[str, str]) -> list[int]:
        return [
            (await one.post("/api/v2/resonance", json=ASK, headers=headers)).status_code for one in (self.first, self.second)
        ]

    async def revoke(self, body: dict[str, str], **claims: Any) -> httpx2.Response:
        return await self.first.post(PATH, json=body, headers=token(**{"sub": "boss", "roles": ["admin"], **claims}))

    async def until(self, statuses: list[int], headers: dict[str, str], within_s: float) -> None:
        over = time.monotonic() + within_s
        while await self.statuses(headers) != statuses:
            assert time.monotonic() < over, await self.statuses(headers)
            await asyncio.sleep(0.1)


@pytest.fixture(params=["with L2", "without L2"])
async def instances(request: pytest.FixtureRequest, cloud_settings: dict[str, str], tmp_path: Path) -> AsyncIterator[Instances]:
    settings = {**cloud_settings, "JWT_ISSUERS": ISSUERS, "STORE": f"sqlite:///{tmp_path}/ion.sqlite3"}
    if request.param == "with L2":
        settings |= {"CACHE_URL": request.getfixturevalue("shared_url"), "CACHE_MAX_UNVERIFIED_S": "1"}
    else:
        settings |= {"CACHE_MAX_UNVERIFIED_S": "1"}
    async with AsyncExitStack() as stack:
        made = [await stack.enter_async_context(client(build(RouterSettings.read(settings)))) for _ in range(2)]
        yield Instances(*made)
    await clients.close()


async def test_a_token_that_was_revoked_is_refused_everywhere_and_its_owner_gets_another(instances: Instances) -> None:
    lost, other = token(jti="t-1"), token(jti="t-2")
    assert await instances.statuses(lost) == [200, 200]
    response = await instances.revoke({"by": "jti", "value": "t-1"})
    assert response.status_code == 200, response.text
    assert (response.json()["value"], response.json()["tenant"], response.json()["everywhere_within_s"]) == (
        "t-1",
        "default",
        1,
    )
    await instances.until([401, 401], lost, 4)
    assert await instances.statuses(other) == [200, 200]
    assert await instances.statuses(token(jti="t-1", iss="acme")) == [200, 200], "another tenant's token of the same name"


async def test_what_a_subject_was_given_until_then_is_refused_and_what_comes_later_is_not(instances: Instances) -> None:
    before, undated = token(), token(iat=...)
    assert await instances.statuses(before) == [200, 200]
    assert (await instances.revoke({"by": "subject", "value": "kim"})).status_code == 200
    await instances.until([401, 401], before, 4)
    assert await instances.statuses(undated) == [401, 401]
    assert await instances.statuses(token(iat=int(time.time()) + 2)) == [200, 200]
    assert await instances.statuses(token(sub="lee")) == [200, 200]


async def test_only_admins_revoke_and_only_for_their_tenant_unless_they_are_the_services(instances: Instances) -> None:
    assert (await instances.revoke({"by": "jti", "value": "t"}, roles=["mentee"])).status_code == 403
    assert (await instances.first.post(PATH, json={"by": "jti", "value": "t"})).status_code == 401
    assert (await instances.revoke({"by": "jti", "value": "t"}, iss="acme")).json()["tenant"] == "acme"
    refused = await instances.revoke({"by": "jti", "value": "t", "tenant": "default"}, iss="acme")
    assert (refused.status_code, refused.json()["error"]["field"]) == (403, "tenant")
    assert (await instances.revoke({"by": "subject", "value": "kim", "tenant": "acme"})).json()["tenant"] == "acme"
    await instances.until([401, 401], token(iss="acme"), 4)
    assert await instances.statuses(token()) == [200, 200]


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "by"), ({"by": "jti"}, "value"), ({"by": "iss", "value": "x"}, "by"), ({"by": "jti", "value": "x" * 257}, "value")],
)
async def test_what_revokes_nothing_is_refused(cloud_settings: dict[str, str], body: dict[str, str], field: str) -> None:
    async with client(build(RouterSettings.read({**cloud_settings, "JWT_ISSUERS": ISSUERS}))) as asked:
        response = await asked.post(PATH, json=body, headers=token(sub="boss", roles=["admin"]))
    assert (response.status_code, response.json()["error"]["field"]) == (422, field)
