"""Stand-ins for Slack's webhook and PagerDuty's Events API v2, which refuse what those would refuse."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

SEVERITIES: Final = ("critical", "error", "warning", "info")


@dataclass(slots=True)
class Received:
    """The notices that came to both, in order; `open` are the incidents of PagerDuty by their key."""

    port: int = 0
    slack: list[Mapping[str, Any]] = field(default_factory=list)
    pagerduty: list[Mapping[str, Any]] = field(default_factory=list)
    open: dict[str, int] = field(default_factory=dict)

    @property
    def slack_url(self) -> str:
        """The webhook."""
        return f"http://127.0.0.1:{self.port}/services/T/B/x"

    @property
    def pagerduty_url(self) -> str:
        """The address of events."""
        return f"http://127.0.0.1:{self.port}/v2/enqueue"

    def take(self, path: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        """The status and the answer to one call."""
        if path.startswith("/services/"):
            return self._slack(body)
        return self._pagerduty(body) if path == "/v2/enqueue" else (404, "no such place")

    def _slack(self, body: Mapping[str, Any]) -> tuple[int, Any]:
        blocks = body.get("blocks", [])
        texts = [block.get("text", {}).get("text", "") for block in blocks if block.get("type") == "section"]
        if not body.get("text") or len(texts) != len(blocks) or any(not 0 < len(text) <= 3000 for text in texts):
            return 400, "invalid_blocks"
        self.slack.append(body)
        return 200, "ok"

    def _pagerduty(self, body: Mapping[str, Any]) -> tuple[int, Any]:
        if wrong := _wrong(body):
            return 400, {"status": "invalid event", "errors": [wrong]}
        self.pagerduty.append(body)
        key = body["dedup_key"]
        if body["event_action"] == "trigger":
            self.open[key] = self.open.get(key, 0) + 1  # a second one of a key is no second incident
        else:
            self.open.pop(key, None)
        return 202, {"status": "success", "message": "Event processed", "dedup_key": key}


def _wrong(body: Mapping[str, Any]) -> str | None:
    """The first thing that PagerDuty would not take."""
    if not body.get("routing_key"):
        return "'routing_key' is missing or blank"
    if body.get("event_action") not in ("trigger", "acknowledge", "resolve"):
        return "'event_action' is none of trigger, acknowledge, resolve"
    if not 0 < len(str(body.get("dedup_key", ""))) <= 255:
        return "'dedup_key' is missing or too long"
    if body["event_action"] != "trigger":
        return None
    payload = body.get("payload", {})
    if not payload.get("summary") or len(payload["summary"]) > 1024 or not payload.get("source"):
        return "'payload' lacks a summary or a source"
    return None if payload.get("severity") in SEVERITIES else "'severity' is none of those it knows"


@contextmanager
def receiving() -> Iterator[Received]:
    """Both, on a port of this machine."""
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        """Answers as the real ones do."""

        def do_POST(self) -> None:
            """One call."""
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, said = received.take(self.path, body)
            answer = said.encode() if isinstance(said, str) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        received.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield received
        server.shutdown()
        thread.join()
