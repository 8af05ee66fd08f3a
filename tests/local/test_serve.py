"""The whole set in one process, started by the command that `make run` gives."""

import base64
import re
import shlex
import socket
import sqlite3
import subprocess
import time
from pathlib import Path

import httpx2
import pytest
from valkey import Valkey

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.backends.identity.shared_secret import SecretTokens
from ion_mentoring.local.parts import free_port
from ion_mentoring.local.serve import main
from ion_mentoring.mentoring.warming.warm_caches import load_questions
from ion_mentoring.resources import ROOT
from tests.local.conftest import LocalSet, Serve

KOREAN = "팀원 두 명이 계속 싸워요. 어떻게 해야 할까요?"


def test_a_newcomer_asks_and_is_answered(serve: Serve) -> None:
    running = serve()
    printed = "".join(running.printed)
    first, second, *_ = printed.splitlines()
    assert "개발자" in first
    assert "Everybody who reaches this port is the developer here" in second
    commands = re.findall(r"curl -s http://localhost:\d+(\S+) -H '([^']+): ([^']+)' -d '([^']+)'", printed)
    answered = []
    for path, name, value, body in commands:
        copied = running.client.post(path, content=body.encode(), headers={name: value}).json()
        answered.append((copied["persona_used"], copied["metadata"]["language"]))
    assert answered == [("Lua", "ko"), ("Lua", "en")]
    programs = [line.strip() for line in printed.splitlines() if "/bin/ion ask " in line]
    assert len(programs) == 2
    for line in programs:
        said = subprocess.run(shlex.split(line), capture_output=True, text=True, check=False)
        assert (said.returncode, said.stderr) == (0, "")
        assert len(said.stdout) > 100
    four = {
        name: running.client.post("/api/v2/process", json={"user_input": KOREAN, "persona": name}).json()
        for name in ("lua", "elro", "riri", "nana")
    }
    assert {name: one["persona_used"].lower() for name, one in four.items()} == {name: name for name in four}
    assert len({one["content"] for one in four.values()}) == 4
    assert all(one["metadata"]["degraded"] == [] for one in four.values())


def test_batches_are_answered_retried_and_buried(serve: Serve, tmp_path: Path) -> None:
    running = serve()
    good = {"batch_id": "b", "requests": [{"item_id": "1", "user_input": KOREAN}, {"item_id": "2", "user_input": ""}]}
    single = {"batch_id": "b", "item_id": "17", "request": {"user_input": "My tests are flaky"}}
    for message in (good, single, good):
        assert running.publish("mentoring-batch", message).status_code == 200
    assert running.publish("mentoring-batch", ["poison"]).status_code == 200
    state = running.bus()
    assert state["delivered"] == 3
    assert [one["last_status"] for one in state["dead"]] == [400]  # type: ignore[attr-defined]
    with sqlite3.connect(tmp_path / "ion.sqlite3") as database:
        rows = database.execute("SELECT state FROM results ORDER BY state").fetchall()
    database.close()
    assert [state for (state,) in rows] == ["answered", "answered", "failed"]


def test_after_a_new_start_a_message_is_not_taken_for_one_of_before(serve: Serve, tmp_path: Path) -> None:
    for _ in range(2):
        running = serve()
        assert running.publish("mentoring-batch", {"batch_id": "b", "requests": [{"user_input": KOREAN}]}).status_code == 200
        assert running.bus()["delivered"] == 1
        running.stop()
    with sqlite3.connect(tmp_path / "ion.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM results").fetchall() == [(2,)]
    database.close()


def test_warming_and_bad_publishing_are_answered(serve: Serve) -> None:
    running = serve()
    assert running.publish("cache-warming", {"scope": "popular"}).status_code == 200
    assert running.bus()["delivered"] == 1
    assert running.publish("nothing", {}).status_code == 404
    bad = running.client.post("/v1/projects/local/topics/cache-warming:publish", json={"messages": [{"data": "!"}]})
    assert bad.status_code == 400
    assert running.client.get("/functions/lua/health").json()["persona"] == "lua"
    assert running.client.get("/functions/zoe/health").status_code == 404


PROD = {"ENVIRONMENT": "prod", "MODEL": "playbook", "CACHE_KEY_SECRET": "s"}
INNER_SECRET = "the-set-draws-its-own-where-nobody-says"


def test_where_it_is_no_laptop_only_the_router_is_open(serve: Serve) -> None:
    key = new_key("acme", Role.SERVICE)
    running = serve(**PROD, API_KEYS=key.line)
    assert "developer" not in "".join(running.printed)
    question = {"user_input": KOREAN}
    assert running.client.post("/api/v2/process", json=question).status_code == 401
    answer = running.client.post("/api/v2/process", json=question, headers={"x-api-key": key.secret}).json()
    assert answer["metadata"]["degraded"] == []
    assert running.publish("mentoring-batch", {}).status_code == 403
    assert running.client.get("/local/bus").status_code == 403
    for name in ("lua/answer", "batch/"):
        assert running.client.post(f"/functions/{name}", json={}).status_code == 401
        assert running.client.post(f"/functions/{name}", json={}, headers={"x-api-key": key.secret}).status_code == 401


async def test_inner_doors_open_for_the_set_itself(serve: Serve) -> None:
    running = serve(**PROD, API_KEYS=new_key("acme", Role.SERVICE).line, INNER_SECRET=INNER_SECRET)
    reply = {"text": "hi", "key": {"tone": "calm", "pace": "medium", "intent": "learning"}}
    for secret, audience, expected in (
        (INNER_SECRET, "lua", 200),
        (INNER_SECRET, "elro", 401),
        (INNER_SECRET[::-1], "lua", 401),
    ):
        token = await SecretTokens(secret, time.time).token(f"http://x/{audience}")
        response = running.client.post("/functions/lua/answer", json=reply, headers={"x-ion-identity": token})
        assert response.status_code == expected
    assert running.client.get("/functions/lua/health").status_code == 200


@pytest.mark.usefixtures("valkey_started", "firestore_address", "pubsub_address")  # where they are, the set's can start, too
def test_real_parts_are_used_and_stopped_with_the_set(serve: Serve) -> None:
    running = serve("--real")
    printed = "".join(running.printed)
    ports = [int(port) for port in re.findall(r"^  (?:Valkey|Firestore emulator|Pub/Sub emulator): \S+:(\d+)", printed, re.M)]
    assert len(ports) == 3
    assert healthy(running), "cache and store are the real ones, and answer"
    data = base64.b64encode(b'{"scope": "popular"}').decode()
    topic = f"http://127.0.0.1:{ports[2]}/v1/projects/ion-local/topics/cache-warming:publish"
    httpx2.post(topic, json={"messages": [{"data": data}]}).raise_for_status()
    assert warmed(running, ports[0]), "a popular question comes from L2 once the message has been delivered"
    running.stop()
    assert running.process.returncode == 0
    assert not any(listens(port) for port in ports)


def healthy(running: LocalSet) -> bool:
    """Whether cache and store answer, within some tries: a cold emulator may take its time at first."""
    for _ in range(10):
        found = running.client.get("/api/v2/health").json()["dependencies"]
        if (found["cache"], found["store"]) == ("ok", "ok"):
            return True
        time.sleep(0.5)  # what was found is remembered for a moment
    return False


def warmed(running: LocalSet, valkey_port: int) -> bool:
    """Whether the popular questions come from L2 as soon as it holds as many entries; asking before would fill L1 and L2."""
    questions = load_questions()
    with Valkey(port=valkey_port) as server:
        until = time.monotonic() + 60
        while server.dbsize() < len(questions) and time.monotonic() < until:
            time.sleep(0.1)
    asked = ({"user_input": question.en} for question in questions)
    layers = (running.client.post("/api/v2/process", json=one).json()["performance"]["cache_layer"] for one in asked)
    return "L2" in layers


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_port_that_is_taken_is_said(
    serve: Serve, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    running = serve()
    monkeypatch.setenv("PORT", str(running.client.base_url.port))
    assert main(["--root", str(ROOT.parent)]) == 1
    assert "PORT=8090" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["many", "70000", "0", "²", "٣", "80 90", "-1"])
def test_a_port_that_is_none_is_said(port: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    assert main([]) == 1
    assert port in capsys.readouterr().err


def test_a_folder_that_is_no_checkout_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", str(free_port()))
    assert main(["--root", str(tmp_path)]) == 1
    assert "run this in a checkout" in capsys.readouterr().err
