"""A model that speaks like an OpenAI-compatible server, keeps those waiting who ask for it, and counts them."""

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SLOWLY = "please take your time"
ANSWER = "One small step for today: write down what happened."


@dataclass
class Model:
    port: int = 0
    let_go: threading.Event = field(default_factory=threading.Event)
    under_way: int = 0
    most: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self) -> None:
        with self._lock:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        self.let_go.wait(15)
        with self._lock:
            self.under_way -= 1

    @property
    def settings(self) -> dict[str, str]:
        return {
            "MODEL": "openai:slow",
            "MODEL_URL": f"http://127.0.0.1:{self.port}/v1",
            "MODEL_PRICES": "openai:slow=0/0",
            "MODEL_TIMEOUT_S": "25",
        }


def _piece(delta: dict[str, str], end: str | None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": end}
    return b"data: " + json.dumps({"id": "c", "object": "chat.completion.chunk", "choices": [choice]}).encode() + b"\n\n"


def _handler(model: Model) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["content-length"]))
            if SLOWLY.encode() in asked:
                model.wait()
            if json.loads(asked).get("stream"):
                kind, said = "text/event-stream", _piece({"content": ANSWER}, None) + _piece({}, "stop") + b"data: [DONE]\n\n"
            else:
                message = {"role": "assistant", "content": ANSWER}
                choice = {"index": 0, "message": message, "finish_reason": "stop"}
                kind, said = "application/json", json.dumps({"id": "c", "choices": [choice]}).encode()
            with contextlib.suppress(OSError):
                self.send_response(200)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512


@contextlib.contextmanager
def listening() -> Iterator[Model]:
    model = Model()
    with _Server(("127.0.0.1", 0), _handler(model)) as server:
        model.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield model
        finally:
            model.let_go.set()
            server.shutdown()
            thread.join(5)
