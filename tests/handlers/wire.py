"""One connection of the web server without a network: what is fed to it, what it wrote, and a clock that a test ticks."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from uvicorn import Config
from uvicorn.server import ServerState

from ion_mentoring.handlers.web.connection import Connection


class Loop:
    """The running loop, but for its timers, which fire when a test ticks."""

    def __init__(self) -> None:
        self.create_task = asyncio.get_running_loop().create_task
        self._now = 0.0
        self._timers: list[tuple[float, asyncio.Handle]] = []

    def call_later(self, seconds: float, callback: Callable[..., object], *arguments: Any) -> asyncio.Handle:
        handle = asyncio.Handle(callback, arguments, asyncio.get_running_loop())
        self._timers.append((self._now + seconds, handle))
        return handle

    def tick(self, seconds: float) -> None:
        self._now += seconds
        due = [handle for at, handle in self._timers if at <= self._now]
        self._timers = [timer for timer in self._timers if timer[1] not in due]
        for handle in due:
            if not handle.cancelled():
                handle._run()


class Wire(asyncio.Transport):
    """The transport of one client."""

    def __init__(self, config: Config, state: ServerState, loop: Loop, **named: Any) -> None:
        super().__init__()
        self.written = bytearray()
        self.closed = False
        self.told: list[str] = []
        named = {"most": 100, "new_id": lambda: "id-1", "tell": lambda event, **facts: self.told.append(facts["code"]), **named}
        self.connection = Connection(config, state, {}, loop, **named)
        self.connection.connection_made(self)

    def feed(self, data: bytes, piece: int = 65_536) -> None:
        """Sends as much of it as the server takes."""
        for start in range(0, len(data), piece):
            if self.closed:
                return
            self.connection.data_received(data[start : start + piece])

    async def settled(self) -> None:
        """Returns when no request is under way."""
        while tasks := set(self.connection.tasks):
            await asyncio.wait(tasks)

    def write(self, data: Any) -> None:
        if not self.closed:
            self.written += data

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            asyncio.get_running_loop().call_soon(self.connection.connection_lost, None)

    def is_closing(self) -> bool:
        return self.closed

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 80)}.get(name, default)

    def pause_reading(self) -> None:
        return

    def resume_reading(self) -> None:
        return


@dataclass(frozen=True)
class Heard:
    """One response: its status, its fields by name, and its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def code(self) -> str:
        code: str = json.loads(self.body)["error"]["code"]
        return code


def heard(written: bytes, *, head: bool = False) -> list[Heard]:
    """The responses on a wire, in their order; to a request with the method HEAD (`head`) they have no body."""
    found = []
    while written:
        top, _, rest = written.partition(b"\r\n\r\n")
        first, *lines = top.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        status = int(first.split()[1])
        bodiless = status == 100 or (head and rest[:5] in (b"", b"HTTP/"))
        size = 0 if bodiless else int(headers.get("content-length", len(rest)))  # a stream is all there is
        found.append(Heard(status, headers, rest[:size]))
        written = rest[size:]
    return found


def wires(app: Any, **named: Any) -> Callable[[], Wire]:
    """Makes wires to one server, which share its clock (`.loop`) as its connections do."""
    config = Config(app, lifespan="off", log_config=None, ws="none", proxy_headers=False)
    config.load()
    return partial(Wire, config, ServerState(), Loop(), **named)
