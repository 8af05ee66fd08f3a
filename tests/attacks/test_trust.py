"""Who may do what, as strangers find it: one set in prod with several tenants, known by HTTP alone, its log and its files."""

import hashlib
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.attacks import sets

pytestmark = pytest.mark.proof

TENANTS = ("acme", "globex", "initech", "umbrella")
SECRETS = {tenant: f"web-{tenant}-" + "k3Y" * 15 for tenant in TENANTS}
BOSSES = {tenant: f"boss-{tenant}-" + "k3Y" * 15 for tenant in TENANTS[:2]}
ROOT = "root-" + "k3Y" * 15
KEYS = "/api/v2/api-keys"
REPOSITORY = Path(__file__).resolve().parents[2]


def _line(owner: str, role: str, secret: str) -> str:
    return f"{owner}:{role}:{hashlib.sha256(secret.encode()).hexdigest()}"


SETTINGS = {
    **sets.STRICT,
    "API_KEYS": ",".join(
        (
            *(_line(f"{tenant}/web", "service", secret) for tenant, secret in SECRETS.items()),
            *(_line(f"{tenant}/boss", "admin", secret) for tenant, secret in BOSSES.items()),
            _line("root", "admin", ROOT),
        )
    ),
    "CORS_ORIGINS": json.dumps({"acme": ["https://app.acme.example"]}),
}


class Outside:
    """Whoever stands outside, with a credential or without, behind one proxy that says where from."""

    def __init__(self, found: sets.Running) -> None:
        self.running = found
        self.client = httpx2.Client(base_url=f"http://127.0.0.1:{found.port}", timeout=30)

    def call(self, method: str, path: str, key: str | None = None, *, at: str = "203.0.113.7", **more: Any) -> httpx2.Response:
        headers = {"x-forwarded-for": at, "x-forwarded-proto": "https", **more.pop("headers", {})}
        return self.client.request(method, path, headers=headers | ({"x-api-key": key} if key else {}), **more)

    def ask(self, tenant: str, text: str, **more: Any) -> Any:
        at = f"198.51.{TENANTS.index(tenant)}.1"
        answer = self.call("POST", "/api/v2/process", SECRETS[tenant], at=at, json={"user_input": text, **more})
        assert answer.status_code == 200, answer.text
        return answer

    def events(self, kind: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.running.said().splitlines() if line.startswith("{")]
        return [line for line in lines if line["message"] == "SecurityEvent" and line["kind"] == kind]


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    with sets.running(tmp_path_factory.mktemp("trust"), SETTINGS) as found:
        asking = Outside(found)
        yield asking
        asking.client.close()


def store(outside: Outside) -> Path:
    return outside.running.log.parent / f"ion-{outside.running.port}.db"


def test_a_key_is_shown_once_and_ends_everywhere_within_five_seconds(outside: Outside) -> None:
    order = {"name": "till", "role": "service", "scopes": ["ask"]}
    made = outside.call("POST", KEYS, BOSSES["acme"], json=order).json()
    secret, path = made["api_key"], f"{KEYS}/{made['key']['id']}"
    question = {"user_input": "How do I say no?"}
    assert outside.call("POST", "/api/v2/process", secret, json=question).status_code == 200
    assert outside.call("POST", "/api/v2/bulk-process", secret, json={"requests": [question]}).status_code == 403
    listed = outside.call("GET", KEYS, BOSSES["acme"]).text
    assert secret[:16] in listed
    assert secret not in listed
    assert outside.call("DELETE", path, BOSSES["globex"]).status_code == 404
    assert outside.call("DELETE", path, BOSSES["acme"]).status_code == 200
    ends = time.monotonic() + 5
    while (status := outside.call("POST", "/api/v2/process", secret, json=question).status_code) != 401:
        assert time.monotonic() < ends, status
        time.sleep(0.2)
    files = b"".join(path.read_bytes() for path in store(outside).parent.glob("*.db*"))
    assert secret.encode() not in files
    assert hashlib.sha256(secret.encode()).hexdigest().encode() not in files


def test_sixty_refused_credentials_shut_their_64_out_and_nobody_else(outside: Outside) -> None:
    codes = [outside.call("GET", "/api/v2/personas", "ion_wrong", at=f"2001:db8:9:9::{n:x}").status_code for n in range(1, 64)]
    assert codes == [401] * 60 + [429] * 3
    refused = outside.call("GET", "/api/v2/personas", SECRETS["acme"], at="2001:db8:9:9:ffff::1")
    assert (refused.status_code, 1 <= int(refused.headers["retry-after"]) <= 60) == (429, True)
    assert outside.call("GET", "/api/v2/personas", SECRETS["acme"], at="2001:db8:9:a::1").status_code == 200
    assert len(outside.events("shut_out")) == 1


def test_every_answer_has_the_headers_and_pages_of_others_get_none(outside: Outside) -> None:
    for method, path in (
        ("GET", "/"),
        ("GET", "/api/v2/health"),
        ("POST", "/api/v2/process"),
        ("GET", "/nowhere"),
        ("PUT", "/"),
    ):
        headers = outside.call(method, path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'"), path
        assert "unsafe-" not in headers["content-security-policy"]
        assert "server" not in headers
        assert headers["strict-transport-security"].startswith("max-age=")
        assert {
            "cross-origin-opener-policy",
            "cross-origin-resource-policy",
            "permissions-policy",
            "referrer-policy",
        } <= headers.keys()
    asks = {"access-control-request-method": "POST", "access-control-request-headers": "x-api-key"}
    own = outside.call("OPTIONS", "/api/v2/process", headers={"origin": "https://app.acme.example", **asks})
    assert own.headers["access-control-allow-origin"] == "https://app.acme.example"
    assert int(own.headers["access-control-max-age"]) > 0
    other = outside.call("OPTIONS", "/api/v2/process", headers={"origin": "https://evil.example", **asks})
    assert "access-control-allow-origin" not in other.headers
    plain = outside.call("POST", "/api/v2/process", headers={"x-forwarded-proto": "http"}, json={"user_input": "hello"})
    assert plain.status_code == 403


def _shape(answer: httpx2.Response) -> Any:
    """All that may tell something, without what is drawn or measured for each answer."""
    body = answer.json()
    for name in ("request_id", "timestamp"):
        body.pop(name)
    body["performance"] = {**body["performance"], "execution_time_ms": 0, "cache_key": ""}
    body.get("metadata", {}).pop("receipt", None)
    moment = {"x-request-id", "date", "content-length", "ratelimit", "ratelimit-remaining", "ratelimit-reset"}
    return body, {name: value for name, value in answer.headers.items() if name not in moment}


def test_no_field_or_header_tells_that_another_tenant_asked_the_same(outside: Outside) -> None:
    text = "How do I prepare for a handover of my project?"
    new = outside.ask("acme", text)
    assert _shape(outside.ask("globex", text)) == _shape(new)
    again = outside.ask("acme", text)
    assert again.json()["performance"]["cache_hit"]
    keys = {answer.json()["performance"]["cache_key"] for answer in (new, outside.ask("globex", text))}
    assert len(keys) == 2


def test_no_time_tells_that_another_tenant_asked_the_same(outside: Outside) -> None:
    """Two hundred questions that the other asked and two hundred that nobody did, in turn."""
    texts = [f"How do I plan a week with {number} meetings and {number % 7} deadlines?" for number in range(200)]
    for text in texts:
        outside.ask("acme", text)
    took: dict[bool, list[float]] = {True: [], False: []}
    for text in texts:
        for asked_before in (True, False):
            began = time.perf_counter()
            outside.ask("globex", text if asked_before else text.replace("week", "month"))
            took[asked_before].append(time.perf_counter() - began)
    ratio = statistics.median(took[True]) / statistics.median(took[False])
    assert 0.8 <= ratio <= 1.25


def test_private_texts_are_never_shared(outside: Outside) -> None:
    """Of the texts that were looked at, forty: four tenants ask the same, and none gets another one's answer."""
    rows = [
        line.split("\t")
        for language in ("ko", "en")
        for line in (REPOSITORY / f"training/data/private/{language}.tsv").read_text(encoding="utf-8").splitlines()
    ]
    texts = [text for want, _, text in rows if want == "private"][::2][:40]
    assert len(texts) == 40
    for text in texts:
        hits = [outside.ask(tenant, text).json()["performance"]["cache_hit"] for tenant in TENANTS]
        assert hits == [False] * 4, text


def test_ids_of_another_tenant_give_what_absent_ones_give(outside: Outside) -> None:
    context = {"user_id": "u1", "session_id": "s-secret"}
    headers = {"idempotency-key": "order-1"}
    question = {"user_input": "What is a good first step?", "context": context}
    mine = outside.call("POST", "/api/v2/process", SECRETS["acme"], json=question, headers=headers).json()
    theirs = outside.call("POST", "/api/v2/process", SECRETS["globex"], json=question, headers=headers)
    assert "idempotency-replayed" not in theirs.headers
    assert theirs.json()["request_id"] != mine["request_id"]
    outside.call("DELETE", "/api/v2/sessions/s-secret?user_id=u1", SECRETS["globex"])
    foreign, absent = [
        outside.call("GET", f"/api/v2/sessions/{name}?user_id=u1", SECRETS["globex"]) for name in ("s-secret", "s-absent")
    ]
    drop = ("request_id", "timestamp")
    bodies = [{**answer.json()["error"], **dict.fromkeys(drop)} for answer in (foreign, absent)]
    assert (foreign.status_code, bodies[0]) == (404, bodies[1])
    assert outside.call("GET", "/api/v2/sessions/s-secret?user_id=u1", SECRETS["acme"]).status_code == 200


def test_odd_access_raises_one_event_each_and_asking_goes_on(outside: Outside) -> None:
    here = "192.0.2.9"
    codes = [outside.call("GET", f"/api/v2/sessions/guess-{n}", SECRETS["initech"], at=here).status_code for n in range(62)]
    assert codes == [404] * 60 + [429] * 2
    codes = [outside.call("POST", "/api/v2/cache/clear", SECRETS["initech"], at=here).status_code for n in range(22)]
    assert codes == [403] * 20 + [429] * 2
    question = {"user_input": "How do I go on?"}
    assert outside.call("POST", "/api/v2/process", SECRETS["initech"], at=here, json=question).status_code == 200
    assert outside.call("GET", "/api/v2/sessions/mine", SECRETS["initech"], at="192.0.3.9").status_code == 404
    assert [len(outside.events(kind)) for kind in ("enumeration", "refused_administration")] == [1, 1]
    assert [len(outside.events(kind)) for kind in ("volume", "cache_probing", "many_networks")] == [0, 0, 0]


def _audit(outside: Outside, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "STORE": f"sqlite:///{store(outside)}", "CACHE_KEY_SECRET": SETTINGS["CACHE_KEY_SECRET"]}
    command = [sys.executable, str(REPOSITORY / "infra/audit_log.py"), *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def test_the_audit_log_holds_what_was_done_and_names_what_was_done_to_it(outside: Outside) -> None:
    """The last test of this set: it breaks its log."""
    outside.call("POST", "/api/v2/cache/invalidate?pattern=lua:*", ROOT)
    outside.call("GET", "/api/v2/sessions?caller=key:web&tenant=acme", ROOT)
    sound = _audit(outside, "--log", str(outside.running.log))
    assert sound.returncode == 0, sound.stdout
    for kind in ("key_created", "key_revoked", "cache_invalidated", "sessions_listed", "refused"):
        assert kind in sound.stdout
    assert "cache_invalidated done" in _audit(outside, "--of", "key:root").stdout
    with sqlite3.connect(store(outside), timeout=10) as connection:
        bodies = " ".join(body for (body,) in connection.execute("SELECT body FROM audit"))
        connection.execute("DELETE FROM audit WHERE number = 1")
        connection.execute("UPDATE audit SET body = replace(body, 'FORBIDDEN', 'done') WHERE number = 5")
    assert not any(mark in bodies for mark in ("boss", "root", "u1", "203.0.113", "s-secret"))
    broken = _audit(outside)
    assert broken.returncode == 1
    assert any(line.startswith("dropped: ") and line.endswith("#1") for line in broken.stdout.splitlines())
