"""The instances, cost and P95 for so many users at a hit rate, from measured figures.

`python -m loadtests.capacity --users 1000 --hit-rate 0.5` answers; `--fit CACHED COLD [MIXED] --check RECORD...` takes the
figures anew from records of `make load` on this machine, and compares them with records that they were not made from; `--plot`
draws docs/capacity.svg. `make capacity` does all three. Only the router's own work is in it: a model's time is added with
--model-s, and its price is in docs/costs.md.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from infra.functions import read_map
from infra.tables.costs import SECONDS
from infra.tables.costs import read as read_costs
from infra.user_error import UserError
from loadtests.capacity_plot import drawn
from loadtests.load_model import Figures, fitted, planned
from loadtests.records import Record, read_record
from loadtests.scenario import read
from loadtests.trouble import NothingToSay

ROOT: Final = Path(__file__).resolve().parent.parent
FIGURES: Final = ROOT / "loadtests" / "capacity.json"
PICTURE: Final = ROOT / "docs" / "capacity.svg"
REGION: Final = "asia-northeast3"
ENDPOINT: Final = "process"


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer, or take the figures anew; 2 where nothing can be said."""
    parser = argparse.ArgumentParser(prog="capacity", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--hit-rate", type=float, default=0.5, help="of all answers, from 0 to 1")
    parser.add_argument("--model-s", type=float, default=0.0, help="seconds that a model takes for a miss (playbook: 0)")
    parser.add_argument("--region", default=REGION)
    parser.add_argument("--fit", nargs="+", type=Path, metavar="RECORD", help="CACHED COLD [MIXED]")
    parser.add_argument("--check", nargs="+", type=Path, default=[], metavar="RECORD")
    parser.add_argument("--plot", nargs="?", type=Path, const=PICTURE, help="draw the picture (default: that of docs/)")
    asked = parser.parse_args(arguments)
    if asked.users < 1 or not 0 <= asked.hit_rate <= 1 or asked.model_s < 0:
        parser.error("at least one user, a hit rate from 0 to 1, and no negative time")
    if asked.fit and len(asked.fit) not in (2, 3):
        parser.error("--fit wants CACHED COLD, or CACHED COLD MIXED")
    try:
        if asked.fit:
            figures = fitted(*map(read_record, asked.fit))
            FIGURES.write_text(figures.model_dump_json(indent=1) + "\n", encoding="utf-8")
        figures = Figures.model_validate_json(FIGURES.read_bytes())
        if asked.plot:
            asked.plot.write_text(plot(figures, asked.region), encoding="utf-8")
        print("\n".join(checked(figures, read_record(path)) for path in asked.check) or answer(figures, asked))
    except (NothingToSay, UserError, OSError) as error:
        print(f"capacity: {error}", file=sys.stderr)
        return 2
    return 0


def answer(figures: Figures, asked: argparse.Namespace) -> str:
    """The plan for so many users, in words."""
    think_s, router = _think_s(), read_map(ROOT)["router"]
    plan = planned(figures, asked.users / think_s, asked.hit_rate, model_s=asked.model_s, at_least=int(router["min_instances"]))
    cost = monthly_usd(plan.instances, asked.region)
    most = int(router["max_instances"])
    return "\n".join(
        [
            f"{asked.users:,} users, who ask every {think_s:.0f} s, are {plan.rate:.0f} questions a second.",
            f"instances of the router   {plan.instances}, each busy for {plan.busy:.0%} of its core",
            f"P95                       {plan.p95_ms:.0f} ms at a hit rate of {asked.hit_rate:.0%}",
            f"USD a month               {cost:,.0f} in {asked.region}, if that many come all day",
            *([f"functions.json allows {most} instances: raise max_instances"] if plan.instances > most else []),
            f"Measured on: {figures.place}; docs/loadtests.md#capacity says how well it tells.",
        ]
    )


def plot(figures: Figures, region: str) -> str:
    """The picture, as SVG."""
    at_least = int(read_map(ROOT)["router"]["min_instances"])
    return drawn(figures, _think_s(), at_least, lambda instances: monthly_usd(instances, region))


def _think_s() -> float:
    return sum(read("light").think_s) / 2


def checked(figures: Figures, record: Record) -> str:
    """The model's word on a measured run, beside what was measured; one instance served it."""
    measured = record.endpoints.get(ENDPOINT)
    p95 = measured.p(0.95) if measured else None
    if measured is None or p95 is None or record.server_cpu_s is None or measured.hit_rate is None:
        raise NothingToSay(f"the record of {record.scenario} has no processor time, or no answers to compare with")
    rate, hit_rate = record.whole.count / record.seconds, record.whole.hit_rate or 0.0
    told = planned(figures, rate, hit_rate, instances=1, shown=measured.hit_rate)
    busy = record.server_cpu_s / record.seconds
    return (
        f"{record.scenario}: {rate:.1f} requests/s at a hit rate of {hit_rate:.0%}: busy {busy:.1%} (model {told.busy:.1%}), "
        f"P95 of {ENDPOINT} {p95} ms (model {told.p95_ms:.0f} ms)"
    )


def monthly_usd(instances: int, region: str) -> float:
    """The price of so many routers that are busy all month, in USD; UserError for a region without prices."""
    router = read_map(ROOT)["router"]
    gib = float(str(router["memory"]).removesuffix("Mi")) / 1024
    prices = read_costs().prices
    cpu = prices.of("run_cpu", instances * SECONDS * float(router["cpu"]), region)
    return cpu + prices.of("run_memory", instances * SECONDS * gib, region)


if __name__ == "__main__":
    sys.exit(main())
