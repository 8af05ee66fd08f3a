"""The smoke test finds a well set well, and says of another what is not."""

import json

import httpx2
import pytest

from infra.releasing.smoke import CHECKS, Target, main, smoke, told
from ion_mentoring.local.parts import free_port
from tests.local.conftest import Serve


def wrong(target: Target) -> dict[str, str]:
    return {seen.name: seen.wrong for seen in smoke(target) if seen.wrong}


def target(handler: httpx2.MockTransport, **options: str) -> Target:
    return Target(httpx2.Client(transport=handler), "http://set", **options)


@pytest.mark.slow
def test_a_set_that_is_well_is_found_well(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    running = serve()
    url = str(running.client.base_url).rstrip("/")
    assert main([url, "--region", "local"]) == 0
    assert capsys.readouterr().out.count(" ok ") == len(CHECKS)
    with httpx2.Client(timeout=30) as asking:
        assert wrong(Target(asking, url, "us-central1")) == {"itself": "it is local"}


@pytest.mark.slow
def test_a_missing_key_is_what_is_asked_for(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "dev")
    running = serve()
    with httpx2.Client(timeout=30) as asking:
        found = wrong(Target(asking, str(running.client.base_url).rstrip("/")))
    asked = ("answers Korean", "answers English", "answers about SQL", "streams")
    assert found == dict.fromkeys(asked, "status 401: set SMOKE_API_KEY")


def test_nobody_there_is_told_and_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([f"http://127.0.0.1:{free_port()}"]) == 1
    assert capsys.readouterr().out.count("ConnectError") == len(CHECKS)


def test_an_edge_that_takes_a_question_for_an_attack_is_found() -> None:
    def edge(request: httpx2.Request) -> httpx2.Response:
        if b"SELECT" in request.content:
            return httpx2.Response(403, text="<html>forbidden</html>")
        if request.content == b"{":
            return httpx2.Response(403, text="<html>forbidden</html>")
        if request.headers.get("accept") == "text/event-stream":
            return httpx2.Response(200, text="event: delta\n\nevent: error\n\n")
        known = {"/api/v2/health": {"status": "degraded", "dependencies": {"store": "down"}}, "/api/v2/status": {"region": "r"}}
        answer = {"content": " ", "metadata": {"degraded": ["model"]}}
        return httpx2.Response(200, text=json.dumps(known.get(request.url.path, answer)))

    said: list[str] = []
    edged = target(httpx2.MockTransport(edge), region="r")
    assert told(edged, said.append) is False
    assert wrong(edged) == {
        "healthy": "degraded: {'store': 'down'}",
        "answers Korean": "degraded: model",
        "answers English": "degraded: model",
        "answers about SQL": "status 403",
        "streams": "0 events done, 1 error",
        "refuses": "status 403, and not the error form",
    }
    assert any("answers about SQL" in line and "403" in line for line in said)


def test_a_set_that_answers_something_else_is_no_set() -> None:
    page = httpx2.MockTransport(lambda request: httpx2.Response(200, text="<html>It works!</html>"))
    found = wrong(target(page, region="r"))
    assert set(found) == {name for name, _ in CHECKS}
