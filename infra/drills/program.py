"""Breaks each dependency of a running set in turn, and looks whether people notice more than they may.

`make drill` writes build/drill/report.md; `only=cache` (or `only=model-frozen`) drills a part, `short=1` waits for no breaker.
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from infra.drills.drill import Drill, Pace
from infra.drills.faults import FAULTS, Fault
from infra.drills.instances import INSTANCE, instance_drills
from infra.drills.judging import Outcome
from infra.drills.report import report
from infra.drills.restore import RESTORE, restore_drill
from infra.drills.world import PARTS, World

FOLDER: Final = Path("build/drill")
SHORT: Final = Pace(every_s=0.3, warm_s=1.5, calm_s=1.5, broken_s=6.0, after_s=0.5, back_s=10.0, batches_s=20.0)


async def drilled(chosen: Sequence[str], pace: Pace, folder: Path) -> tuple[list[Outcome], dict[str, str]]:
    """The outcomes of the drills of these names or dependencies (all, if none), and what the machine lacks for the others."""
    faults = [fault for fault in FAULTS if _is_chosen(fault.name, chosen)]
    more = [name for name in (*INSTANCE, RESTORE) if _is_chosen(name, chosen)]
    if task := asyncio.current_task():  # so that what was started is stopped, whoever ends the drill
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with World(folder, _needed(faults, more)) as world:
        outcomes = [_said(outcome) async for outcome in _outcomes(world, pace, faults, more)]
        return outcomes, world.missing


async def _outcomes(world: World, pace: Pace, faults: Sequence[Fault], more: Sequence[str]) -> AsyncIterator[Outcome]:
    for fault in faults:
        if fault.dependency not in world.missing:
            outcome = await Drill(fault, world, pace).run()
            yield await Drill(fault, world, pace).run() if outcome.only_slow else outcome
    async for outcome in instance_drills(world, pace, more):
        yield outcome
    if RESTORE in more and "store" not in world.missing:
        yield await restore_drill(world)


def _is_chosen(name: str, chosen: Sequence[str]) -> bool:
    return not chosen or any(name == one or name.startswith(f"{one}-") for one in chosen)


def _needed(faults: Sequence[Fault], more: Sequence[str]) -> frozenset[str]:
    """The parts that are started: those that are broken, and the cache, without which known answers are none."""
    return frozenset({"cache", *(fault.dependency for fault in faults), *(("store", "topics") if more else ())}) & PARTS.keys()


def _said(outcome: Outcome) -> Outcome:
    print(f"{'held  ' if outcome.held else 'FAILED'} {outcome.name}", flush=True)
    for check in outcome.checks:
        if not check.held:
            print(f"       {check.promise}: {check.figure}", flush=True)
    return outcome


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where every promise held; 1 where one did not, or where in CI something was missing."""
    parser = argparse.ArgumentParser(prog="make drill", description="Break each dependency of a running set in turn.")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="a dependency, or one drill of it")
    parser.add_argument("--short", action="store_true", help="wait for no breaker, and not long for batches")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    asked = parser.parse_args(arguments)
    began = datetime.now(UTC).isoformat(" ", "minutes")
    outcomes, missing = asyncio.run(drilled(asked.only, SHORT if asked.short else Pace(), asked.folder))
    page = asked.folder / "report.md"
    page.write_text(report(outcomes, missing, began), encoding="utf-8")
    for name, why in missing.items():
        print(f"SKIPPED: the drills of the {name}, since this machine lacks it. {why}", file=sys.stderr)
    print(f"{sum(one.held for one in outcomes)} of {len(outcomes)} held: {page}")
    lacking = bool(missing) and bool(os.environ.get("CI"))
    return 0 if outcomes and all(one.held for one in outcomes) and not lacking else 1


if __name__ == "__main__":
    raise SystemExit(main())
