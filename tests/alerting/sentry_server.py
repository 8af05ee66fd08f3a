"""A stand-in for the part of Sentry's API that detectors and workflows need; its old alert rules are gone."""

import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class SentryServer:
    """Detectors and workflows by id, two a page; `calls` are those that changed something; `gone` retires these, too."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {"detectors": {}, "workflows": {}}
        self.calls: list[tuple[str, str]] = []
        self.gone = False
        self.url = ""
        self._ids = itertools.count(1)

    def answer(self, method: str, path: str, query: str, body: Any) -> tuple[int, Any, str]:
        parts = path.strip("/").split("/")[4:]  # api, 0, organizations, acme
        if self.gone or "alert-rules" in parts:
            return 410, {"detail": "This API no longer exists."}, ""
        if parts[0] == "projects":
            parts = parts[2:]
        kind = self.kept.get(parts[0])
        if kind is None:
            return 404, {"detail": "The requested resource does not exist"}, ""
        if method == "GET":
            return self._page(list(kind.values()), int(query.removeprefix("cursor=") or 0))
        self.calls.append((method, parts[0]))
        id = parts[1] if method == "PUT" else str(next(self._ids))
        kind[id] = self._stored(id, body)
        return 201, kind[id], ""

    def _stored(self, id: str, body: dict[str, Any]) -> dict[str, Any]:
        """A body as Sentry gives it back: with ids and dates, and the query of a data source two levels down."""
        stored = {**body, "id": id, "dateCreated": "2026-11-28T00:00:00Z"}
        if "dataSources" in body:
            asked = [{name: value for name, value in one.items() if name != "queryType"} for one in body["dataSources"]]
            stored["dataSources"] = [{"id": "7", "queryObj": {"status": 0, "snubaQuery": {"id": "8", **one}}} for one in asked]
        return stored

    def _page(self, all_: list[Any], cursor: int) -> tuple[int, Any, str]:
        more = "true" if cursor + 2 < len(all_) else "false"
        link = f'<{self.url}/x?cursor={cursor + 2}>; rel="next"; results="{more}"; cursor="{cursor + 2}"'
        return 200, all_[cursor : cursor + 2], link


@contextmanager
def serving() -> Iterator[SentryServer]:
    stand_in = SentryServer()

    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            path, _, query = self.path.partition("?")
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            if self.headers["authorization"] != "Bearer token":
                status, said, link = 401, {"detail": "Invalid token"}, ""
            else:
                status, said, link = stand_in.answer(self.command, path, query, body)
            answer = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            if link:
                self.send_header("link", link)
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PUT = handle_one  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        stand_in.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield stand_in
        server.shutdown()
        thread.join()
