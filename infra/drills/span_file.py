"""A receiver of OTLP that writes what it gets into a file, a document a line, as `ion trace` reads it."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Final

from infra.drills.stand_in_model import content_length
from infra.drills.way import HOST

TAKEN: Final = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"


class SpanFile:
    """Listens on a port of this machine, as a context; `url` is what OTEL_EXPORTER_OTLP_ENDPOINT takes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = ""

    async def __aenter__(self) -> "SpanFile":
        self.path.unlink(missing_ok=True)
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        self.url = f"http://{HOST}:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(content_length(head))
            with self.path.open("ab") as file:
                file.write(body.strip() + b"\n")
            writer.write(TAKEN)
            await writer.drain()
        writer.close()
