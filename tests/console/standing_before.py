"""A server that stands before a set, and answers some paths itself: another release, as far as a browser can tell."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2

PASSED_ON = ("accept-language", "content-type", "accept", "idempotency-key", "last-event-id")


class Between(BaseHTTPRequestHandler):
    """Answers what is replaced, and hands everything else on."""

    upstream: str
    replaced: dict[str, bytes]

    def do_GET(self) -> None:
        body = self.replaced.get(self.path)
        self._answer(body, "text/javascript", 200) if body else self._hand_on()

    def do_POST(self) -> None:
        self._hand_on(self.rfile.read(int(self.headers["content-length"])))

    def _hand_on(self, body: bytes | None = None) -> None:
        headers = {name: self.headers[name] for name in PASSED_ON if self.headers[name]}
        response = httpx2.request(self.command, f"{self.upstream}{self.path}", content=body, headers=headers, timeout=30)
        self._answer(response.content, response.headers["content-type"], response.status_code)

    def _answer(self, body: bytes, kind: str, status: int) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("cache-control", "no-store")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a test's output is its own."""


@contextmanager
def standing_before(url: str) -> Iterator[tuple[str, dict[str, bytes]]]:
    """The address of such a server, and what it answers itself, by path."""
    replaced: dict[str, bytes] = {}
    handler = type("Standing", (Between,), {"upstream": url, "replaced": replaced})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", replaced
        server.shutdown()
