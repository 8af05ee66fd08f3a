"""What batches need around them to be measured: a vendor that counts at random, workers that can be killed, and who pushes."""

import asyncio
import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2

from ion_mentoring.local.bus import Bus
from ion_mentoring.local.parts import free_port

ROOT: Final = Path(__file__).resolve().parent.parent
MAIN: Final = ROOT / "functions" / "batch" / "main.py"
STARTS_WITHIN_S: Final = 60.0

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter


@asynccontextmanager
async def listening(serve: Any) -> AsyncIterator[int]:
    """A server of this loop, and its port."""

    async def served(reader: Reader, writer: Writer) -> None:
        try:
            with contextlib.suppress(asyncio.CancelledError, ConnectionError, asyncio.IncompleteReadError):
                await serve(reader, writer)
        finally:
            writer.close()  # also where a worker was killed in the middle of a request

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def request_of(reader: Reader) -> tuple[str, bytes]:
    """The first line and the body of a request; an empty line at the end of the connection."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return "", b""
    length = re.search(r"content-length: *([0-9]+)", head, re.IGNORECASE)
    return head.partition("\r\n")[0], await reader.readexactly(int(length[1]) if length else 0)


def respond(writer: Writer, status: int, body: Any) -> None:
    """Writes a response in JSON."""
    sent = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} OK\r\ncontent-type: application/json\r\ncontent-length: {len(sent)}\r\n\r\n"
    writer.write(head.encode() + sent)


@dataclass
class Vendor:
    """A model that answers each question with other numbers of tokens, so that one charge cannot stand for another."""

    seconds: float = 0.0
    calls: int = 0

    async def serve(self, reader: Reader, writer: Writer) -> None:
        """The requests of a connection."""
        while (await request_of(reader))[0]:
            self.calls += 1
            await asyncio.sleep(self.seconds)
            usage = {"prompt_tokens": random.randrange(10, 1_000), "completion_tokens": random.randrange(10, 1_000)}  # noqa: S311
            text = "Take one small step today, and write down what you notice about it."
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            respond(writer, 200, {"model": "stand-in", "choices": [choice], "usage": usage})


@dataclass
class Worker:
    """A batch function in a process of its own, which can be killed, frozen and started again on its port."""

    environ: Mapping[str, str]
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None
    starts: int = 0

    def start(self) -> None:
        """Starts it."""
        program = Path(sys.executable).with_name("functions-framework")
        command = [program, "--target", "handle", "--source", MAIN, "--port", str(self.port), "--host", "127.0.0.1"]
        environ = {**os.environ, **self.environ}
        self.process = subprocess.Popen(
            command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        self.starts += 1

    def signal(self, number: int) -> None:
        """Sends a signal to it, and to the process that it serves with."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """Ends it at once."""
        self.signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    async def ready(self) -> None:
        """Returns once it answers."""
        until = time.monotonic() + STARTS_WITHIN_S
        async with httpx2.AsyncClient(trust_env=False) as client:
            while time.monotonic() < until:
                with contextlib.suppress(httpx2.HTTPError):
                    await client.get(f"http://127.0.0.1:{self.port}/health", timeout=5)
                    return
                await asyncio.sleep(0.05)
        raise AssertionError("the worker does not start")

    def resident_mib(self) -> float:
        """The memory of the process that serves: the largest of its group."""
        group = self.process.pid if self.process else 0
        sizes = [0.0]
        for status in Path("/proc").glob("[0-9]*/status"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                if os.getpgid(int(status.parent.name)) == group:
                    sizes.append(int(re.findall(r"VmRSS:\s+([0-9]+)", status.read_text())[0]) / 1024)
        return max(sizes)


@dataclass
class Front:
    """Leads pushes to one of the workers, whichever it is, as the platform does; a worker that is away is a 503."""

    workers: list[Worker]
    client: httpx2.AsyncClient = field(default_factory=lambda: httpx2.AsyncClient(trust_env=False, timeout=httpx2.Timeout(120)))

    async def push(self, _function: str, body: Any) -> int:
        """The status of one delivery."""
        port = random.choice(self.workers).port  # noqa: S311
        try:
            response = await self.client.post(f"http://127.0.0.1:{port}/", content=json.dumps(body), headers=JSON)
        except httpx2.HTTPError:
            return 503
        return response.status_code

    async def serve(self, reader: Reader, writer: Writer) -> None:
        """Pushes that come over HTTP, from an emulator."""
        while (asked := await request_of(reader))[0]:
            respond(writer, await self.push("", json.loads(asked[1])), {})


JSON: Final = {"content-type": "application/json"}


@dataclass
class Topic:
    """The in-process bus behind the words of Pub/Sub; what is told of ends is counted."""

    bus: Bus
    done: list[dict[str, Any]] = field(default_factory=list)

    async def serve(self, reader: Reader, writer: Writer) -> None:
        """Publishing of a connection."""
        import base64

        while (asked := await request_of(reader))[0]:
            topic = asked[0].split("/topics/")[1].partition(":")[0]
            for message in json.loads(asked[1])["messages"]:
                data = base64.b64decode(message["data"])
                if topic.endswith("-done"):
                    self.done.append(json.loads(data))
                else:
                    self.bus.publish(topic, data, {})
            respond(writer, 200, {"messageIds": ["1"]})
