"""No head of any bytes gives a 5xx, or a body that is not our form; where it is sound enough, it gets an answer."""

import collections
import contextlib
import socket
from typing import BinaryIO

import pytest

from tests.attacks import random_heads, sets, wire

SILENCE_S = 0.4


class Talk:
    """One connection as long as it lasts, then another, and what came over them."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._link: socket.socket | None = None
        self._came: BinaryIO | None = None
        self.odd: collections.Counter[str] = collections.Counter()
        self.codes: collections.Counter[int] = collections.Counter()
        self.examples: dict[str, bytes] = {}

    def close(self) -> None:
        if self._link and self._came:
            self._came.close()
            self._link.close()
        self._link = self._came = None

    def say(self, head: random_heads.Head) -> None:
        if self._link is None or self._came is None:
            self._link = wire.connect(self._port)
            self._came = self._link.makefile("rb")
        self._link.settimeout(10 if head.sound else SILENCE_S)
        with contextlib.suppress(OSError):
            self._link.sendall(head.data)
        if not self._one(self._came, head) or not head.sound:
            self.close()

    def _one(self, came: BinaryIO, head: random_heads.Head) -> bool:
        """Whether more may come on this connection."""
        bodiless = head.data.startswith(b"HEAD ")
        try:
            line, fields, body = _read(came, bodiless)
        except TimeoutError:
            return self._note("no answer", head) if head.sound else False
        except OSError:
            return False
        if not line:
            return self._note("closed without an answer", head) if head.sound else False
        status = int(line.split()[1])
        self.codes[status] += 1
        if status >= 500:
            self._note(f"{status}", head)
        if status >= 400 and not bodiless and not wire.is_our_error(body):
            self._note(f"{status} with a foreign body {body[:60]!r}", head)
        if status >= 200 and not fields.get(b"x-request-id"):
            self._note(f"{status} without a request id", head)
        return fields.get(b"connection", b"").lower() != b"close"

    def _note(self, what: str, head: random_heads.Head) -> bool:
        self.odd[what] += 1
        self.examples.setdefault(what, head.data[:400])
        return False


def _read(came: BinaryIO, bodiless: bool) -> tuple[bytes, dict[bytes, bytes], bytes]:
    line = came.readline()
    while line.startswith(b"HTTP/1.1 1") and not line.startswith(b"HTTP/1.1 101"):
        while came.readline() not in {b"\r\n", b""}:
            pass
        line = came.readline()
    fields = {}
    while (field := came.readline()) not in {b"\r\n", b""}:
        name, _, value = field.partition(b":")
        fields[name.strip().lower()] = value.strip()
    if bodiless or line.split()[1:2] in ([b"204"], [b"304"], [b"101"]):
        return line, fields, b""
    if fields.get(b"transfer-encoding") == b"chunked":
        body = b""
        while size := int(came.readline() or b"0", 16):
            body += came.read(size)
            came.readline()
        came.readline()
        return line, fields, body
    return line, fields, came.read(int(fields[b"content-length"])) if b"content-length" in fields else came.read()


@pytest.mark.proof
@pytest.mark.parametrize("count", [100_000])
def test_no_head_breaks_the_set(strict: sets.Running, request: pytest.FixtureRequest, count: int) -> None:
    seed, said = request.config.getoption("seed", 20261128), Talk(strict.port)
    with contextlib.closing(said):
        for head in random_heads.made(seed, request.config.getoption("heads", None) or count):
            said.say(head)
    assert wire.call(strict.port, "GET", "/health").status == 200
    assert said.codes[200] > said.codes.total() / 10, said.codes
    odd = [f"{what}, {times} times, such as {said.examples[what]!r}" for what, times in said.odd.items()]
    assert not odd, "\n".join(odd)
    assert "Traceback" not in strict.said()
