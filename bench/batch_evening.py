"""An evening of batches: workers, a model and a bus over one store, to be measured or to be disturbed."""

import asyncio
import contextlib
import os
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx2

from bench.batch_parts import Front, Topic, Vendor, Worker, listening
from ion_mentoring.backends.publishing.protocol import Publisher
from ion_mentoring.backends.publishing.pubsub import PubSubPublisher
from ion_mentoring.local.bus import Bus
from ion_mentoring.local.parts import firestore_emulator, pubsub_emulator
from ion_mentoring.local.real import subscribe
from ion_mentoring.mentoring.batching.fanout import Fanout
from ion_mentoring.mentoring.batching.submit import SubmitBatch, Wishes
from ion_mentoring.records.batches.submissions import Batch, Owner, SubmittedItem
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.stores import Stores, stores

TOPIC: Final = "mentoring-batch"
LEASE_S: Final = 4.0
LOOKED_EVERY_S: Final = 0.05
FILE: Final = "ion.sqlite3"


@dataclass
class Evening:
    """Workers, a vendor and a bus over one store; `file` is that of SQLite, where it is the store."""

    kept: Stores
    workers: list[Worker]
    vendor: Vendor
    publisher: Publisher
    fanout: Fanout
    submit: SubmitBatch
    file: Path
    ends: list[dict[str, Any]] = field(default_factory=list)

    async def handed_in(self, items: int) -> Batch:
        """A batch of so many questions, each another one, some of them in sessions."""
        listed = [SubmittedItem(place, f"q-{place}", _question(place)) for place in range(1, items + 1)]
        owner = Owner("default", f"key:{uuid.uuid4().hex[:8]}", ("service",))
        return await self.submit(listed, owner, Wishes(), uuid.uuid4().hex)

    async def ended(self, batch: Batch) -> Batch:
        """The batch once it has ended; looked after meanwhile as the scheduler has it."""
        while True:
            standing = await self.kept.submissions.get(batch.id)
            if standing is not None and standing.state != "running":
                return standing
            await asyncio.sleep(LOOKED_EVERY_S)


def _question(place: int) -> dict[str, Any]:
    asked = {"user_input": f"How do I get better at task number {place} of my new job?", "use_cache": False}
    return asked | ({"context": {"user_id": "u", "session_id": f"s-{place % 97}"}} if place % 10 == 0 else {})


@asynccontextmanager
async def evening(kind: str, *, workers: int = 2, seconds: float = 0.0) -> AsyncIterator[Evening]:
    """An evening on `sqlite` or `emulators`."""
    vendor, front = Vendor(seconds), Front([])
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        bus = Bus({TOPIC: "batch"}, front.push)
        topic = Topic(bus)
        async with listening(vendor.serve) as model, listening(topic.serve) as local, listening(front.serve) as pushed:
            environ = {"MODEL": "openai:stand-in", "MODEL_URL": f"http://127.0.0.1:{model}/v1", "BATCH_LEASE_S": str(LEASE_S)}
            environ |= {"STORE": f"sqlite:///{folder}/{FILE}", "PUBSUB_EMULATOR_HOST": f"127.0.0.1:{local}"}
            if kind == "emulators":
                environ |= _emulators(stack)
                routes = {TOPIC: (f"http://127.0.0.1:{pushed}/", None)}
                await subscribe(environ["PUBSUB_EMULATOR_HOST"], routes, topics=(f"{TOPIC}-done",))
            front.workers += [Worker(environ) for _ in range(workers)]
            for worker in front.workers:
                stack.callback(worker.kill)
                worker.start()
            await asyncio.gather(*(worker.ready() for worker in front.workers))
            async with httpx2.AsyncClient(trust_env=False) as client, front.client:
                made = _evening(environ, front, vendor, client, Path(folder) / FILE)
                made.ends = topic.done
                tending = asyncio.create_task(_tend(made.fanout))
                try:
                    yield made
                finally:
                    tending.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await tending
                    for worker in front.workers:
                        worker.kill()


def _emulators(stack: ExitStack) -> dict[str, str]:
    firestore = firestore_emulator()
    stack.callback(firestore.stop)  # before the other one is tried, which may be missing
    pubsub = pubsub_emulator()
    stack.callback(pubsub.stop)
    os.environ["FIRESTORE_EMULATOR_HOST"] = firestore.address
    return {
        "STORE": "firestore://ion-local",
        "FIRESTORE_EMULATOR_HOST": firestore.address,
        "PUBSUB_EMULATOR_HOST": pubsub.address,
    }


def _evening(environ: dict[str, str], front: Front, vendor: Vendor, client: httpx2.AsyncClient, file: Path) -> Evening:
    kept, log = stores(environ["STORE"]), EventLog("bench", lambda line: None)
    publisher = PubSubPublisher(client, "ion-local", None, f"http://{environ['PUBSUB_EMULATOR_HOST']}", 10)
    fanout = Fanout(publisher, TOPIC, kept.submissions, log, _now, stale=timedelta(seconds=2 * LEASE_S))
    submit = SubmitBatch(kept.submissions, fanout, log, _now, items_a_day=10**9)
    return Evening(kept, front.workers, vendor, publisher, fanout, submit, file)


async def _tend(fanout: Fanout) -> None:
    while True:
        await asyncio.sleep(1)
        with contextlib.suppress(Exception):
            await fanout.tend()


def _now() -> datetime:
    return datetime.now(UTC)
