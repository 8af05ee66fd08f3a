"""`make scan-for`: after questions with marks, none is in store, cache or log; and one that is put there is found."""

import asyncio
from pathlib import Path
from typing import Any

import httpx2
import pytest
from valkey import Valkey

from ion_mentoring.backends.firestore import Documents
from ion_mentoring.handlers.web.app import App
from ion_mentoring.local import scan
from ion_mentoring.mentoring.privacy.marks import Marks
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.clients import close
from ion_mentoring.wiring.router import build
from tests.fakes import client
from tests.real_parts.firestore import patient

MARKS = ("MARK-말", "user-mark-1", "session-mark-1")
TEXT = "MARK-말 팀장이 제 이름을 불러요, 010-1234-5678로 전화했어요"


async def talk(router: App) -> None:
    """Leaves what one person leaves: a conversation, an answer of its own in the cache, requests and a stream on record, why it
    was answered so, a rating."""
    async with client(router) as asked:
        context = {"user_id": MARKS[1], "session_id": MARKS[2]}
        for number in range(3):
            body = {"user_input": f"{TEXT} {number}", "context": context}
            given = await answered(asked, "/api/v2/process", body, f"k-{number}")
        bulk = {"requests": [{"user_input": f"{TEXT} {number}", "context": context} for number in range(2)]}
        await answered(asked, "/api/v2/bulk-process", bulk, "many")
        streamed = {"user_input": f"{TEXT} streamed", "context": context}
        events = await asked.post("/api/v2/process", json=streamed, headers={"accept": "text/event-stream"})
        assert "event: done" in events.text
        assert (await asked.get(f"/api/v2/answers/{given['request_id']}/why")).status_code == 200
        await answered(asked, "/api/v2/feedback", {"request_id": given["request_id"], "verdict": "up"}, "r-1")
        await asked.delete(f"/api/v2/users/{MARKS[1]}")
    await close()


async def answered(asked: httpx2.AsyncClient, path: str, body: dict[str, Any], key: str) -> Any:
    """The answer, asked for again as long as a store takes its time."""
    for _ in range(40):
        answer = await asked.post(path, json=body, headers={"idempotency-key": key})
        if answer.status_code not in (409, 503):
            break
        await asyncio.sleep(0.5)
    assert answer.status_code == 200
    return answer.json()


async def test_nothing_is_found_in_sqlite_valkey_and_the_log_and_what_is_planted_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, valkey_port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    environ = {
        "STORE": f"sqlite:///{tmp_path}/store/ion.sqlite3",
        "CACHE_URL": f"redis://127.0.0.1:{valkey_port}",
        "CACHE_KEY_SECRET": "s" * 32,
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    await talk(build(RouterSettings.read(environ)))
    log = tmp_path / "log"
    keep(log, capfd.readouterr().out)
    looked, lines = await scan.scan(Marks(*MARKS), [str(log)])
    assert (lines, looked > 4) == ([], True)
    with Valkey(port=valkey_port) as server:
        server.hset("planted", "field", MARKS[0])
        keep(log, MARKS[1])
        found = (await scan.scan(Marks(*MARKS), [str(log)]))[1]
        server.delete("planted")
    assert [line.partition(" ")[0] for line in found] == ["file", "key"]


async def test_nothing_is_found_in_firestore_and_what_is_planted_is(
    monkeypatch: pytest.MonkeyPatch, firestore_project: str
) -> None:
    monkeypatch.setenv("STORE", f"firestore://{firestore_project}")
    documents: Documents = patient(firestore_project)
    router = build(RouterSettings.read({"STORE": f"firestore://{firestore_project}"}))
    for _ in range(5):  # how fast the emulator is isn't asked here
        await talk(router)
        looked, lines = await scan.scan(Marks(*MARKS), [])
        assert lines == []
        if looked > 4:
            break
        await asyncio.sleep(1)
    assert looked > 4
    await documents.create("conversations/of/turns", "planted", {"deep": [{"er": f"x{MARKS[0]}"}]})
    assert [line.partition(":")[0] for line in (await scan.scan(Marks(*MARKS), []))[1]] == [
        "document conversations/of/turns/planted"
    ]


def test_the_exit_code_says_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("STORE", raising=False)
    keep(tmp_path / "one", "nothing here")
    assert scan.main(["MARK", "--path", str(tmp_path)]) == 0
    keep(tmp_path / "two", "a MARK here")
    assert scan.main(["MARK", "--path", str(tmp_path)]) == 1
    assert "a MARK here" not in capsys.readouterr().out
    monkeypatch.setenv("CACHE_URL", "redis://127.0.0.1:1")
    assert scan.main(["MARK"]) == 2


def keep(file: Path, text: str) -> None:
    file.write_text(text)
