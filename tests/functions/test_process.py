"""A function as a process: served by functions-framework as on the platform, and stopped by a signal."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest

from ion_mentoring.local.parts import free_port
from tests.functions.conftest import REPOSITORY, Start, kill

QUESTION = {"user_input": "How do I prepare for an interview?", "persona": "lua"}


class SlowPersona(BaseHTTPRequestHandler):
    """A persona function that takes its time."""

    takes_s = 1.5

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        time.sleep(self.takes_s)
        body = b'{"content": "late but here", "persona": "lua", "model": "slow", "language": "en"}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def slow_persona() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), SlowPersona)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_sigterm_lets_a_running_request_end(start: Start, slow_persona: str) -> None:
    process, url = start("router", PERSONA_URL_LUA=slow_persona)
    answers: list[httpx2.Response] = []
    asking = threading.Thread(target=lambda: answers.append(httpx2.post(f"{url}/api/v2/process", json=QUESTION, timeout=10)))
    asking.start()
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    asking.join()
    assert answers[0].status_code == 200
    assert answers[0].json()["content"] == "late but here"
    assert process.wait(timeout=10) == 0


def test_the_router_asks_a_persona_function_over_http(start: Start) -> None:
    _, lua = start("lua")
    _, router = start("router", PERSONA_URL_LUA=lua)
    answer = httpx2.post(f"{router}/api/v2/process", json=QUESTION).json()
    alone = httpx2.post(f"{start('router')[1]}/api/v2/process", json=QUESTION).json()
    assert answer["metadata"]["degraded"] == []
    assert answer["content"] == alone["content"]


def test_a_persona_function_that_died_is_replaced_by_the_next_best(start: Start) -> None:
    process, lua = start("lua")
    _, router = start("router", PERSONA_URL_LUA=lua)
    kill(process)
    answer = httpx2.post(f"{router}/api/v2/process", json=QUESTION).json()
    assert answer["metadata"]["degraded"] == ["persona"]
    assert answer["persona_used"] != "Lua"


@pytest.mark.parametrize("name", ["router", "lua", "batch", "warming"])
def test_a_wrong_setting_ends_the_start_and_is_named_without_its_value(name: str) -> None:
    program = Path(sys.executable).with_name("functions-framework")
    main = REPOSITORY / "functions" / name / "main.py"
    ended = subprocess.run(
        [program, "--target", "handle", "--source", main, "--port", str(free_port())],
        env={**os.environ, "REQUEST_TIMEOUT_S": "hunter2"},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert ended.returncode != 0
    assert "REQUEST_TIMEOUT_S" in ended.stderr
    assert "hunter2" not in ended.stderr
