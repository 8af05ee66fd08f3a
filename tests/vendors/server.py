"""The stand-in vendor: a real HTTP server on loopback that does with each request what a script plans, and keeps books.

A vendor's format is a wire (`tests.vendors.plan.Wire`): a class without state in a file of its own (`openai_wire.py` is the
example), which tells whether a path is its own and renders an Answer (request, plan, counts) to that vendor's bytes. It plugs
in by its line in WIRES. Waiting, cutting, hanging and billing are done here and in `connection.py`, alike for all wires.

In a test:

    async with Vendor(script=lambda request: Plan(pieces=("Hello", "."), input_tokens=7)) as vendor:
        ...  # ask at vendor.url; then look at vendor.requests, vendor.billed, vendor.left, vendor.most_at_once

By hand and for benchmarks: `python -m tests.vendors.server --port 9000 --first-s 0.3 --delay-s 0.02 --pieces 40`.
"""

import argparse
import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Final, Self

from tests.vendors.connection import Connection
from tests.vendors.gemini_wire import GeminiWire
from tests.vendors.openai_wire import OpenAIWire
from tests.vendors.plan import Answer, Billed, Plan, Request, Wire, counted_tokens

WIRES: Final[tuple[Wire, ...]] = (OpenAIWire(), GeminiWire())

Script = Callable[[Request], Plan]


class Vendor:
    """Serves from entering to leaving. `script` may be replaced at any time; an error in it is raised when the vendor closes.

    `requests`, in the order of their coming; by request id `billed`, tokens, and `sent`, bytes of body; `left`, ids of requests
    whose client went away before their end; `most_at_once`, the highest number of requests under way together; `connections`,
    how many were made.
    """

    def __init__(self, script: Script = lambda request: Plan(), *, port: int = 0, wires: Sequence[Wire] = WIRES) -> None:
        self.script = script
        self.requests: list[Request] = []
        self.billed: dict[str, Billed] = {}
        self.sent: dict[str, int] = {}
        self.left: list[str] = []
        self.most_at_once = 0
        self.connections = 0
        self._port = port
        self._wires = wires
        self._open: set[Connection] = set()
        self._works: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._busy = asyncio.Event()
        self._failures: list[BaseException] = []

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, "127.0.0.1", self._port, backlog=1_024)
        self._port = self._server.sockets[0].getsockname()[1]
        self._idle.set()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.close()
        self._abort()
        await self.idle()
        if self._failures:
            raise self._failures[0]

    @property
    def url(self) -> str:
        """Where it listens, without a path."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def total(self) -> Billed:
        """All that it has billed."""
        return sum(self.billed.values(), Billed())

    @property
    def at_once(self) -> int:
        """How many requests are under way now."""
        return len(self._works)

    async def idle(self) -> None:
        """Waits until nothing is under way: a client that has left is then noticed, and its bill is final."""
        await self._idle.wait()

    async def busy(self) -> None:
        """Waits until a request is under way."""
        await self._busy.wait()

    def received(self, method: str, target: str, headers: dict[str, str], body: Any) -> Request:
        """Writes a request down, under an id of its own."""
        path, _, query = target.partition("?")
        request = Request(f"req-{len(self.requests) + 1:06}", method, path, query, headers, body)
        self.requests.append(request)
        return request

    def planned(self, request: Request) -> tuple[Wire | None, Answer]:
        """What the script plans for a request, unless its path or its form is wrong."""
        wire = next((wire for wire in self._wires if request.method == "POST" and wire.takes(request.path)), None)
        if wire is None:
            return None, Answer(request, Plan(status=404), 0)
        if refusal := wire.refusal(request):
            return wire, Answer(request, refusal, 0)
        plan = self.script(request)
        counted = plan.input_tokens
        return wire, Answer(request, plan, counted_tokens(wire.texts(request)) if counted is None else counted)

    def bill(self, request: Request, *, input_tokens: int = 0, output_tokens: int = 0) -> None:
        """Writes tokens into the books."""
        self.billed[request.id] = self.billed.get(request.id, Billed()) + Billed(input_tokens, output_tokens)

    def wrote(self, request: Request, size: int) -> None:
        """Counts bytes of body."""
        self.sent[request.id] = self.sent.get(request.id, 0) + size

    def start(self, request: Request, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Runs the work of one request."""
        task = asyncio.create_task(work)
        self._works.add(task)
        self._idle.clear()
        self._busy.set()
        self.most_at_once = max(self.most_at_once, self.at_once)
        task.add_done_callback(lambda task: self._done(request, task))
        return task

    def _abort(self) -> None:
        for connection in tuple(self._open):
            connection.abort()

    def _done(self, request: Request, task: asyncio.Task[None]) -> None:
        self._works.discard(task)
        if task.cancelled():
            self.left.append(request.id)
        elif error := task.exception():
            self._failures.append(error)
            self._abort()
        if not self._works:
            self._busy.clear()
            self._idle.set()

    def _connection(self) -> Connection:
        self.connections += 1
        return Connection(self, self._open.add, self._open.discard)


def spoken(pieces: int, first_s: float, delay_s: float) -> Script:
    """A script that says the same to everybody, at a speed."""
    plan = Plan(pieces=("One small step at a time. ",) * pieces, tokens_a_piece=7, first_s=first_s, delay_s=delay_s)
    return lambda request: replace(plan)


async def serve(script: Script, port: int) -> None:
    """Serves until it is stopped; prints its address as soon as it listens."""
    async with Vendor(script, port=port) as vendor:
        print(vendor.url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Runs the vendor as a program."""
    parser = argparse.ArgumentParser(description="A stand-in vendor on 127.0.0.1, which speaks every wire at once")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--first-s", type=float, default=0.0, help="seconds before the first piece")
    parser.add_argument("--delay-s", type=float, default=0.0, help="seconds between two pieces")
    parser.add_argument("--pieces", type=int, default=20, help="pieces of an answer, 7 tokens each")
    given = parser.parse_args()
    try:
        asyncio.run(serve(spoken(given.pieces, given.first_s, given.delay_s), given.port))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
