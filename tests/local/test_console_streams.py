"""The console in a real browser: an answer grows as it is written, can be stopped, and survives a lost connection."""

import shutil
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ion_mentoring.resources import ROOT
from tests.local.browser import Page, opened
from tests.local.conftest import Serve

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or ""
PIECES = 20
SAID = "One small step at a time. "

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not BROWSER, reason="LOUD: no chromium here, the console was not tried in a browser"),
]


@pytest.fixture
def url(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The set with a model that takes two seconds to write an answer."""
    slowly = ("--first-s", "0.2", "--delay-s", "0.1", "--pieces", str(PIECES))
    vendor = subprocess.Popen(
        [sys.executable, "-m", "tests.vendors.server", *slowly], cwd=ROOT.parent, stdout=subprocess.PIPE, text=True
    )
    assert vendor.stdout is not None
    monkeypatch.setenv("MODEL", "openai:stand-in")
    monkeypatch.setenv("MODEL_URL", f"{vendor.stdout.readline().strip()}/v1")
    yield str(serve().client.base_url).rstrip("/")
    vendor.terminate()
    vendor.wait(10)
    vendor.stdout.close()


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with opened(BROWSER, tmp_path / "profile") as empty:
        yield empty


def ask(page: Page, url: str, text: str = "How do I prepare for a talk?") -> None:
    page.go(url)
    page.waited("document.querySelectorAll('#persona option').length > 1")
    page.run(f"document.getElementById('text').value = {text!r}; document.getElementById('ask').requestSubmit()")


def test_an_answer_grows_as_it_is_written(page: Page, url: str) -> None:
    ask(page, url)
    page.waited(f"(document.querySelector('.content')?.textContent ?? '').length >= {len(SAID)}")
    early = page.text(".content")
    assert len(early) < PIECES * len(SAID), "the beginning is there before the end"
    assert page.text("article header span"), "and who answers is there before both"
    assert page.text("#send") == "Stop"
    page.waited("document.querySelector('article').ariaBusy === 'false'")
    assert page.text(".content") == SAID * PIECES
    assert "openai:stand-in" in page.text("article header small")
    assert "tokens" in page.text("article header small")
    assert page.text("#send") == "Ask"


def test_stop_ends_it_and_another_question_can_be_asked(page: Page, url: str) -> None:
    ask(page, url)
    page.waited(f"(document.querySelector('.content')?.textContent ?? '').length >= {len(SAID)}")
    page.run("document.getElementById('ask').requestSubmit()")
    page.waited("document.querySelector('.stopped') !== null")
    assert page.text("#send") == "Ask"
    stopped = page.text(".content")
    page.run("new Promise((resolve) => setTimeout(resolve, 300))")
    assert page.text(".content") == stopped
    page.run("document.getElementById('persona').value = 'riri'; document.getElementById('ask').requestSubmit()")
    page.waited("document.querySelectorAll('article').length === 2")
    assert page.run("document.getElementById('persona').value") == "riri", "who was chosen stays chosen"
    page.waited("document.querySelector('article').ariaBusy === 'false'")
    assert page.text(".content") == SAID * PIECES


class CutsOnce(socketserver.BaseRequestHandler):
    """Hands bytes on both ways; cuts the first stream after some of it."""

    upstream: tuple[str, int]
    cuts_left = 1

    def handle(self) -> None:
        with socket.create_connection(self.upstream) as server:
            threading.Thread(target=self._up, args=(server,), daemon=True).start()
            passed = 0
            while part := server.recv(65_536):
                passed += len(part) if b"event: delta" in part else 0
                if passed > 400 and type(self).cuts_left:
                    type(self).cuts_left -= 1
                    return
                self.request.sendall(part)

    def _up(self, server: socket.socket) -> None:
        try:
            while part := self.request.recv(65_536):
                server.sendall(part)
        except OSError:
            return


@pytest.fixture
def cutting(url: str) -> Iterator[str]:
    """A way to the set on which the first stream is cut."""
    host, _, port = url.removeprefix("http://").partition(":")
    handler = type("Cutting", (CutsOnce,), {"upstream": (host, int(port))})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as proxy:
        proxy.daemon_threads = True
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
        proxy.shutdown()


def test_a_lost_connection_is_taken_up_again(page: Page, cutting: str) -> None:
    ask(page, cutting)
    page.waited("document.querySelector('article')?.ariaBusy === 'false'")
    assert page.text(".content") == SAID * PIECES
    assert page.run("document.querySelectorAll('article.error').length") == 0


def test_whoever_breaks_off_is_replaced_and_the_text_begins_anew(page: Page, url: str) -> None:
    page.go(url)
    page.waited("document.querySelectorAll('#persona option').length > 1")
    page.run(
        """(() => {
            window.shown = new Answer();
            const routing = (who) => ({ persona_used: who, routing: { reasoning: "because", scores: { lua: 1 } } });
            shown.hear("routing", routing("Lua"));
            shown.hear("delta", { text: "half a sentence" });
            shown.hear("routing", routing("Riri"));
            shown.hear("delta", { text: "<b>whole</b>" });
        })()"""
    )
    assert page.text(".content") == "<b>whole</b>", "text is text, whatever is in it"
    assert "Riri" in page.text("article header")


def test_an_error_is_told_in_the_pages_language_with_a_time(page: Page, url: str) -> None:
    page.go(url)
    page.run("if (language === 'en') document.getElementById('language').click()")
    page.run(
        """(new Answer()).hear("error", {
            error: { code: "OVERLOADED", message: "지금은 요청이 너무 많습니다.", details: { retry_after_s: 1.5 } },
            request_id: "r-1",
        })"""
    )
    assert page.text("article.error") == "지금은 요청이 너무 많습니다. 2초 뒤에 다시 해 주세요. (OVERLOADED, r-1)"
