"""What an outsider says to a port: whole calls, and bytes that are none."""

import contextlib
import http.client
import json
import socket
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Fields = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for known, value in self.headers if known.lower() == name.lower()), None)

    def json(self) -> Any:
        return json.loads(self.body)


def _encoded(body: object) -> bytes | None:
    return body if body is None or isinstance(body, bytes) else json.dumps(body).encode()


def send(connection: http.client.HTTPConnection, method: str, path: str, headers: Fields = (), body: object = None) -> Answer:
    """One call on a connection that stays open; every given field is a line of its own."""
    data, fields = _encoded(body), list(headers)
    given = {name.lower() for name, _ in fields}
    connection.putrequest(method, path, skip_host="host" in given, skip_accept_encoding=True)
    if data is not None and "content-type" not in given:
        fields.append(("content-type", "application/json"))
    if data is not None and not {"content-length", "transfer-encoding"} & given:
        fields.append(("content-length", str(len(data))))
    for name, value in fields:
        connection.putheader(name, value)
    connection.endheaders(data)
    response = connection.getresponse()
    return Answer(response.status, tuple(response.getheaders()), response.read())


def call(port: int, method: str, path: str, headers: Fields = (), body: object = None, *, timeout: float = 30) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    with contextlib.closing(connection):
        return send(connection, method, path, headers, body)


def connect(port: int, timeout: float = 10) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout)


def head(method: str, path: str, headers: Fields = ()) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "host: localhost", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def until_closed(link: socket.socket, within_s: float) -> tuple[bytes, float | None]:
    """What came, and after how many seconds the other side closed; None where it did not."""
    began, got = time.monotonic(), b""
    while (left := began + within_s - time.monotonic()) > 0:
        link.settimeout(left)
        try:
            piece = link.recv(65536)
        except TimeoutError:
            break
        except OSError:
            return got, time.monotonic() - began
        if not piece:
            return got, time.monotonic() - began
        got += piece
    return got, None


def status_of(raw: bytes) -> int | None:
    first = raw.split(b"\r\n", 1)[0].split(b" ")
    return int(first[1]) if len(first) > 1 and first[1].isdigit() else None


def quickest_s(times: int, ask: Callable[[], object]) -> float:
    return min(_seconds(ask) for _ in range(times))


def worst_of_99_percent(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100)[98] if len(seconds) > 1 else seconds[0]


def _seconds(ask: Callable[[], object]) -> float:
    began = time.monotonic()
    ask()
    return time.monotonic() - began


def is_our_error(body: bytes) -> bool:
    """The error form of v2 or of v1."""
    try:
        said = json.loads(body)
    except ValueError:
        return False
    if not isinstance(said, dict):
        return False
    error = said.get("error")
    ours = isinstance(error, dict) and {"code", "message", "field", "details"} <= error.keys() and said.get("success") is False
    return set(said) == {"detail"} or (ours and {"request_id", "timestamp"} <= said.keys())
