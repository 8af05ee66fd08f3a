"""One address that leads to a server: a TCP forwarder whose new connections can be led to another, while old ones stay."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Forwarder:
    """Leads each new connection to the port `to`; `led` are the ports that connections were led to."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.led: list[int] = []
        self.port = 0
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.led.append(self.to)
        try:
            onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            writer.close()
            return
        self._writers |= {writer, onward_writer}
        await asyncio.gather(_pumped(reader, onward_writer), _pumped(onward_reader, writer))
        self._writers -= {writer, onward_writer}

    def close(self) -> None:
        for writer in self._writers:
            writer.close()


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
        forwarder.close()
        await server.wait_closed()


async def _pumped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
