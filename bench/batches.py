"""P14 and P17: batches of 100, 1,000 and 10,000 items on SQLite with the in-process bus, and on the emulators.

`python -m bench.batches` measures; `python -m bench.batches --kill 10 --items 10000` kills and freezes workers while they work,
so many times, and says whether each item has one result and the ledger agrees to the token.
"""

import argparse
import asyncio
import contextlib
import os
import random
import signal
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2

from bench.batch_parts import Front, Topic, Vendor, Worker, listening
from bench.rows import Row, counted, table
from ion_mentoring.backends.publishing.protocol import Publisher
from ion_mentoring.backends.publishing.pubsub import PubSubPublisher
from ion_mentoring.local.bus import Bus
from ion_mentoring.local.parts import PartMissing, firestore_emulator, pubsub_emulator
from ion_mentoring.local.real import subscribe
from ion_mentoring.mentoring.batching.fanout import Fanout
from ion_mentoring.mentoring.batching.submit import SubmitBatch, Wishes
from ion_mentoring.records.batches.results import ItemResult
from ion_mentoring.records.batches.submissions import Batch, Owner, SubmittedItem
from ion_mentoring.records.ledger.protocol import Totals, month_of
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.stores import Stores, stores

TOPIC: Final = "mentoring-batch"
SIZES: Final = (100, 1_000, 10_000)
LEASE_S: Final = 4.0
GROWTH: Final = 1.1  # of the time an item, from 1,000 to 10,000 items
WRITES: Final = 2.0


@dataclass
class Evening:
    """Workers, a vendor and a bus over one store."""

    kept: Stores
    workers: list[Worker]
    vendor: Vendor
    publisher: Publisher
    fanout: Fanout
    submit: SubmitBatch
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
            await asyncio.sleep(0.2)


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
            environ |= {"STORE": f"sqlite:///{folder}/ion.sqlite3", "PUBSUB_EMULATOR_HOST": f"127.0.0.1:{local}"}
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
                made = _evening(environ, front, vendor, client)
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
    firestore, pubsub = firestore_emulator(), pubsub_emulator()
    stack.callback(firestore.stop)
    stack.callback(pubsub.stop)
    os.environ["FIRESTORE_EMULATOR_HOST"] = firestore.address
    return {
        "STORE": "firestore://ion-local",
        "FIRESTORE_EMULATOR_HOST": firestore.address,
        "PUBSUB_EMULATOR_HOST": pubsub.address,
    }


def _evening(environ: dict[str, str], front: Front, vendor: Vendor, client: httpx2.AsyncClient) -> Evening:
    kept, log = stores(environ["STORE"]), EventLog("bench", lambda line: None)
    publisher = PubSubPublisher(client, "ion-local", None, f"http://{environ['PUBSUB_EMULATOR_HOST']}", 10)
    fanout = Fanout(publisher, TOPIC, kept.submissions, log, _now, stale=timedelta(seconds=2 * LEASE_S))
    submit = SubmitBatch(kept.submissions, fanout, log, _now, items_a_day=10**9)
    return Evening(kept, front.workers, vendor, publisher, fanout, submit)


async def _tend(fanout: Fanout) -> None:
    while True:
        await asyncio.sleep(1)
        with contextlib.suppress(Exception):
            await fanout.tend()


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Measured:
    """One batch: seconds, and the worker's memory before and after."""

    items: int
    seconds: float
    before_mib: float
    after_mib: float


async def measured(kind: str, sizes: tuple[int, ...]) -> list[Measured]:
    """Batches of these sizes, one after the other, by one worker; the first one only warms it up."""
    async with evening(kind, workers=1) as made:
        await made.ended(await made.handed_in(50))
        found = []
        for size in sizes:
            before, began = made.workers[0].resident_mib(), time.perf_counter()
            await made.ended(await made.handed_in(size))
            took = time.perf_counter() - began
            found.append(Measured(size, took, before, made.workers[0].resident_mib()))
            print(
                f"  {kind}: {size} items in {took:.1f} s, {size / took:.0f} items/s, {found[-1].after_mib:.0f} MiB", flush=True
            )
        return found


def rows(sizes: tuple[int, ...] = SIZES) -> Iterator[Row]:
    """The goals."""
    for kind in ("sqlite", "emulators"):
        try:
            found = asyncio.run(measured(kind, sizes))
        except PartMissing as lacking:
            print(f"P14 on {kind} is LEFT OUT: {lacking}", file=sys.stderr)
            continue
        each = [one.seconds / one.items for one in found]
        yield counted("P14", f"time an item, {sizes[-1]} against {sizes[-2]}, {kind}", "times", each[-1] / each[-2], GROWTH)
        yield counted("P17", f"ms an item beyond the model, {kind}", "ms", 1_000 * each[-1], 50)
        yield counted("P17", f"MiB more after {sizes[-1]} items, {kind}", "MiB", found[-1].after_mib - found[-1].before_mib, 32)
    yield counted("P17", "writes an item to the store of batches", "writes", _writes(sizes[-1]), WRITES)


def _writes(items: int) -> float:
    """Counted from the plan: a result an item, a chunk and two moves of a lane a chunk, and a dozen for the batch."""
    from ion_mentoring.mentoring.batching.lanes import planned

    chunks, lanes = planned(
        [SubmittedItem(place, str(place), _question(place)) for place in range(1, items + 1)], _now(), at_most=16
    )
    return (items + 3 * len(chunks) + len(lanes) + 12) / items


async def killed(kind: str, items: int, *, seconds: float = 0.05, seed: int = 0) -> str:
    """Nothing, or what is wrong, after a batch whose workers were killed and frozen at random moments."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    async with evening(kind, workers=3, seconds=seconds) as made:
        batch = await made.handed_in(items)
        havoc = asyncio.create_task(_havoc(made.workers, dice))
        try:
            ended = await asyncio.wait_for(made.ended(batch), 60 + items)
            await asyncio.sleep(2 * LEASE_S)  # whoever was frozen wakes up, and must change nothing
        finally:
            havoc.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await havoc
        for worker in made.workers:
            worker.signal(signal.SIGCONT)
        await asyncio.sleep(1)
        print(
            f"  {kind}: {items} items, {sum(w.starts for w in made.workers) - 3} kills, {made.vendor.calls} calls", flush=True
        )
        return await _wrong(made, ended, items)


async def _havoc(workers: list[Worker], dice: random.Random) -> None:
    """Kills one and starts it again, or freezes it for less or more than its lease."""
    while True:
        await asyncio.sleep(dice.uniform(0.5, 3))
        worker = dice.choice(workers)
        if dice.random() < 0.5:
            worker.kill()
            worker.start()
            await asyncio.sleep(dice.uniform(0, 1))
        else:
            worker.signal(signal.SIGSTOP)
            await asyncio.sleep(dice.uniform(0.1, 2.5 * LEASE_S))
            worker.signal(signal.SIGCONT)


async def _wrong(made: Evening, batch: Batch, items: int) -> str:
    results = await made.kept.batches.of(batch.id)
    places = sorted(result.name for result in results)
    if batch.state != "completed" or places != [f"{place:05d}" for place in range(1, items + 1)]:
        return f"{batch.state} with {len(places)} results"
    if any(result.state != "answered" for result in results):
        return f"{sum(result.state != 'answered' for result in results)} failed"
    months = {month_of(batch.created_at), month_of(_now())}
    spent = sum(
        [(await made.kept.ledger.spending(month)).by_caller.get(batch.owner.caller, Totals()) for month in months], Totals()
    )
    if (spent.input_tokens, spent.output_tokens) != (used := _used(results)) or spent.answers != items:
        return (
            f"the ledger says {spent.answers} answers, {spent.input_tokens} + {spent.output_tokens} tokens, the results {used}"
        )
    return ""


def _used(results: tuple[ItemResult, ...]) -> tuple[int, int]:
    usages = [result.answer["metadata"]["usage"] for result in results if result.answer]
    return sum(usage["input_tokens"] for usage in usages), sum(usage["output_tokens"] for usage in usages)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="bench.batches")
    parser.add_argument("--kill", type=int, default=0, help="runs in which workers are killed, instead of measuring")
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--on", choices=("sqlite", "emulators"), default="sqlite")
    asked = parser.parse_args()
    if not asked.kill:
        print(table(list(rows(tuple(size for size in SIZES if size <= asked.items)))))
        return 0
    for run in range(asked.kill):
        if wrong := asyncio.run(killed(asked.on, asked.items, seed=run)):
            print(f"run {run}: {wrong}")
            return 1
        print(f"run {run}: complete, each item once, the ledger agrees to the token")
    return 0


if __name__ == "__main__":
    sys.exit(main())
