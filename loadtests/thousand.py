"""A thousand users on one core, and more: `make thousand` (users="1000 3000 5000" seconds=120).

The set of this checkout has a core of its own, with mentors and model inside, keys, limits, store and log on; Locust has
another one. What is promised (loadtests/scenarios.toml) holds for the first number of users: it ends with 0 if all was kept, 1
if not, 2 where nothing can be said. The others show what breaks first.
"""

import argparse
import random
import resource
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from infra.functions import read_map
from loadtests.breaking import first_broken
from loadtests.cores import cores, on_core
from loadtests.crowd_table import head, row
from loadtests.gate import HELD, NOTHING_TO_SAY, VERDICTS, told
from loadtests.holding import held
from loadtests.kind_costs import ENDPOINTS, kind_costs, shares
from loadtests.questions import Popularity, questions
from loadtests.records import Record
from loadtests.report import page
from loadtests.running import ROOT, load
from loadtests.scenario import Scenario, read
from loadtests.target import Target, target
from loadtests.trouble import NothingToSay
from loadtests.visitor import Visitor

SCENARIO: Final = "thousand"
USERS: Final = (1000, 3000, 5000)
VISITORS: Final = 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and say how it went."""
    parser = argparse.ArgumentParser(
        prog="make thousand", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--users", type=_number, nargs="+", default=USERS)
    parser.add_argument("--seconds", type=_number, default=120, help="of load, for each number of users")
    parser.add_argument(
        "--each", type=_number, default=200, help="requests of a kind, connections and sessions that are measured alone"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "load")
    asked = parser.parse_args(arguments)
    try:
        code = run(asked.users, asked.seconds, asked.each, asked.out)
    except NothingToSay as error:
        print(f"thousand: {error}", file=sys.stderr)
        code = NOTHING_TO_SAY
    print(f"{VERDICTS[code]} (exit code {code})", flush=True)
    return code


def run(users: Sequence[int], seconds: int, each: int, out: Path) -> int:
    """Put load on a new set for each number of users, and tell what the first one shows."""
    if len(cores()) < 2:
        raise NothingToSay("the set wants a core, and the load another one")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    out.mkdir(parents=True, exist_ok=True)
    code, table, first = HELD, [head()], None
    for number in users:
        scenario = read(SCENARIO).crowded(number, seconds)
        record = _loaded(scenario, out / f"{SCENARIO}-{number}.json")
        verdict, lines = told(scenario, record, None)
        (out / f"{SCENARIO}-{number}.html").write_text(page(scenario, record, lines), encoding="utf-8")
        table.append(row(number, record))
        _say(lines, first_broken(scenario, record))
        if first is None:
            code, first = verdict, record
    print("\n".join(["", *table, ""]), flush=True)
    if first is not None:
        _tell_alone(first, each)
    return code


def _loaded(scenario: Scenario, record: Path) -> Record:
    own, others = cores()[:2]
    users = scenario.stages[0][1]
    print(f"{users:,} users for {scenario.seconds:.0f} s: the set on core {own}, the load on core {others}", flush=True)
    with ExitStack() as stack:
        with on_core(own):
            set_ = stack.enter_context(target(None, _inside()))
        with on_core(others):
            return load(scenario, set_, record)


def _tell_alone(first: Record, each: int) -> None:
    """Say where the time of a run went, and what an instance holds: measured on a set that does nothing else."""
    with ExitStack() as stack:
        with on_core(cores()[0]):
            set_ = stack.enter_context(target(None, _inside()))
        visitors = _visitors(set_)
        kinds = [kind for kind in ENDPOINTS if read(SCENARIO).mix.get(kind)]
        for _ in range(2):  # the first time, caches fill
            costs = list(kind_costs(set_, visitors, kinds, each))
        holding = held(set_, visitors, 5 * each, each)
    print("Where the time of the first run went:")
    _say(shares(first, costs))
    print("What it holds:")
    _say(holding.lines())


def _inside() -> dict[str, str]:
    """The settings by which mentors are in the router's own process."""
    personas = [name for name, function in read_map(ROOT).items() if function["kind"] == "persona"]
    return {f"PERSONA_URL_{name.upper()}": "" for name in personas}


def _visitors(set_: Target) -> list[Visitor]:
    scenario = read(SCENARIO).model_copy(update={"bad": 0.0})
    popular = Popularity(questions(scenario.questions), scenario.zipf)
    return [Visitor(scenario, popular, set_.keys, random.Random(seed)) for seed in range(VISITORS)]  # noqa: S311 - a simulation


def _say(*several: Iterable[str]) -> None:
    for lines in several:
        for line in lines:
            print(f"  {line}", flush=True)


def _number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least one")
    return number


if __name__ == "__main__":
    sys.exit(main())
