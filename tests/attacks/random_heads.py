"""Heads of random bytes from a seed: sound ones with something wrong in one or more places."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.attacks import sets

SOUND: list[tuple[str, str, bytes]] = [
    ("GET", "/health", b""),
    ("GET", "/api/v2/health", b""),
    ("GET", "/api/v2/status", b""),
    ("GET", "/api/v2/personas", b""),
    ("GET", "/api/v2/personas/Lua", b""),
    ("GET", "/", b""),
    ("GET", "/docs", b""),
    ("POST", "/api/v2/resonance", b'{"text":"I am tired"}'),
    ("POST", "/api/v2/process", b'{"user_input":"How do I ask for a raise?"}'),
    ("POST", "/chat", b'{"message":"How do I ask for a raise?"}'),
    ("POST", "/api/persona/process", b'{"user_input":"Hello","resonance_key":"calm-medium-learning"}'),
    ("GET", "/nowhere", b""),
    ("GET", "/api/v2/personas/nobody", b""),
    ("DELETE", "/api/v2/process", b""),
    ("POST", "/api/v2/cache/clear", b""),
    ("POST", "/api/v2/resonance", b'{"text":""}'),
    ("POST", "/api/v2/process", b"{"),
]
METHODS = [
    "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "CONNECT", "PRI", "get", "G\u00cbT", "M-SEARCH",
    "QUERY", "A" * 40, "()",
]  # fmt: skip
SPOILT_PATHS = [
    "*", "", "//", "http://evil.example/health", "evil.example:443", "/%", "/%00", "/%ff", "/..%2f..", "/health?%",
    "/\xff", "/a b",
]  # fmt: skip
VERSIONS = ["HTTP/1.0", "HTTP/1.1 ", "HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "HTTP/9.9", "http/1.1", "", "ICY"]
NAMES = [
    "accept", "accept-language", "accept-encoding", "accept-charset", "authorization", "x-api-key", "content-type",
    "content-encoding", "content-language", "cookie", "host", "origin", "referer", "user-agent", "x-request-id",
    "traceparent", "tracestate", "baggage", "last-event-id", "idempotency-key", "range", "if-match", "if-none-match",
    "if-modified-since", "expect", "te", "trailer", "forwarded", "x-forwarded-for", "x-forwarded-proto",
    "x-forwarded-host", "x-real-ip", "x-original-url", "x-http-method-override", "sec-fetch-site", "sec-websocket-key",
    "sec-websocket-version", "access-control-request-method", "access-control-request-headers", "x-cloud-trace-context",
    "date", "via", "max-forwards", "prefer", "priority", "early-data", "dnt", "http2-settings",
]  # fmt: skip
VALUES = [
    "ko;q=\xb2", "ko;q=1e999", "en;q=nan", "en;q=-1", "en;q=0.5;q=1", "text/event-stream;q=0",
    "text/event-stream;q=\xb9", "*/*;q=\xbc", "application/json; charset=\xb2", "application/json; charset=utf-7",
    "application/json;charset=undefined", "text/plain", "gzip", "multipart/form-data", "bytes=0-", "bytes=\xb2-\xb3",
    "100-continue", "00-" + "0" * 32 + "-" + "0" * 16 + "-00", "00-\xb2-1-01",
    "ff-" + "a" * 32 + "-" + "b" * 16 + "-01", "Bearer", "Bearer a.b.c", "Bearer \xe9.\xe9.\xe9", "Basic =", "1" * 5000,
    "-1", "\xb2\xb3", "null", "[::1", "[", "localhost:\xb2", "localhost:99999", "\xed\xa0\x80", "\xff\xfe", "\x00",
    "\x1b[31m", "a\tb", " ", "", ",", ";", "=", "1.2.3.4", "\u0660.\u0661".encode().decode("latin-1"),
    "1.1." + "9" * 400, "fe80::1%" + "z" * 300, "%s%n{0}{x}${x}", "a" * 9000,
]  # fmt: skip
FRAMES = [
    ("connection", "upgrade"), ("upgrade", "websocket"), ("upgrade", "h2c"), ("connection", "close"),
    ("connection", "\xb2"), ("content-length", "x"), ("content-length", "-1"), ("content-length", "\xb2"),
    ("content-length", "0"), ("content-length", "+1"), ("content-length", "0x1"), ("content-length", "9" * 30),
    ("transfer-encoding", "gzip"), ("transfer-encoding", "\xb2"), ("transfer-encoding", "identity"),
    ("transfer-encoding", " chunked"), ("transfer-encoding", "chunked, chunked"),
]  # fmt: skip


_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True)
class Head:
    data: bytes
    sound: bool  # its frame is whole, so that an answer has to come


def _bytes(chance: random.Random, most: int = 24) -> str:
    return chance.randbytes(chance.randrange(1, most)).decode("latin-1")


def _value(chance: random.Random) -> str:
    value = chance.choice(VALUES) if chance.random() < 0.7 else _bytes(chance)
    if chance.random() < 0.3:
        place = chance.randrange(len(value) + 1)
        value = value[:place] + _bytes(chance, 4) + value[place:]
    return value


def _line(chance: random.Random, method: str, path: str) -> str:
    kind = chance.random()
    if kind < 0.1:
        method = chance.choice(METHODS) if chance.random() < 0.9 else _bytes(chance)
    elif kind < 0.2:
        path = path + _bytes(chance) if chance.random() < 0.5 else chance.choice(SPOILT_PATHS)
    elif kind < 0.23:
        return f"{method} {path} {chance.choice(VERSIONS)}"
    return f"{method} {path} HTTP/1.1"


def _one(chance: random.Random, number: int) -> Head:
    method, path, body = chance.choice(SOUND)
    fields = [("host", "localhost"), ("x-api-key", sets.SERVICE), ("content-type", "application/json")]
    fields = [field for field in fields if chance.random() < 0.95]
    fields += [(chance.choice(NAMES), _value(chance)) for _ in range(chance.randrange(4))]
    if chance.random() < 0.02:
        fields.append((_bytes(chance), _value(chance)))
    framed = chance.random() < 0.02
    if framed:
        fields += chance.sample(FRAMES, chance.randrange(1, 3))
    fields.append(("x-forwarded-for", f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"))
    fields.append(("content-length", str(len(body))))
    lines = [_line(chance, method, path), *(f"{name}: {value}" for name, value in fields)]
    if chance.random() < 0.9:  # what no parser takes would hide the rest
        lines = [_CONTROLS.sub("", line) for line in lines]
    broken = any("\r" in line or "\n" in line for line in lines)
    data = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body
    return Head(data, not framed and not broken and not data.startswith(b"CONNECT"))


def made(seed: int, count: int) -> Iterator[Head]:
    chance = random.Random(seed)
    return (_one(chance, number) for number in range(count))
