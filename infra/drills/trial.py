"""A trial for operators: a set in which something breaks unseen, to be found by what an operator has: `make trial`.

It says where to look, and what broke once somebody named it. `only=cache` seeds one of the cache's.
"""

import argparse
import asyncio
import secrets
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from infra.drills.asking import People, Timeline
from infra.drills.faults import FAULTS, Fault
from infra.drills.naming import UNKNOWN, Named, judged, named, names
from infra.drills.quiet import quiet, troubles
from infra.drills.ringing import ringing, told
from infra.drills.span_file import SpanFile
from infra.drills.typed import Typing
from infra.drills.world import PARTS, World

FOLDER: Final = Path("build/trial")
EVERY_S: Final = 0.4  # between two questions
KINDS: Final = ("known", "new", "known", "session", "known", "known")  # so that the hit rate alone rings nothing
CALM_S: Final = (30, 90)  # at least and at most, between a quiet board and the fault
QUIET_S: Final = 30
PATIENCE_S: Final = 360  # for a quiet board: an alert looks five minutes back
LOOK: Final = """A set runs, people ask it. Its board is to be quiet for {quiet} seconds; within {most} more something breaks.
Find out what, from nothing but this:

  export ION_URL={url}
  .venv/bin/ion status --watch                      the board: alerts, answers, breakers
  {log}    the log, a JSON line an event
  make alerts-test log={log}    when which alert rang
  .venv/bin/ion trace {spans}
  make reasons log={log}    how often which reason was given, by time
  docs/on-call.md, and the page that an alert names; a `gcloud logging read` is a search in the log

Note each page that was no help. To name it, type its part and its kind, as in "cache full", or the part alone, or "{unknown}";
the clock stops at that Enter. What is typed before something is broken is not read.

{names}
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """The seconds of a trial: of quiet before `calm_s` begins, after which something breaks; `patience_s` bounds the wait."""

    quiet_s: float
    patience_s: float
    calm_s: float


async def tried(faults: Sequence[Fault], folder: Path, pace: Pace) -> None:
    """Seeds one of the faults in a set of its own, and judges the name that is typed for it."""
    if task := asyncio.current_task():  # so that what was started is stopped, whoever ends the trial
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    wanted = frozenset({"cache", *(fault.dependency for fault in faults)}) & PARTS.keys()
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(World(folder, wanted))
        spans = await stack.enter_async_context(SpanFile(folder / f"{name}.spans.jsonl"))
        there = [fault for fault in faults if fault.dependency not in world.missing]
        running = world.set_of(name)
        running.settings = {**running.settings, "OTEL_EXPORTER_OTLP_ENDPOINT": spans.url, "TRACE_RATE": "0.2"}
        await running.start()
        stack.push_async_callback(running.stop)
        typing = await stack.enter_async_context(Typing())
        people = await stack.enter_async_context(People(running.url, "trial", Timeline(), EVERY_S, KINDS))
        listed = "\n".join(names(there))
        where = {"url": running.url, "log": running.log, "spans": spans.path, "names": listed}
        _say(LOOK.format(quiet=round(pace.quiet_s), most=CALM_S[1], unknown=UNKNOWN, **where))
        await _quiet(people, pace)
        await asyncio.sleep(pace.calm_s)
        fault = secrets.choice(there)
        typing.forget()
        broken_at, mend = datetime.now(UTC), await fault.does(world)
        stack.push_async_callback(mend)
        name_given, at = await _name(typing, there)
        _conclude(fault, broken_at, name_given, at, running.log)


async def _quiet(people: People, pace: Pace) -> None:
    """Waits for a quiet board, and says how that ended."""
    found = await quiet(lambda: troubles(people.client), for_s=pace.quiet_s, within_s=pace.patience_s)
    clock = f"{datetime.now(UTC):%H:%M:%S}"
    if found:
        _say(
            f"{clock} The board was not quiet within {pace.patience_s:.0f} seconds ({', '.join(found)}): this machine is busy."
        )
        _say("The trial goes on, and what is wrong by now is not what you look for.")
    else:
        _say(f"{clock} The board has been quiet for {pace.quiet_s:.0f} seconds.")


async def _name(typing: Typing, faults: Sequence[Fault]) -> tuple[Named, datetime]:
    """The first name that is one, and when its Enter was pressed; given up at the end of the input."""
    while (typed := await typing.line()) is not None:
        line, at = typed
        if name := named(line, faults):
            return name, at
        _say("That is none of these. The clock runs on.\n")
        _say("\n".join(names(faults)))
    return Named(None, None), datetime.now(UTC)


def _conclude(fault: Fault, broken_at: datetime, name: Named, at: datetime, log: Path) -> None:
    said, took = " ".join(filter(None, name)) or UNKNOWN, round((at - broken_at).total_seconds())
    _say(f"It was {fault.name}, at {broken_at:%H:%M:%S}. You said {said} after {took} seconds: {judged(name, fault)}.")
    _say("\n".join(told(ringing(log, broken_at))))
    _say(f"The log stays in {log}.")


def _say(text: str) -> None:
    print(text, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 1 where no such fault can be seeded on this machine."""
    parser = argparse.ArgumentParser(prog="make trial", description="Find a fault that nobody names.")
    parser.add_argument("--only", default="", metavar="NAME", help="a dependency, or one fault of it")
    parser.add_argument("--quiet", type=float, default=QUIET_S, metavar="SECONDS", help="of a quiet board before anything")
    parser.add_argument("--patience", type=float, default=PATIENCE_S, metavar="SECONDS", help="the longest wait for that")
    parser.add_argument(
        "--calm", type=float, metavar="SECONDS", help="from there to the fault, in place of a time that is drawn"
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
    asyncio.run(tried(faults, asked.folder, Pace(asked.quiet, asked.patience, calm_s)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
