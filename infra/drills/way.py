"""The way to a dependency: a TCP forwarder that can be broken while connections use it, and be mended again."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

HOST: Final = "127.0.0.1"
PIECE: Final = 65_536


@dataclass(frozen=True, slots=True)
class Manner:
    """The manner of a way: whether it refuses, freezes, delays replies, cuts them off, or says something in place of them."""

    name: str
    refuses: bool = False
    freezes: bool = False
    delay_s: float = 0.0
    cut_after: int | None = None  # bytes of reply a connection gets
    says: bytes | None = None


OPEN: Final = Manner("open")


class Way:
    """Leads connections to the port `to` of this machine; use `open` and `close`, or a context."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.port = 0
        self._manner = OPEN
        self._thawed = asyncio.Event()
        self._thawed.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "Way":
        await self._listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._thawed.set()
        await self._deaf()

    async def become(self, manner: Manner) -> None:
        """Takes another manner. Connections stay open where it only freezes or delays them; any other manner ends them."""
        self._manner = manner
        if manner.refuses:
            await self._deaf()
            return
        if self._server is None:
            await self._listen()
        if manner.says is not None or manner.cut_after is not None:
            self._abort()
        if manner.freezes:
            self._thawed.clear()
        else:
            self._thawed.set()

    async def mend(self) -> None:
        """Leads on as before."""
        lies = self._manner.says is not None
        await self.become(OPEN)
        if lies:  # whoever was told nonsense on a connection shall not take what comes next for its end
            self._abort()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _deaf(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
            self._abort()
            await asyncio.gather(*self._serving, return_exceptions=True)
            await asyncio.sleep(0)  # in which the aborted ones let go of their sockets

    def _abort(self) -> None:
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)
        self._writers.add(writer)
        try:
            with suppress(OSError):
                await (self._lie(reader, writer) if self._manner.says is not None else self._lead(reader, writer))
        finally:
            writer.transport.abort()
            self._writers.discard(writer)

    async def _lie(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(PIECE):
            writer.write(self._manner.says or b"")
            await writer.drain()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, onward = await asyncio.open_connection(HOST, self.to)
        self._writers.add(onward)
        try:
            pumps = (asyncio.ensure_future(self._ask(reader, onward)), asyncio.ensure_future(self._reply(there, writer)))
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
        finally:
            onward.transport.abort()
            self._writers.discard(onward)

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(PIECE):
            await self._thawed.wait()
            writer.write(piece)
            await writer.drain()

    async def _reply(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent = 0
        while piece := await reader.read(PIECE):
            manner = self._manner
            await asyncio.sleep(manner.delay_s)
            await self._thawed.wait()
            if manner.cut_after is not None:
                piece = piece[: max(0, manner.cut_after - sent)]
                if not piece:
                    return
            sent += len(piece)
            writer.write(piece)
            await writer.drain()
