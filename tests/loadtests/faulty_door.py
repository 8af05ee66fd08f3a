"""A server of the tests' own before a real set: it relays what is asked, and does to the answer what a test wants."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer on its way: `cut` ends the connection before the last so many bytes."""

    path: str
    status: int
    kind: str
    body: bytes
    cut: int = 0

    @property
    def answers(self) -> bool:
        """True for an answer to a question, streamed or whole."""
        return self.path == "/api/v2/process" and self.status == 200

    @property
    def streams(self) -> bool:
        return self.kind.startswith("text/event-stream")

    def changed(self, **parts: Any) -> "Answered":
        """The same with other parts of its JSON, where it is JSON."""
        if self.streams or not self.answers:
            return self
        return replace(self, body=json.dumps({**json.loads(self.body), **parts}, ensure_ascii=False).encode())


Fault = Callable[[Answered], Answered]


@dataclass
class Door:
    """The door's address, and the fault of the moment."""

    url: str
    fault: Fault = field(default=lambda answered: answered)


@contextmanager
def door(behind: str) -> Iterator[Door]:
    """A door to the set behind it."""
    client = httpx2.Client(base_url=behind, trust_env=False, timeout=30)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one piece, else the kernel waits 40 ms for an acknowledgement

        def relay(self) -> None:
            sent = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "accept-encoding")}
            got = client.request(self.command, self.path, content=sent, headers={**headers, "accept-encoding": "identity"})
            answered = Answered(self.path, got.status_code, got.headers.get("content-type", ""), got.content)
            if self.command != "GET":  # what it says of itself is always true
                answered = here.fault(answered)
            self.send_response(answered.status)
            self.send_header("content-type", answered.kind)
            self.send_header("x-request-id", got.headers["x-request-id"])
            self.send_header("content-length", str(len(answered.body)))
            self.end_headers()
            self.wfile.write(answered.body[: len(answered.body) - answered.cut])
            self.close_connection = bool(answered.cut)

        do_GET = do_POST = do_DELETE = relay  # noqa: N815 - the names of http.server

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here = Door(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        client.close()
