"""The killing bench: batches whose workers are killed (SIGKILL) and frozen (SIGSTOP) at random moments.

`python -m bench.batch_kills --runs 10 --items 10000` prints a line of counts a run, and ends with 1 if a result is missing or
there twice, or if the ledger does not agree with the results to the token; with 2 where there are no emulators, or they do
not answer.
"""

import argparse
import asyncio
import contextlib
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import httpx2

from bench.batch_evening import LEASE_S, Evening, evening
from bench.batch_parts import Worker
from bench.batches import KINDS
from ion_mentoring.local.parts import PartMissing
from ion_mentoring.records.batches.results import ItemResult
from ion_mentoring.records.batches.submissions import Batch
from ion_mentoring.records.ledger.protocol import Totals, month_of

WORKERS: Final = 3
MODEL_S: Final = 0.05
BROKEN_OFF: Final = 128 + signal.SIGTERM
WITHIN_S: Final = 60.0  # at least; and a tenth of a second an item


@dataclass
class Havoc:
    """The workers' troubles so far."""

    kills: int = 0
    freezes: int = 0


@dataclass(frozen=True)
class Survived:
    """The counts of one batch that was disturbed; tokens are (input, output)."""

    items: int
    state: str
    places: Sequence[str]
    answered: int
    charged: int
    in_results: tuple[int, int]
    in_ledger: tuple[int, int]
    calls: int
    seconds: float
    havoc: Havoc = field(default_factory=Havoc)
    notices: int | None = None

    @property
    def complete(self) -> bool:
        """True if the batch ended, and each of its items was answered."""
        wanted = {f"{place:05d}" for place in range(1, self.items + 1)}
        return self.state == "completed" and set(self.places) == wanted and self.answered == len(self.places)

    @property
    def once(self) -> bool:
        """True if no item has two results or two charges, and the end was told once."""
        return len(set(self.places)) == len(self.places) and self.charged == self.answered and self.notices in (None, 1)

    @property
    def agrees(self) -> bool:
        """True if the ledger has the tokens of the results, to the token."""
        return self.in_ledger == self.in_results

    @property
    def whole(self) -> bool:
        """True if all three hold."""
        return self.complete and self.once and self.agrees

    def line(self) -> str:
        """The counts in words."""
        (asked, said), (charged_asked, charged_said) = self.in_results, self.in_ledger
        ledger = "the ledger agrees to the token" if self.agrees else f"the ledger has {charged_asked:,} + {charged_said:,}"
        told = "" if self.notices is None else f", {self.notices} notice{'' if self.notices == 1 else 's'}"
        return (
            f"{self.state}: {self.answered:,} of {self.items:,} answered, {len(set(self.places)):,} items with a result, "
            f"{len(self.places):,} results, {self.charged:,} charges, {asked:,} + {said:,} tokens, {ledger}{told}; "
            f"{self.havoc.kills} kills, {self.havoc.freezes} freezes, {self.calls:,} calls of the model, {self.seconds:.0f} s"
        )


async def survived(kind: str, items: int, *, model_s: float = MODEL_S, seed: int = 0) -> Survived:
    """The counts of a batch of so many items whose workers were killed and frozen at random moments.

    TimeoutError if it has not ended in a minute and a tenth of a second an item.
    """
    dice = random.Random(seed)  # noqa: S311 - no secret
    async with evening(kind, workers=WORKERS, seconds=model_s) as made:
        began = time.monotonic()
        batch = await made.handed_in(items)
        async with _disturbed(made.workers, dice) as havoc:
            ended = await asyncio.wait_for(made.ended(batch), WITHIN_S + items / 10)
            took = time.monotonic() - began
            await asyncio.sleep(2 * LEASE_S)  # whoever was frozen wakes up, and must change nothing
        for worker in made.workers:
            worker.signal(signal.SIGCONT)
        await asyncio.sleep(1)
        return await _counted(made, ended, items, havoc, took, kind)


@asynccontextmanager
async def _disturbed(workers: list[Worker], dice: random.Random) -> AsyncIterator[Havoc]:
    havoc = Havoc()
    task = asyncio.create_task(_wreak(workers, dice, havoc))
    try:
        yield havoc
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _wreak(workers: list[Worker], dice: random.Random, havoc: Havoc) -> None:
    """Kills one and starts it again, or freezes it for less or more than its lease."""
    while True:
        await asyncio.sleep(dice.uniform(0.5, 3))
        worker = dice.choice(workers)
        if dice.random() < 0.5:
            havoc.kills += 1
            worker.kill()
            worker.start()
            await asyncio.sleep(dice.uniform(0, 1))
        else:
            havoc.freezes += 1
            worker.signal(signal.SIGSTOP)
            await asyncio.sleep(dice.uniform(0.1, 2.5 * LEASE_S))
            worker.signal(signal.SIGCONT)


async def _counted(made: Evening, batch: Batch, items: int, havoc: Havoc, took_s: float, kind: str) -> Survived:
    results = await made.kept.batches.of(batch.id)
    months = {month_of(batch.created_at), month_of(datetime.now(UTC))}
    spent = sum(
        [(await made.kept.ledger.spending(month)).by_caller.get(batch.owner.caller, Totals()) for month in months], Totals()
    )
    return Survived(
        items=items,
        state=batch.state,
        places=sorted(result.name for result in results),
        answered=sum(result.state == "answered" for result in results),
        charged=spent.answers,
        in_results=_used(results),
        in_ledger=(spent.input_tokens, spent.output_tokens),
        calls=made.vendor.calls,
        seconds=took_s,
        havoc=havoc,
        notices=len({end["id"] for end in made.ends}) if kind == "sqlite" else None,
    )


def _used(results: Sequence[ItemResult]) -> tuple[int, int]:
    usages = [result.answer["metadata"]["usage"] for result in results if result.answer]
    return sum(usage["input_tokens"] for usage in usages), sum(usage["output_tokens"] for usage in usages)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="make kill-batches", description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--on", choices=KINDS, default="sqlite")
    asked = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(BROKEN_OFF))  # so that no worker is left behind
    for run in range(1, asked.runs + 1):
        try:
            found = asyncio.run(survived(asked.on, asked.items, seed=run))
        except (PartMissing, httpx2.HTTPError) as lacking:  # an emulator is missing, or does not answer
            print(f"nothing can be said: {lacking or type(lacking).__name__}", file=sys.stderr)
            return 2
        except TimeoutError:
            print(f"run {run} of {asked.runs}, {asked.on}: NOT WELL: the batch did not end", flush=True)
            return 1
        print(f"run {run} of {asked.runs}, {asked.on}: {'well' if found.whole else 'NOT WELL'}: {found.line()}", flush=True)
        if not found.whole:
            return 1
    print(f"{asked.runs} times in a row: complete, each item once, the ledger agrees to the token")
    return 0


if __name__ == "__main__":
    sys.exit(main())
