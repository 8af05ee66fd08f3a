"""A server that answers what a test tells it to, in order, and notes what it was asked."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """One response; one that is cut promises more than it sends."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/json"})
    cut: bool = False


def said(value: Any, status: int = 200, **headers: str) -> Said:
    """A response in JSON."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Said(status, json.dumps(value).encode(), {"content-type": "application/json", **named})


def refused(status: int, code: str, message: str = "no", **headers: str) -> Said:
    """A refusal in our form."""
    error = {"code": code, "message": message, "field": None, "details": {}}
    return said({"success": False, "error": error, "request_id": "r-1", "timestamp": "t"}, status, **headers)


def stream(*events: tuple[str, Any], cut: bool = False, first: int = 1) -> Said:
    """A stream of server-sent events, with ids from `first` on."""
    parts = [f"event: {name}\nid: s.{place}\ndata: {json.dumps(data)}\n\n" for place, (name, data) in enumerate(events, first)]
    return Said(200, "".join(parts).encode(), {"content-type": "text/event-stream"}, cut)


class StandIn:
    """The server."""

    def __init__(self) -> None:
        self.says: list[Said] = []
        self.asked: list[Asked] = []
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                sent = {name.lower(): value for name, value in self.headers.items()}
                stand_in.asked.append(Asked(self.command, self.path, sent, body))
                answer = stand_in.says.pop(0) if len(stand_in.says) > 1 else stand_in.says[0]
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(answer.body) + 100 * answer.cut))
                self.end_headers()
                self.wfile.write(answer.body)
                self.close_connection = answer.cut

            do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - so http.server calls them

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "StandIn":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
