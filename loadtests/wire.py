"""A connection of one user, on gevent: a request and its whole answer, with the time of its first text."""

import time
from typing import Any, Final

import gevent
from geventhttpclient import HTTPClient
from geventhttpclient._parser import HTTPParseError

from loadtests.asking import Asked, Got

PATIENCE_S: Final = 60.0
FIRST_TEXT: Final = b"event: delta"


class Wire:
    """One connection at a time to the set at `url`, kept open between requests."""

    def __init__(self, url: str) -> None:
        self._client = HTTPClient.from_url(url, concurrency=1, connection_timeout=10.0, network_timeout=PATIENCE_S)

    def exchange(self, asked: Asked) -> Got:
        """Send a request and wait for the end of its answer; a connection that breaks is an answer with status 0."""
        began = time.perf_counter()
        try:
            with gevent.Timeout(PATIENCE_S):
                response = self._client.request(asked.method, asked.path, body=asked.body, headers=dict(asked.headers))
                try:
                    body, first = self._read(response, asked)
                finally:
                    response.release()
                status, request_id = int(response.status_code), response.get("x-request-id")
        except (OSError, gevent.Timeout, HTTPParseError) as error:
            return Got(0, b"", (time.perf_counter() - began) * 1000, failure=type(error).__name__)
        ended = (time.perf_counter() - began) * 1000
        return Got(status, body, ended, None if first is None else (first - began) * 1000, request_id)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    @staticmethod
    def _read(response: Any, asked: Asked) -> tuple[bytes, float | None]:
        if asked.form != "stream":
            return bytes(response.read()), None
        lines, first = [], None
        while line := response.readline(b"\n"):
            if first is None and line.startswith(FIRST_TEXT):
                first = time.perf_counter()
            lines.append(line)
        return b"".join([*lines, bytes(response.read())]), first
