"""The whole set in one process on one port, through the same functions, contract and code paths that are deployed.

The router stands at `/`, every other function at `/functions/<name>`; the router asks the personas there over HTTP.
"""

import argparse
import asyncio
import os
import re
import secrets
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, Final

import httpx2
import uvicorn

from ion_mentoring.backends.identity.shared_secret import SecretTokens
from ion_mentoring.backends.publishing.pubsub import PubSubPublisher
from ion_mentoring.errors import MentoringError, PublishingUnavailable
from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.call import Endpoints
from ion_mentoring.local.announcement import announcement
from ion_mentoring.local.bus import Bus
from ion_mentoring.local.doors import LocalSet
from ion_mentoring.local.functions import Function, listed, load
from ion_mentoring.local.real import PROJECT, RealParts, subscribe
from ion_mentoring.local.topics import Topics
from ion_mentoring.settings.deployment import Deployment
from ion_mentoring.settings.group import STRICT
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring import basics
from ion_mentoring.wiring.framework import server_options

HOST: Final = "127.0.0.1"
DRAIN_S: Final = 30
INNER_SECRET_BYTES: Final = 32
BATCH: Final = "mentoring-batch"
BATCH_DONE: Final = "mentoring-batch-done"
TENDED_EVERY_S: Final = 30.0
RUNNING: Final[set["asyncio.Task[None]"]] = set()


class Announcing(uvicorn.Server):
    """A server that says where to look once it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ends the serving and no more: uvicorn's own way kills the process afterwards, before its parts are stopped."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens, then announces."""
        await super().startup(sockets)
        await self._ready()


def main(arguments: list[str] | None = None) -> int:
    """Serves until it is stopped; 0, or 1 with a sentence about what is wrong."""
    parser = argparse.ArgumentParser(description="Serve the whole function set on one port.")
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the checkout (default: this folder)")
    parser.add_argument("--real", action="store_true", help="start Valkey and the emulators where they can be started")
    parser.add_argument("--unannounced", action="store_true", help="write the log alone, and not where to look and how to ask")
    asked = parser.parse_args(arguments)
    port = os.environ.get("PORT", "8080")
    try:
        if not re.fullmatch("[1-9][0-9]{0,4}", port) or not _free(int(port)):
            print(f"Port {port} cannot be used; choose another: make run PORT=8090", file=sys.stderr)
            return 1
        with RealParts(os.environ, print) if asked.real else nullcontext():
            serve(asked.root.resolve(), int(port), announced=not asked.unannounced)
    except MentoringError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def serve(root: Path, port: int, *, announced: bool = True) -> None:
    """Serves the checkout at `root`; returns when the server was told to stop and has let its requests end.

    Once it listens it says where to look and how to ask, if it is to be `announced`.
    """
    functions = listed(root)
    deployment = Deployment.read(os.environ)
    emulator = os.environ.get("PUBSUB_EMULATOR_HOST")
    _defaults(root, port, functions, deployment)
    inner = os.environ.setdefault("INNER_SECRET", secrets.token_urlsafe(INNER_SECRET_BYTES))
    loaded = {function.name: load(root, function) for function in functions}
    log, reports, _ = basics.told("bus", deployment)
    bus = _bus(functions, port, log, SecretTokens(inner, time.time))
    http = App(
        endpoints=Endpoints(*Topics(bus).endpoints()),
        log=log,
        reports=reports,
        new_id=basics.new_id,
        timeout_s=deployment.request_timeout_s,
    )
    laptop = deployment.environment == "local"
    app = LocalSet(loaded["router"], loaded, http, laptop=laptop)
    config = uvicorn.Config(
        app,
        HOST,
        port,
        log_level="warning",
        timeout_graceful_shutdown=DRAIN_S,
        lifespan="off",
        access_log=False,
        **server_options(),
    )
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(Announcing(config, lambda: _begin(functions, port, emulator, laptop=laptop, announced=announced)).serve())


def _defaults(root: Path, port: int, functions: tuple[Function, ...], deployment: Deployment) -> None:
    """The defaults of the environment: personas are functions of this server, and the store is a file of the checkout."""
    if deployment.environment not in STRICT:
        os.environ.setdefault("STORE", f"sqlite:///{root}/.data/ion.sqlite3")
    for function in functions:
        if function.kind == "persona" and deployment.environment == "local":  # their doors are closed anywhere else
            os.environ.setdefault(f"PERSONA_URL_{function.name.upper()}", f"http://{HOST}:{port}/functions/{function.name}")
    if deployment.environment == "local":  # messages go to our own bus, which speaks as Pub/Sub does
        os.environ.setdefault("PUBSUB_EMULATOR_HOST", f"{HOST}:{port}")


def _bus(functions: tuple[Function, ...], port: int, log: EventLog, identity: SecretTokens) -> Bus:
    client = httpx2.AsyncClient(trust_env=False, timeout=None)
    dead = {function.name: function.dead for function in functions if function.dead}

    async def pushed(function: str, path: str, body: Mapping[str, Any]) -> int:
        url = f"http://{HOST}:{port}/functions/{function}"
        try:
            token = {"authorization": f"Bearer {await identity.token(url)}"}
            response = await client.post(f"{url}{path}", json=body, headers=token)
        except httpx2.HTTPError:
            return 0
        return response.status_code

    async def push(function: str, body: Mapping[str, Any]) -> int:
        return await pushed(function, "/", body)

    async def bury(function: str, body: Mapping[str, Any]) -> int:
        return await pushed(function, dead[function], body) if function in dead else 200

    routes: dict[str, str | None] = {function.topic: function.name for function in functions if function.topic}
    return Bus(routes | {BATCH_DONE: None}, push, tell=log.tell, first_id=time.time_ns(), bury=bury)


async def _tend(publish: Callable[[str, bytes], Awaitable[object]]) -> None:
    """Has batches looked after every now and then, as the scheduler does in the cloud."""
    while True:
        await asyncio.sleep(TENDED_EVERY_S)
        with suppress(PublishingUnavailable):
            await publish(BATCH, b'{"tend": true}')


async def _begin(functions: tuple[Function, ...], port: int, emulator: str | None, *, laptop: bool, announced: bool) -> None:
    here = f"http://localhost:{port}"
    topics = f"{here}/v1/projects/local/topics" if laptop else None
    if emulator:
        topics = f"http://{emulator}/v1/projects/{PROJECT}/topics"
        at = f"http://{HOST}:{port}/functions"
        pushed = {one.topic: (f"{at}/{one.name}/", one.dead and f"{at}/{one.name}{one.dead}") for one in functions if one.topic}
        await subscribe(emulator, pushed, topics=(BATCH_DONE,))
    if announced:
        print(announcement(here, laptop=laptop, topics=topics, program=_program()), flush=True)
    if topics:
        url = f"http://{emulator or f'{HOST}:{port}'}"
        publisher = PubSubPublisher(httpx2.AsyncClient(trust_env=False), PROJECT, None, url)
        RUNNING.add(asyncio.create_task(_tend(lambda topic, data: publisher.publish(topic, data, {}))))


def _program() -> str | None:
    """The path of the command line, if it is installed beside this interpreter: as somebody in this folder types it."""
    path = Path(sys.prefix) / "bin" / "ion"
    return os.path.relpath(path) if path.is_file() else None


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
