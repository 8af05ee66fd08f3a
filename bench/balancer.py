"""A small stand-in on 127.0.0.1 for the global external Application Load Balancer with Cloud Run service health.

Every continent comes in by a door (a port) of its own, as a client does by the edge that is near. A question goes to the
nearest region that is well, over a connection of its own, and is never sent twice: only where no connection could be made is
the next region tried.
"""

import asyncio
import contextlib
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Literal, Self

import httpx2

HOST: Final = "127.0.0.1"
HEALTH: Final = "/health"
SERVED_BY: Final = "x-served-by"
END_OF_HEAD: Final = b"\r\n\r\n"
PIECE: Final = 64 * 1024

What = Literal["left", "back", "ejected"]


@dataclass(frozen=True, slots=True)
class Policy:
    """The times after which a region is left and taken again.

    The probe's numbers are those of infra/terraform/modules/function, the errors' and the retries' those of
    infra/terraform/modules/edge; a test compares them.

    Times are in seconds. After `errors` failures in a row a region gets no question for `ejected_s`, whatever its probes say;
    0: never. `retries` is how many more regions are tried where no connection could be made.
    """

    period_s: float = 3.0
    timeout_s: float = 2.0
    failures: int = 3
    successes: int = 2
    errors: int = 5
    ejected_s: float = 30.0
    retries: int = 1
    connect_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding of the balancer, at a time of time.monotonic()."""

    at: float
    region: str
    what: What


@dataclass(slots=True)
class Backend:
    """A region as the balancer knows it; `well` is what its probes say. It may move to another port."""

    name: str
    port: int
    policy: Policy
    well: bool = True
    ejected_until: float = 0.0
    _streak: int = 0
    _errors: int = 0

    @property
    def open(self) -> bool:
        """True if it gets questions now."""
        return self.well and not self.ejected

    @property
    def ejected(self) -> bool:
        """True if it is left alone for its errors."""
        return time.monotonic() < self.ejected_until

    def probed(self, *, passed: bool) -> What | None:
        """Counts a probe; says what it changed."""
        self._streak = 0 if passed is self.well else self._streak + 1
        if self._streak < (self.policy.failures if self.well else self.policy.successes):
            return None
        self.well, self._streak = passed, 0
        return "back" if passed else "left"

    def answered(self, *, well: bool) -> bool:
        """Counts an answer; whether there were too many errors in a row."""
        self._errors = 0 if well else self._errors + 1
        return 0 < self.policy.errors <= self._errors

    def eject(self) -> None:
        """Leaves it alone for a while."""
        self.ejected_until, self._errors = time.monotonic() + self.policy.ejected_s, 0


@dataclass(slots=True)
class Balancer:
    """Serves from entering to leaving. `doors` has the regions of a continent, the nearest first; `ports` where to come in.

    `seen` has what it found out, in the order of its finding.
    """

    policy: Policy
    backends: Mapping[str, Backend]
    doors: Mapping[str, Sequence[str]]
    ports: dict[str, int] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    _servers: list[asyncio.Server] = field(default_factory=list)
    _probing: list[asyncio.Task[None]] = field(default_factory=list)
    _serving: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        for door, order in self.doors.items():
            server = await asyncio.start_server(self._door([self.backends[name] for name in order]), HOST, 0)
            self._servers.append(server)
            self.ports[door] = server.sockets[0].getsockname()[1]
        self._probing = [asyncio.create_task(self._watch(backend)) for backend in self.backends.values()]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.close()
        tasks = [*self._probing, *self._serving]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _door(self, order: list[Backend]) -> Callable[[StreamReader, StreamWriter], None]:
        def serve(reader: StreamReader, writer: StreamWriter) -> None:
            task = asyncio.create_task(self._serve(order, reader, writer))
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)

        return serve

    async def _watch(self, backend: Backend) -> None:
        """Probes a region for ever."""
        async with httpx2.AsyncClient(trust_env=False, timeout=None, headers={"connection": "close"}) as client:
            while True:
                began = time.monotonic()
                passed = await self._passes(client, backend)
                self._note(backend, backend.probed(passed=passed))
                await asyncio.sleep(max(0.0, began + self.policy.period_s - time.monotonic()))

    async def _passes(self, client: httpx2.AsyncClient, backend: Backend) -> bool:
        try:
            async with asyncio.timeout(self.policy.timeout_s):
                return (await client.get(f"http://{HOST}:{backend.port}{HEALTH}")).status_code == httpx2.codes.OK
        except (httpx2.HTTPError, TimeoutError):
            return False

    def _note(self, backend: Backend, what: What | None) -> None:
        if what:
            self.seen.append(Seen(time.monotonic(), backend.name, what))

    async def _serve(self, order: list[Backend], reader: StreamReader, writer: StreamWriter) -> None:
        """One question and its answer. Whoever leaves before is asked for no more."""
        try:
            relaying = asyncio.create_task(self._relay(order, await _request(reader), writer))
            leaving = asyncio.create_task(reader.read(1))
            try:
                await asyncio.wait((relaying, leaving), return_when=asyncio.FIRST_COMPLETED)
            finally:
                relaying.cancel()
                leaving.cancel()
                await asyncio.gather(relaying, leaving, return_exceptions=True)
        except (OSError, EOFError, ValueError):
            pass  # no whole question came
        finally:
            await _close(writer)

    async def _relay(self, order: list[Backend], request: bytes, writer: StreamWriter) -> None:
        tried: list[Backend] = []
        for _ in range(1 + self.policy.retries):
            backend = _nearest(order, tried)
            if backend is None:
                break
            tried.append(backend)
            try:
                async with asyncio.timeout(self.policy.connect_s):
                    there, out = await asyncio.open_connection(HOST, backend.port)
            except (OSError, TimeoutError):
                self._count(backend, well=False)
                continue
            try:
                await self._exchange(backend, request, there, out, writer)
            finally:
                await _close(out)
            return
        writer.write(_bad_gateway())
        await writer.drain()

    async def _exchange(
        self, backend: Backend, request: bytes, there: StreamReader, out: StreamWriter, writer: StreamWriter
    ) -> None:
        """Sends the question, which from now on may have been read, and passes on what comes."""
        try:
            out.write(request)
            head = await there.readuntil(END_OF_HEAD)
        except (OSError, EOFError):
            self._count(backend, well=False)
            writer.write(_bad_gateway())
            return
        self._count(backend, well=int(head.split(None, 2)[1]) < httpx2.codes.INTERNAL_SERVER_ERROR)
        writer.write(head[:-2] + f"{SERVED_BY}: {backend.name}\r\n\r\n".encode())
        with contextlib.suppress(OSError):  # a region that dies midway cuts its answer, which the client sees
            while piece := await there.read(PIECE):
                writer.write(piece)
                await writer.drain()

    def _count(self, backend: Backend, *, well: bool) -> None:
        """Counts an answer, and ejects who failed too often; one region always stays."""
        others = [one for one in self.backends.values() if one is not backend and not one.ejected]
        if backend.answered(well=well) and others and not backend.ejected:
            backend.eject()
            self._note(backend, "ejected")


def _nearest(order: Sequence[Backend], tried: Sequence[Backend]) -> Backend | None:
    """The nearest region that is well; if none is, the nearest, since a probe may be wrong; None if all were tried."""
    left = [backend for backend in order if all(backend is not one for one in tried)]
    return next((backend for backend in left if backend.open), left[0] if left else None)


async def _request(reader: StreamReader) -> bytes:
    """A whole request, which asks for a connection of its own."""
    head = await reader.readuntil(END_OF_HEAD)
    first, *lines = head[: -len(END_OF_HEAD)].split(b"\r\n")
    fields = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(b":") for line in lines)]
    length = next((int(value) for name, value in fields if name == b"content-length"), 0)
    kept = [name + b": " + value for name, value in fields if name not in (b"connection", b"keep-alive")]
    body = await reader.readexactly(length)
    return b"\r\n".join([first, *kept, b"connection: close"]) + END_OF_HEAD + body


def _bad_gateway() -> bytes:
    return b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close" + END_OF_HEAD


async def _close(writer: StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
