"""A trial for operators: a set in which something breaks unseen, to be found by what an operator has: `make trial`.

It says where to look, and names the fault when Enter is pressed. `only=cache` seeds one of the cache's.
"""

import argparse
import asyncio
import secrets
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from infra.drills.asking import People, Timeline
from infra.drills.faults import FAULTS, Fault
from infra.drills.span_file import SpanFile
from infra.drills.world import PARTS, World

FOLDER: Final = Path("build/trial")
EVERY_S: Final = 0.4  # between two questions
CALM_S: Final = (30, 90)  # at least and at most, before something breaks
LOOK: Final = """A set runs, people ask it, and within {most} seconds something breaks. Find out what, from nothing but this:

  export ION_URL={url}
  .venv/bin/ion status --watch                      the board: alerts, answers, breakers
  {log}    the log, a JSON line an event
  make alerts-test log={log}    when which alert rang
  .venv/bin/ion trace {spans}
  docs/on-call.md, and the page that an alert names; a `gcloud logging read` is a search in the log

Write down the time at which you could name it, and each page that was no help. Then press Enter.
"""


async def tried(faults: Sequence[Fault], folder: Path, calm_s: float) -> tuple[Fault, datetime]:
    """The fault that was seeded, and when; returns once Enter is pressed."""
    if task := asyncio.current_task():  # so that what was started is stopped, whoever ends the trial
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    wanted = frozenset({"cache", *(fault.dependency for fault in faults)}) & PARTS.keys()
    async with World(folder, wanted) as world, SpanFile(folder / "spans.jsonl") as spans:
        there = [fault for fault in faults if fault.dependency not in world.missing]
        running = world.set_of("trial")
        running.settings = {**running.settings, "OTEL_EXPORTER_OTLP_ENDPOINT": spans.url, "TRACE_RATE": "0.2"}
        await running.start()
        try:
            async with People(running.url, "trial", Timeline(), EVERY_S):
                print(LOOK.format(most=round(CALM_S[1]), url=running.url, log=running.log, spans=spans.path), flush=True)
                await asyncio.sleep(calm_s)
                fault, broken_at = secrets.choice(there), datetime.now(UTC)
                mend = await fault.does(world)
                try:
                    await _enter()
                finally:
                    await mend()
        finally:
            await running.stop()
    return fault, broken_at


async def _enter() -> None:
    """Returns once a line was typed; the loop goes on meanwhile, and Ctrl-C ends it."""
    loop, typed = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin, typed.set)
    try:
        await typed.wait()
    finally:
        loop.remove_reader(sys.stdin)


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 1 where no such fault can be seeded on this machine."""
    parser = argparse.ArgumentParser(prog="make trial", description="Find a fault that nobody names.")
    parser.add_argument("--only", default="", metavar="NAME", help="a dependency, or one fault of it")
    parser.add_argument(
        "--calm", type=float, metavar="SECONDS", help="before something breaks, in place of a time that is drawn"
    )
    parser.add_argument("--folder", type=Path, default=FOLDER)
    asked = parser.parse_args(arguments)
    seeded = [fault for fault in FAULTS if fault.dependency != "topics"]  # batches alone miss these, and nobody hands any in
    faults = [fault for fault in seeded if not asked.only or asked.only in (fault.name, fault.dependency)]
    if not faults:
        print(f"there is no fault {asked.only}", file=sys.stderr)
        return 1
    least, most = CALM_S
    calm_s = least + secrets.randbelow(most - least) if asked.calm is None else asked.calm
    fault, broken_at = asyncio.run(tried(faults, asked.folder, calm_s))
    took = datetime.now(UTC) - broken_at
    print(f"It was {fault.name}, at {broken_at:%H:%M:%S}, {round(took.total_seconds())} seconds before you said so.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
