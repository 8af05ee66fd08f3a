"""P14 and P17: batches of 100, 1,000 and 10,000 items on SQLite with the in-process bus, and on the emulators.

`python -m bench.batches --items 1000` measures up to that size, on one of them with `--on`. What becomes of a batch whose
workers are killed meanwhile is bench/batch_kills.py.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bench.batch_evening import evening
from bench.batch_writes import Writes, count_writes, writes
from bench.rows import Row, counted, table
from ion_mentoring.local.parts import PartMissing

KINDS: Final = ("sqlite", "emulators")
SIZES: Final = (100, 1_000, 10_000)
WARMING: Final = 50
GROWTH: Final = 1.1  # of the time that an item takes, where there are ten times as many
WRITES: Final = 2.0


@dataclass(frozen=True)
class Measured:
    """One batch: seconds, the worker's memory before and after, and what was written where that is counted."""

    items: int
    seconds: float
    before_mib: float
    after_mib: float
    written: Writes | None = None

    def line(self) -> str:
        """The figures in words."""
        said = f"{self.items:,} items in {self.seconds:.1f} s: {self.items / self.seconds:.0f} items/s, "
        said += f"{1_000 * self.seconds / self.items:.1f} ms an item, {self.after_mib:.0f} MiB ({self.before_mib:.0f} before)"
        if self.written is None:
            return said
        return f"{said}; rows an item: {self.written.batches / self.items:.2f}, ledger {self.written.ledger / self.items:.2f}"


async def measured(kind: str, sizes: Sequence[int]) -> list[Measured]:
    """Batches of these sizes, one after the other, by one worker; the first one only warms it up."""
    async with evening(kind, workers=1) as made:
        await made.ended(await made.handed_in(WARMING))
        if kind == "sqlite":
            count_writes(made.file)
        found = []
        for size in sizes:
            earlier = writes(made.file) if kind == "sqlite" else None
            before, began = made.workers[0].resident_mib(), time.perf_counter()
            await made.ended(await made.handed_in(size))
            took = time.perf_counter() - began
            written = writes(made.file).since(earlier) if earlier else None
            found.append(Measured(size, took, before, made.workers[0].resident_mib(), written))
            print(f"  {kind}: {found[-1].line()}", flush=True)
        return found


def rows(sizes: Sequence[int] = SIZES, kinds: Sequence[str] = KINDS) -> Iterator[Row]:
    """The goals, each as far as there are batches to tell it from."""
    for kind in kinds:
        try:
            found = asyncio.run(measured(kind, sizes))
        except PartMissing as lacking:
            print(f"P14 on {kind} is LEFT OUT: {lacking}", file=sys.stderr)
            continue
        yield from _growth(kind, found)
        last = found[-1]
        yield counted("P17", f"ms an item beyond the model, {kind}", "ms", 1_000 * last.seconds / last.items, 50)
        yield counted("P17", f"MiB more after {last.items} items, {kind}", "MiB", last.after_mib - last.before_mib, 32)
        if last.written:
            yield counted("P17", "rows written an item, batches and results", "rows", last.written.batches / last.items, WRITES)
            yield counted("P17", "rows written an item, ledger", "rows", last.written.ledger / last.items, None)


def _growth(kind: str, found: Sequence[Measured]) -> Iterator[Row]:
    """The time an item against that of the next smaller batch; and of the further items alone, without how a batch begins."""
    for smaller, larger in pairwise(found):
        what = f"time an item, {larger.items} against {smaller.items}, {kind}"
        ratio = (larger.seconds / larger.items) / (smaller.seconds / smaller.items)
        yield counted("P14", what, "times", ratio, GROWTH)
    if len(found) > 2:
        first, second = (
            (larger.seconds - smaller.seconds) / (larger.items - smaller.items) for smaller, larger in pairwise(found[-3:])
        )
        yield counted("P14", f"time a further item, beyond {found[-2].items}, {kind}", "times", second / first, GROWTH)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="bench.batches")
    parser.add_argument("--items", type=int, default=SIZES[-1], help="of the largest batch; smaller ones have a tenth each")
    parser.add_argument("--on", choices=KINDS, action="append", help="where (default: both)")
    asked = parser.parse_args()
    sizes = sorted({asked.items // part for part in (100, 10, 1)} - {0})
    print(table(list(rows(sizes, asked.on or KINDS))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
