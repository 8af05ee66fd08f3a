"""One address that leads to a server: a TCP forwarder whose new connections can be led to another, while old ones stay."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

SETTLES_S = 0.02


class Forwarder:
    """Leads each new connection to the port `to`; `led` are the ports that connections were led to."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.led: list[int] = []
        self.port = 0
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)
        with suppress(asyncio.CancelledError):
            await serving

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.led.append(self.to)
        async with _closing(writer):
            with suppress(OSError):
                onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", self.to)
                async with _closing(onward_writer):
                    await asyncio.gather(_pumped(reader, onward_writer), _pumped(onward_reader, writer))

    async def close(self) -> None:
        """Ends every connection, also one that is only being made, so that none is left to a later test."""
        await asyncio.sleep(SETTLES_S)  # what was just accepted begins to be served
        for serving in tuple(self._serving):
            serving.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await asyncio.sleep(SETTLES_S)  # and what was closed leaves the loop


@asynccontextmanager
async def _closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    try:
        yield
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


@asynccontextmanager
async def forwarding(to: int) -> AsyncIterator[Forwarder]:
    """A forwarder that listens until the end."""
    forwarder = Forwarder(to)
    server = await asyncio.start_server(forwarder.serve, "127.0.0.1", 0)
    forwarder.port = server.sockets[0].getsockname()[1]
    try:
        yield forwarder
    finally:
        server.close()
        await forwarder.close()
        await server.wait_closed()


async def _pumped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
