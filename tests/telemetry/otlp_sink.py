"""A receiver of OTLP over HTTP in JSON, which refuses what is no such request."""

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ID = {"traceId": "[0-9a-f]{32}", "spanId": "[0-9a-f]{16}", "startTimeUnixNano": "[0-9]{19}", "endTimeUnixNano": "[0-9]{19}"}


class OtlpSink:
    """The spans that came, each with its service; `stuck` answers nothing for a while."""

    def __init__(self, *, stuck: bool = False) -> None:
        self.spans: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.url = ""
        self.stuck = stuck

    def take(self, body: Mapping[str, Any]) -> int:
        for one in body["resourceSpans"]:
            resource = values(one["resource"])
            for scope in one["scopeSpans"]:
                for span in scope["spans"]:
                    if not all(re.fullmatch(pattern, span[name]) for name, pattern in ID.items()):
                        return 400
                    self.spans.append({**span, "service": resource["service.name"]})
        return 200

    def named(self, name: str) -> dict[str, Any]:
        (found,) = [span for span in self.spans if span["name"] == name]
        return found


def values(span: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes by name."""
    return {one["key"]: next(iter(one["value"].values())) for one in span["attributes"]}


@contextmanager
def receiving(*, stuck: bool = False) -> Iterator[OtlpSink]:
    sink = OtlpSink(stuck=stuck)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            sink.headers.append({name.lower(): value for name, value in self.headers.items()})
            status = sink.take(body) if self.path == "/v1/traces" else 404
            if sink.stuck:
                time.sleep(1)
            self.send_response(status)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        sink.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield sink
        server.shutdown()
        thread.join()
