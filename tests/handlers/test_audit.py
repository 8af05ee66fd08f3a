"""What those with power over others do is in the audit log, with who, whose, from where and the outcome, and without a name."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from infra import audit_log
from ion_mentoring.access.api_keys import NewKey, new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.mentoring.auditing.verify import Verified, verify
from ion_mentoring.settings.audit import AuditSettings
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.auditing import audit_keys
from ion_mentoring.wiring.router import build
from ion_mentoring.wiring.stores import stores
from tests.fakes import client

ROOT, BOSS = new_key("root", Role.ADMIN), new_key("acme/boss", Role.ADMIN)
ASK = {"user_input": "How do I prepare for an interview?", "context": {"session_id": "s1", "user_id": "jieun"}}
HERE = {"x-forwarded-for": "203.0.113.7, 35.191.0.1", "x-forwarded-proto": "https"}


@pytest.fixture
def settings(cloud_settings: dict[str, str], tmp_path: Path) -> dict[str, str]:
    keys = ",".join((cloud_settings["API_KEYS"], ROOT.line, BOSS.line))
    return {**cloud_settings, "API_KEYS": keys, "STORE": f"sqlite:///{tmp_path}/ion.sqlite3"}


@pytest.fixture
async def router(settings: dict[str, str]) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(build(RouterSettings.read(settings))) as asked:
        yield asked


def by(key: NewKey) -> dict[str, str]:
    return {"x-api-key": key.secret, **HERE}


async def written(settings: dict[str, str]) -> Verified:
    audit = stores(settings["STORE"]).audit
    return await verify(audit, audit_keys(AuditSettings.read(settings)), datetime.now(UTC))


async def test_keys_caches_tokens_and_others_sessions_are_in_it(
    router: httpx2.AsyncClient, settings: dict[str, str], service_key: NewKey
) -> None:
    made = await router.post("/api/v2/api-keys", json={"name": "Kim's laptop", "role": "service"}, headers=by(BOSS))
    path = f"/api/v2/api-keys/{made.json()['key']['id']}"
    assert (await router.post(f"{path}/rotate", json={"overlap_s": 0}, headers=by(BOSS))).status_code == 200
    assert (await router.delete(path, headers=by(ROOT))).status_code == 200
    assert (await router.post("/api/v2/cache/invalidate?pattern=kim*", headers=by(ROOT))).status_code == 200
    revoked = {"by": "subject", "value": "jieun"}
    assert (await router.post("/api/v2/token-revocations", json=revoked, headers=by(BOSS))).status_code == 200
    assert (await router.post("/api/v2/process", json=ASK, headers=by(service_key))).status_code == 200
    whose = {"caller": "key:acme", "user_id": "jieun"}
    for method, session in (("GET", ""), ("GET", "/s1"), ("DELETE", "/s1")):
        answer = await router.request(method, f"/api/v2/sessions{session}", params=whose, headers=by(ROOT))
        assert answer.status_code == 200, answer.text
    assert (await router.get("/api/v2/feedback", params=whose, headers=by(ROOT))).status_code == 200
    assert (await router.get("/api/v2/feedback/export", headers=by(ROOT))).status_code == 200
    verified = await written(settings)
    keys = audit_keys(AuditSettings.read(settings))
    owner = keys.pseudonym("key:acme/jieun")
    assert verified.findings == ()
    assert [(one.kind, one.outcome, one.who == keys.pseudonym("key:root")) for one in verified.records] == [
        ("key_created", "done", False),
        ("key_rotated", "done", False),
        ("key_revoked", "done", True),
        ("cache_invalidated", "done", True),
        ("token_revoked", "done", False),
        ("sessions_listed", "done", True),
        ("session_read", "done", True),
        ("session_erased", "done", True),
        ("ratings_listed", "done", True),
        ("ratings_exported", "done", True),
    ]
    assert {one.address for one in verified.records} == {keys.pseudonym("203.0.113.0")}
    assert [one.target for one in verified.records[-5:]] == [*[owner] * 4, None]
    assert [one.target_tenant for one in verified.records[:3]] == ["acme"] * 3
    assert verified.records[0].facts == {"role": "service", "scopes": "ask many"}


async def test_what_is_a_callers_own_is_nobodys_concern(
    router: httpx2.AsyncClient, settings: dict[str, str], service_key: NewKey
) -> None:
    await router.post("/api/v2/process", json=ASK, headers=by(service_key))
    assert (await router.get("/api/v2/sessions?user_id=jieun", headers=by(service_key))).status_code == 200
    assert (await written(settings)).records == ()


async def test_refused_administration_is_in_it_and_other_refusals_are_not(
    router: httpx2.AsyncClient, settings: dict[str, str], service_key: NewKey, mentee_key: NewKey
) -> None:
    refused = [
        ("POST", "/api/v2/cache/clear", BOSS),
        ("GET", "/api/v2/api-keys", service_key),
        ("GET", "/api/v2/api-keys?tenant=globex", BOSS),
        ("DELETE", "/api/v2/api-keys/Ab0123456789", BOSS),
        ("GET", "/api/v2/sessions?caller=key:web", service_key),
        ("DELETE", "/api/v2/sessions/s1?caller=key:web&tenant=globex", BOSS),
    ]
    for method, path, key in refused:
        assert (await router.request(method, path, headers=by(key))).status_code in (403, 404)
    await router.post("/api/v2/bulk-process", json={"requests": [ASK]}, headers=by(mentee_key))
    await router.get("/api/v2/sessions/absent", headers=by(service_key))
    records = (await written(settings)).records
    assert [(one.kind, one.path) for one in records] == [
        ("refused", path.partition("?")[0].replace("Ab0123456789", "{id}").replace("/s1", "/{id}")) for _, path, _ in refused
    ]
    assert [one.outcome for one in records] == ["FORBIDDEN", "FORBIDDEN", "FORBIDDEN", "NOT_FOUND", "FORBIDDEN", "FORBIDDEN"]


async def test_no_name_of_anybody_rests_in_the_store(
    router: httpx2.AsyncClient, settings: dict[str, str], tmp_path: Path
) -> None:
    await router.post("/api/v2/api-keys", json={"name": "Kim's laptop", "role": "service"}, headers=by(BOSS))
    await router.post("/api/v2/cache/invalidate?pattern=jieun*", headers=by(ROOT))
    await router.get("/api/v2/sessions", params={"caller": "sub:kim", "user_id": "jieun"}, headers=by(ROOT))
    with sqlite3.connect(tmp_path / "ion.sqlite3") as connection:
        bodies = " ".join(body for (body,) in connection.execute("SELECT body FROM audit"))
    assert len((await written(settings)).records) == 3
    assert not any(name in bodies for name in ("Kim", "jieun", "kim", "boss", "root", "203.0"))


async def test_the_program_tells_who_did_what_and_what_somebody_did_to_it(
    router: httpx2.AsyncClient,
    settings: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for _ in range(2):
        await router.post("/api/v2/cache/clear", headers=by(ROOT))
    for _ in range(2):
        await asyncio.sleep(0)  # lines of one tick of the loop leave together
    (tmp_path / "log").write_text("no JSON\n[]\n" + "".join(line + "\n" for line in capfd.readouterr().out.splitlines()))
    for name in ("STORE", "CACHE_KEY_SECRET"):
        monkeypatch.setenv(name, settings[name])
    run = asyncio.to_thread
    assert await run(audit_log.main, ["--log", str(tmp_path / "log")]) == 0
    assert capfd.readouterr().out.splitlines() == ["1 days, 2 records that hold", "       2 cache_invalidated"]
    with sqlite3.connect(tmp_path / "ion.sqlite3") as connection:
        connection.execute("DELETE FROM audit WHERE number = 2")
        connection.execute("DELETE FROM audit_heads")
    assert await run(audit_log.main, ["--of", "key:root", "--log", str(tmp_path / "log")]) == 1
    line, *findings = capfd.readouterr().out.splitlines()
    assert "cache_invalidated done by" in line
    assert "(default: admin) /api/v2/cache/clear" in line
    assert [finding.partition(" 20")[0] for finding in findings] == ["dropped: the end of", "dropped:"]


def test_the_program_says_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.delenv("CACHE_KEY_SECRET", raising=False)
    assert audit_log.main([]) == 2
    assert "AUDIT_SECRET" in capsys.readouterr().err
    monkeypatch.setenv("AUDIT_SECRET", "a" * 32)
    monkeypatch.setenv("STORE", f"sqlite:///{tmp_path}")
    assert audit_log.main([]) == 2
    assert "sqlite" in capsys.readouterr().err
