"""A router and a batch function over one store, and a topic between them whose messages a test delivers when it likes."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from ion_mentoring.access.api_keys import NewKey
from ion_mentoring.handlers.web.app import App
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.batch import BatchFunction
from ion_mentoring.wiring.router import build
from tests.fakes import client


@dataclass
class Topic:
    """Takes messages as Pub/Sub does, and keeps them; None of them while it is `away`."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    done: list[dict[str, Any]] = field(default_factory=list)
    away: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request of a connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(next(line for line in head.lower().split("\r\n") if line.startswith("content-length")).split(":")[1])
        body = await reader.readexactly(length)
        status = "503 Away" if self.away else "200 OK"
        if not self.away:
            taken = self.done if "mentoring-batch-done" in head.split("\r\n")[0] else self.messages
            taken += [json.loads(base64.b64decode(one["data"])) for one in json.loads(body)["messages"]]
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}".encode())
        await writer.drain()
        writer.close()


@dataclass
class BatchSet:
    """The set; `keys` are those of callers by name."""

    app: App
    router: httpx2.AsyncClient
    worker: httpx2.AsyncClient
    topic: Topic
    keys: Mapping[str, NewKey]
    store: str

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages that wait."""
        return self.topic.messages

    def key(self, name: str) -> dict[str, str]:
        """The header of a caller."""
        return {"x-api-key": self.keys[name].secret}

    async def deliver(self, message: Mapping[str, Any], path: str = "/") -> httpx2.Response:
        """Pushes one message."""
        data = base64.b64encode(json.dumps(message).encode()).decode()
        return await self.worker.post(path, json={"message": {"data": data, "messageId": "7"}})

    async def work(self) -> None:
        """Delivers messages, and those that come of them, until there is none."""
        while self.messages:
            waiting, self.messages[:] = list(self.messages), []
            for message in waiting:
                response = await self.deliver(message)
                assert response.status_code == 200, response.text


@asynccontextmanager
async def batch_set(
    settings: Mapping[str, str], setenv: Callable[[str, str], None], keys: Mapping[str, NewKey] | None = None
) -> AsyncIterator[BatchSet]:
    """A set with these settings; `setenv` sets the environment of the batch function, which reads it."""
    topic = Topic()
    server = await asyncio.start_server(topic.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings = {**settings, "PUBSUB_EMULATOR_HOST": f"127.0.0.1:{port}"}
    for name, value in {**settings, "ENVIRONMENT": "local"}.items():  # where the worker's door stands open
        setenv(name, value)
    app, function = build(RouterSettings.read(settings)), BatchFunction()
    async with client(app) as router, client(function.http) as worker:
        yield BatchSet(app, router, worker, topic, keys or {}, settings["STORE"])
    server.close()
    await server.wait_closed()
