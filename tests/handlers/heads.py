"""Heads of requests as nobody's client writes them: each is drawn from a seed and a number, so that one can be drawn again."""

from random import Random
from typing import Final

HEAD_ALONE: Final = b"HEAD"
METHODS: Final = (
    *(b"GET", b"POST", HEAD_ALONE, b"OPTIONS", b"PUT", b"DELETE", b"PATCH", b"TRACE", b"CONNECT", b"PROPFIND", b"M-SEARCH"),
    *(b"PRI", b"get", b"QUERY", b"\xb2", b"GET\x00", b"G" * 300),
)
PATHS: Final = (
    *(
        b"/",
        b"/nowhere",
        b"/health",
        b"/chat",
        b"/docs",
        b"/openapi.json",
        b"/robots.txt",
        b"/favicon.ico",
        b"*",
        b"//",
        b"/%0a",
    ),
    *(b"/api/v2/health", b"/api/v2/status", b"/api/v2/process", b"/api/v2/bulk-process", b"/api/v2/recommend"),
    *(b"/api/v2/personas", b"/api/v2/personas/lua", b"/api/v2/personas/%b2", b"/api/v2/cache/clear", b"/api/v2/cache-stats"),
    *(b"/api/v2/cache/invalidate?pattern=%b2", b"/api/v2/cache/invalidate?pattern=[", b"/api/persona/process"),
    *(
        b"/docs/assets/swagger-ui.css",
        b"/docs/assets/%2e%2e",
        b"/docs/assets/\xb2",
        b"http://localhost/nowhere",
        b"localhost:80",
    ),
    *(
        b"/functions/lua/answer",
        b"/functions/lua/health",
        b"/functions/",
        b"/v1/projects/local/topics/x:publish",
        b"/local/bus",
    ),
)
NAMES: Final = (
    *(b"accept", b"accept-language", b"authorization", b"connection", b"content-encoding", b"content-length", b"content-type"),
    *(
        b"cookie",
        b"expect",
        b"host",
        b"if-none-match",
        b"idempotency-key",
        b"last-event-id",
        b"origin",
        b"range",
        b"sec-fetch-site",
    ),
    *(b"traceparent", b"transfer-encoding", b"upgrade", b"x-api-key", b"x-deadline-ms", b"x-forwarded-for", b"x-request-id"),
    *(b"function-execution-id", b"x-cloud-trace-context", b"forwarded", b"te", b"trailer", b"http2-settings"),
)
VALUES: Final = (
    *(b"", b"ko;q=\xb2", b"en;q=1e999", b"ko;q=0", b"*/*", b"text/event-stream", b"text/event-stream;q=0", b"application/json"),
    *(
        b"application/json; charset=\xb2",
        b"Bearer ",
        b"Bearer a.b.c",
        b"Basic eDp5",
        b"close",
        b"Upgrade",
        b"websocket",
        b"h2c",
    ),
    *(
        b"gzip",
        b"identity",
        b"chunked",
        b"chunked, identity",
        b"100-continue",
        b"\xb2",
        b"\xd9\xa3",
        b"-1",
        b"0",
        b"2",
        b"1048577",
    ),
    *(b"9" * 30, b"9" * 5_000, b"nan", b"inf", b"bytes=x", b"bytes=0-", b"bytes=5-2,9-1", b"localhost", b"evil.example"),
    *(
        b"http://localhost",
        b"null",
        b"cross-site",
        b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        b"00-\xb2-\xb2-\xb2",
    ),
    *(
        b"203.0.113.9, \xb2",
        b"[::1]:x, ,",
        b"%s%n%x",
        b"{}{0}{field}",
        b"${jndi:x}",
        b"a.1",
        b"a.\xb2",
        b"x" * 9_000,
        b"\x00",
        b"\t",
    ),
)
BODIES: Final = (
    b"",
    b"{}",
    b'{"user_input": "hello"}',
    b'{"message": "hello"}',
    b'{"requests": [{"user_input": 1}]}',
    b"\xb2",
    b"null",
)
BAD: Final = bytes(sorted({*range(256)} - {*b"\r\n"}))


class Heads:
    """Draws requests: the method, and all of its bytes."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def draw(self, number: int) -> tuple[bytes, bytes]:
        """Request `number` of this seed."""
        random = Random(f"{self._seed} {number}")
        method = random.choice(METHODS) if random.random() < 0.9 else _bytes(random, 8)
        path = _path(random)
        body = random.choice(BODIES) if random.random() < 0.5 else b""
        fields = [(_name(random), _value(random)) for _ in range(random.choice((0, 1, 1, 2, 3, 6)))]
        if random.random() < 0.85:
            fields.append((b"host", b"localhost"))
        if body and random.random() < 0.9:
            fields += [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        if random.random() < 0.005:
            fields += [(b"x", b"y")] * 120
        random.shuffle(fields)
        lines = b"".join(b"%b:%b%b\r\n" % (name, random.choice((b"", b" ")), value) for name, value in fields)
        return method, b"%b %b HTTP/1.1\r\n%b\r\n%b" % (method, path, lines, body)


def _path(random: Random) -> bytes:
    path = random.choice(PATHS)
    kind = random.random()
    if kind < 0.6:
        return path
    if kind < 0.8:
        return path + b"?" * random.randrange(2) + b"%%%02x" % random.randrange(256)
    place = random.randrange(len(path) + 1)
    return path[:place] + _bytes(random, 4) + path[place:]


def _name(random: Random) -> bytes:
    return random.choice(NAMES) if random.random() < 0.9 else _bytes(random, 12)


def _value(random: Random) -> bytes:
    kind = random.random()
    if kind < 0.5:
        return random.choice(VALUES)
    if kind < 0.7:
        value = random.choice(VALUES)
        place = random.randrange(len(value) + 1)
        return value[:place] + _bytes(random, 3) + value[place:]
    return _bytes(random, 40)


def _bytes(random: Random, most: int) -> bytes:
    return bytes(random.choice(BAD) for _ in range(random.randrange(most) + 1))
