"""A stand-in for a model's server: an OpenAI-compatible endpoint that says the same thing to everybody, whole or streamed."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from infra.drills.way import HOST

NAME: Final = "stand-in"
PIECES: Final = (
    "Write down the three questions ",
    "that you fear most, ",
    "and answer each of them aloud. ",
    "Which one is first?",
)
CREATED: Final = 1_790_000_000
USAGE: Final = {"prompt_tokens": 40, "completion_tokens": 20, "total_tokens": 60}
HEAD: Final = "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\n\r\n"


class StandInModel:
    """Listens on a port of this machine, as a context. `takes_s` is how long it thinks before it speaks."""

    def __init__(self, takes_s: float = 0.03) -> None:
        self.takes_s = takes_s
        self.asked = 0
        self.port = 0

    async def __aenter__(self) -> "StandInModel":
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            body = json.loads(await reader.readexactly(content_length(head)) or b"{}")
            self.asked += 1
            await asyncio.sleep(self.takes_s)
            writer.write(_streamed(body) if body.get("stream") else _whole(body))
            await writer.drain()
        writer.close()


def content_length(head: bytes) -> int:
    """The number of bytes that a request's head announces; 0 if it announces none."""
    fields = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return next((int(value) for name, _, value in fields if name.strip().lower() == b"content-length"), 0)


def _form(kind: str, **more: Any) -> dict[str, Any]:
    return {"id": "chatcmpl-drill", "object": kind, "created": CREATED, "model": NAME, **more}


def _whole(_body: Mapping[str, Any]) -> bytes:
    message = {"role": "assistant", "content": "".join(PIECES)}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    form = _form("chat.completion", choices=[choice], usage=USAGE)
    return HEAD.format(kind="application/json").encode() + json.dumps(form).encode()


def _streamed(_body: Mapping[str, Any]) -> bytes:
    return HEAD.format(kind="text/event-stream").encode() + b"".join(_events())


def _events() -> Iterator[bytes]:
    for piece in PIECES:
        yield _event(choices=[{"index": 0, "delta": {"content": piece}, "finish_reason": None}])
    yield _event(choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}])
    yield _event(choices=[], usage=USAGE)
    yield b"data: [DONE]\n\n"


def _event(**more: Any) -> bytes:
    return f"data: {json.dumps(_form('chat.completion.chunk', **more))}\n\n".encode()
