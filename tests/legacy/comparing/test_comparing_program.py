"""The comparison as people run it."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from migration.comparing.program import main

ROOT = Path(__file__).resolve().parents[3]


class Answers(BaseHTTPRequestHandler):
    """Answers with the confidence that its server has, and counts."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.server.seen.append((time.monotonic(), self.headers.get("x-api-key")))  # type: ignore[attr-defined]
        body = json.dumps({"confidence": self.server.confidence}).encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def served(confidence: float) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.confidence, server.seen = confidence, []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


def url(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def pair() -> Iterator[tuple[ThreadingHTTPServer, ThreadingHTTPServer]]:
    servers = served(0.5), served(0.6)
    yield servers
    for server in servers:
        server.shutdown()
        server.server_close()


def recording(folder: Path, many: int) -> str:
    file = folder / "requests.jsonl"
    file.write_text('{"user_input": "hi"}\n\n' * many, encoding="utf-8")
    return str(file)


Pair = tuple[ThreadingHTTPServer, ThreadingHTTPServer]


@pytest.mark.parametrize(("share", "status"), [("0", 1), ("0.5", 1), ("1", 0)])
def test_its_status_says_whether_more_differs_than_may(
    pair: Pair, tmp_path: Path, share: str, status: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEW_API_KEY", "k-new")
    result = tmp_path / "result.json"
    sides = ["--old", url(pair[0]), "--new", url(pair[1]), "--requests", recording(tmp_path, 3), "--per-second", "1000"]
    assert main([*sides, "--share", share, "--json", str(result)]) == status
    told = json.loads(result.read_text())
    assert (told["compared"], told["differing"], told["fields"]["confidence"]["lines"]) == (3, 3, [1, 3, 5])
    assert "3 compared, 3 differ" in capsys.readouterr().out
    assert {key for _, key in pair[0].seen} == {None}  # type: ignore[attr-defined]
    assert {key for _, key in pair[1].seen} == {"k-new"}  # type: ignore[attr-defined]


def test_it_asks_no_faster_than_it_may(pair: Pair, tmp_path: Path) -> None:
    began = time.monotonic()
    main(["--old", url(pair[0]), "--new", url(pair[0]), "--requests", recording(tmp_path, 10), "--per-second", "25"])
    assert time.monotonic() - began >= 10 / 25


@pytest.mark.parametrize(
    ("content", "said"),
    [("nonsense\n", "line 1"), ("[]\n", "no object"), ('{"path": 3}\n', "no method and path"), (None, "No such file")],
)
def test_a_wrong_file_is_told_with_its_line(
    pair: Pair, tmp_path: Path, content: str | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "requests.jsonl"
    if content is not None:
        file.write_text(content)
    assert main(["--old", url(pair[0]), "--new", url(pair[1]), "--requests", str(file)]) == 2
    assert said in capsys.readouterr().err


def test_nothing_compared_is_no_success(tmp_path: Path) -> None:
    assert main(["--old", "http://127.0.0.1:9", "--new", "http://127.0.0.1:9", "--requests", recording(tmp_path, 1)]) == 1


@pytest.mark.parametrize("arguments", [["--share", "2"], ["--per-second", "0"], ["--at-once", "0"], ["--old", ""]])
def test_a_wrong_number_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--old", "http://x", "--new", "http://x", "--requests", "x", *arguments])
    assert "usage:" in capsys.readouterr().err


def test_an_interrupted_one_tells_what_it_found(pair: Pair, tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    command = [sys.executable, "-m", "migration.comparing.program", "--old", url(pair[0]), "--new", url(pair[1])]
    command += ["--requests", recording(tmp_path, 10_000), "--json", str(result), "--per-second", "100"]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    while len(pair[1].seen) < 5:  # type: ignore[attr-defined]
        assert running.poll() is None
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=20)
    assert running.returncode == 130
    assert "interrupted" in out
    told = json.loads(result.read_text())
    assert told["interrupted"] is True
    assert 5 <= told["compared"] < 10_000
