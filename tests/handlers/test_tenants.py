"""One tenant's users and sessions are no other's; a mentee is the user that its token names; what was stored before goes on."""

import hashlib
import sqlite3
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import jwt
import pytest

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build
from ion_mentoring.wiring.stores import sqlite_database
from tests.access.broken_tokens import SECRET
from tests.fakes import client

PROCESS = "/api/v2/process"
INSERT = "INSERT INTO turns (conversation, entry, place, role, content, at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
KEYS = {owner: new_key(owner, Role.SERVICE) for owner in ("old", "acme/web", "acme/batch", "other/web")}
BOSS = new_key("acme/boss", Role.ADMIN)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "ion.sqlite3"


@pytest.fixture
async def router(cloud_settings: dict[str, str], store: Path) -> AsyncIterator[httpx2.AsyncClient]:
    tokens = {"JWT_KEY": SECRET, "JWT_ALGORITHM": "HS256", "JWT_ISSUER": "iss", "JWT_AUDIENCE": "ion"}
    keys = ",".join(key.line for key in (*KEYS.values(), BOSS))
    settings = {**cloud_settings, **tokens, "STORE": f"sqlite:///{store}", "API_KEYS": keys}
    async with client(build(RouterSettings.read(settings))) as asked:
        yield asked


def by_key(owner: str) -> dict[str, str]:
    return {"x-api-key": KEYS[owner].secret}


def by_token(subject: str) -> dict[str, str]:
    claims = {"sub": subject, "iss": "iss", "aud": "ion", "exp": time.time() + 60}
    return {"authorization": f"Bearer {jwt.encode(claims, SECRET)}"}


def question(text: str = "I feel stuck", **context: str) -> dict[str, object]:
    return {"user_input": text, "context": context}


def digest(owner: str, session: str) -> str:
    return hashlib.sha256(f"{owner}\0{session}".encode()).hexdigest()


def turns(store: Path) -> dict[str, int]:
    """The number of turns of each conversation."""
    with sqlite3.connect(store) as database:
        return dict(database.execute("SELECT conversation, COUNT(*) FROM turns GROUP BY conversation").fetchall())


async def test_a_conversation_from_before_there_were_tenants_goes_on(router: httpx2.AsyncClient, store: Path) -> None:
    database = sqlite_database(str(store))
    at = datetime.now(UTC) - timedelta(days=3)
    times = (at.isoformat(timespec="microseconds"), (at + timedelta(days=30)).isoformat(timespec="microseconds"))
    written = [
        (digest(owner, "s1"), "e", place, role, "hello", *times)
        for owner in ("key:old/u1", "key:old/", "sub:kim/", "sub:kim/kim")
        for place, role in enumerate(("user", "assistant"))
    ]
    await database.write(INSERT, written)
    await database.write("DELETE FROM sealing_steps", [()])  # as in a file that had these rows when sealing came
    await database.close()
    for context, credential in (
        ({"user_id": "u1"}, by_key("old")),
        ({}, by_key("old")),
        ({}, by_token("kim")),
        ({"user_id": "kim"}, by_token("kim")),
    ):
        asked = await router.post(PROCESS, json=question(session_id="s1", **context), headers=credential)
        assert asked.status_code == 200
        shown = (await router.get("/api/v2/sessions/s1", params=context, headers=credential)).json()
        assert [turn["role"] for turn in shown["turns"]] == ["user", "assistant"] * 2
        assert shown["turns"][0]["content"] == "hello"


async def test_keys_of_one_tenant_share_a_user_and_another_tenant_has_its_own(router: httpx2.AsyncClient, store: Path) -> None:
    for owner in KEYS:
        await router.post(PROCESS, json=question(user_id="u1", session_id="s1"), headers=by_key(owner))
    assert sorted(turns(store).values()) == [2, 2, 4]


async def test_a_private_answer_is_known_again_within_its_tenant_alone(router: httpx2.AsyncClient) -> None:
    layers = {}
    for owner in KEYS:
        asked = question("I am John Smith and my boss hates me", user_id="u1")
        answer = await router.post(PROCESS, json=asked, headers=by_key(owner))
        layers[owner] = answer.json()["performance"]["cache_layer"]
    assert layers == {"old": None, "acme/web": None, "acme/batch": "L1", "other/web": None}


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
async def test_a_mentee_who_names_another_user_is_refused(router: httpx2.AsyncClient, accept: str) -> None:
    for _ in range(3):  # the service's question is understood by then
        assert (await router.post(PROCESS, json=question(user_id="lee"), headers=by_key("old"))).status_code == 200
    for context, status in (({"user_id": "lee"}, 403), ({"user_id": "kim"}, 200), ({}, 200)):
        asked = await router.post(PROCESS, json=question(**context), headers={**by_token("kim"), "accept": accept})
        assert asked.status_code == status
        if status == 403:
            assert (asked.json()["error"]["code"], asked.json()["error"]["field"]) == ("FORBIDDEN", "context.user_id")
    assert (await router.post(PROCESS, json=question(user_id="lee"), headers=by_token("lee"))).status_code == 200


async def test_v1_refuses_another_user_in_its_own_form(router: httpx2.AsyncClient) -> None:
    refused = await router.post("/chat", json={"message": "hello", "user_id": "lee"}, headers=by_token("kim"))
    assert (refused.status_code, set(refused.json())) == (403, {"detail"})


async def test_the_admin_of_a_tenant_is_no_admin_of_the_service(router: httpx2.AsyncClient) -> None:
    boss = {"x-api-key": BOSS.secret}
    assert (await router.post("/api/v2/cache/clear", headers=boss)).status_code == 403
    assert (await router.get("/api/v2/cache-stats", headers=boss)).status_code == 403
    assert "cost" not in (await router.get("/api/v2/status", headers=boss)).json()
    assert (await router.post(PROCESS, json=question(), headers=boss)).status_code == 200
