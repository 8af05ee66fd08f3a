"""A receiver of Sentry's envelopes, which keeps what came."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Self


def _unbrotli(body: bytes) -> bytes:
    """The client prefers brotli wherever it happens to be installed."""
    import brotli

    unpacked: bytes = brotli.decompress(body)
    return unpacked


DECODERS = {"gzip": gzip.decompress, "br": _unbrotli}
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"


class Sink:
    """Envelopes as they came; `stuck` takes them and answers nothing."""

    def __init__(self, *, stuck: bool = False) -> None:
        self.bodies: list[bytes] = []
        self.port = 0
        self._stuck = stuck
        self._came = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def dsn(self) -> str:
        return f"http://key@127.0.0.1:{self.port}/1"

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Self]:
        """Listens, and closes every connection at the end."""
        async with await asyncio.start_server(self._serve, "127.0.0.1", 0) as server:
            self.port = server.sockets[0].getsockname()[1]
            yield self
        while self._writers:
            writer = self._writers.pop()
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError):
            await self._taken(reader, writer)
        writer.close()

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length: ")[1].split("\r\n")[0])
        body = await reader.readexactly(length)
        self.bodies.append(DECODERS[head.split("content-encoding: ")[1].split("\r\n")[0]](body))
        self._came.set()
        if self._stuck:
            await reader.read()
        writer.write(ANSWER)
        await writer.drain()

    def items(self, kind: str) -> list[dict[str, Any]]:
        """All items of a type; those that come in lists one by one."""
        found: list[dict[str, Any]] = []
        for body in self.bodies:
            lines = body.split(b"\n")[1:]
            for head, payload in zip(lines[::2], lines[1::2], strict=False):
                if head and json.loads(head)["type"] == kind:
                    said = json.loads(payload)
                    found.extend(said.get("items", [said]))
        return found

    async def heard(self, kind: str, count: int = 1, *, within_s: float = 20) -> list[dict[str, Any]]:
        """The items of a type, once there are so many."""
        async with asyncio.timeout(within_s):
            while len(found := self.items(kind)) < count:
                self._came.clear()
                await self._came.wait()
        return found


def plain(item: dict[str, Any]) -> dict[str, Any]:
    """The attributes of an item, by name."""
    return {name: attribute["value"] for name, attribute in item["attributes"].items()}
