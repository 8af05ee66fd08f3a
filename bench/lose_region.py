"""`python -m bench.lose_region`: what people notice when a region is lost and comes back, with real processes on 127.0.0.1.

Each region is a router as functions-framework serves it, with a Valkey server of its own; all share one store. Clients on
three continents ask through bench/balancer.py. The lost region is killed, in a second set stopped, in a third it answers 503.
"""

import argparse
import asyncio
import itertools
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final, TypeVar

import httpx2

from bench.balancer import HOST, Backend, Balancer, Policy, Seen
from bench.crowd import PROCESS, WORLD, Continent, Crowd, Outcome, Plan, popular_questions
from bench.regions import Region, killed, refusing, shared_store, stopped
from ion_mentoring.local.parts import PartMissing

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "region-loss.md"
LOOK_S: Final = 4.0  # how long a hit rate is counted
LATER_S: Final = 20.0  # when it is counted again

Given = TypeVar("Given", Policy, Plan)
Loss = Callable[[Region, Backend], AbstractAsyncContextManager[None]]
CASES: Final[Mapping[str, Loss]] = {"killed": killed, "stopped": stopped, "answers 503": refusing}


@dataclass(frozen=True, slots=True)
class Losing:
    """One run: what became of all questions, what the balancer saw, and when the region was lost and began to come back."""

    case: str
    lost: str
    takes_over: str
    hurt: str
    lost_at: float
    back_at: float
    outcomes: tuple[Outcome, ...]
    seen: tuple[Seen, ...]

    def asked(self, begin: float, end: float) -> list[Outcome]:
        """The questions that were asked in a time."""
        return [one for one in self.outcomes if begin <= one.asked_at < end]

    @property
    def failed(self) -> list[Outcome]:
        """Questions without an answer."""
        return [one for one in self.outcomes if not one.answered]

    @property
    def failover_s(self) -> float:
        """Seconds from the loss to the last question that failed before the region came back; 0 if none did."""
        return max(
            (one.asked_at - self.lost_at for one in self.failed if self.lost_at <= one.asked_at < self.back_at), default=0.0
        )

    @property
    def left_s(self) -> float | None:
        """Seconds from the loss until the probes had seen it."""
        return next((one.at - self.lost_at for one in self.seen if one.what == "left" and one.region == self.lost), None)

    @property
    def forgotten(self) -> tuple[int, int]:
        """Follow-ups that did not know what was said before, and all."""
        known = [one.remembered for one in self.outcomes if one.remembered is not None]
        return known.count(False), len(known)

    @property
    def hit_rates(self) -> tuple[float, float, float]:
        """Of the region that takes over: before, from the first question on that it took over, and later."""
        first = min((one.asked_at for one in self.outcomes if self._took_over(one)), default=self.lost_at)
        begins = (self.lost_at - LOOK_S, first, first + LATER_S)
        return _three(self._hit_rate(begin) for begin in begins)

    @property
    def p95_ms(self) -> tuple[float, float, float]:
        """Of the answers to the lost region's own continent: before, without it, and after."""
        ends = (0.0, self.lost_at, self.back_at, float("inf"))
        return _three(self._p95_ms(begin, end) for begin, end in itertools.pairwise(ends))

    @property
    def traffic_s(self) -> float | None:
        """Seconds from when the region began to come back to the first question that it answers."""
        came = [one.asked_at - self.back_at for one in self.asked(self.back_at, float("inf")) if one.region == self.lost]
        return min(came, default=None)

    def _took_over(self, one: Outcome) -> bool:
        return one.continent == self.hurt and one.region == self.takes_over and one.asked_at >= self.lost_at

    def _hit_rate(self, begin: float) -> float:
        there = [one.hit for one in self.asked(begin, begin + LOOK_S) if one.shared and one.region == self.takes_over]
        return statistics.fmean(there) if there else float("nan")

    def _p95_ms(self, begin: float, end: float) -> float:
        took = sorted(one.took_s * 1000 for one in self.asked(begin, end) if one.answered and one.continent == self.hurt)
        return took[len(took) * 95 // 100] if took else float("nan")


def _three(values: Iterator[float]) -> tuple[float, float, float]:
    first, second, third = values
    return first, second, third


async def lose(case: str, plan: Plan, policy: Policy, world: Sequence[Continent], store: Mapping[str, str]) -> Losing:
    """One run: a new set, the loss of the first continent's nearest region, and its recovery; PartMissing without Valkey."""
    names = [name for name in world[0].nearest if name in {one.nearest[0] for one in world}]
    popular, run = popular_questions(), f"{case} {time.time_ns()}".replace(" ", "-")
    with ExitStack() as running:
        regions = {name: Region(name, store) for name in names}
        for region in regions.values():
            running.callback(region.kill)
        await asyncio.gather(*(asyncio.to_thread(region.start) for region in regions.values()))
        backends = {name: Backend(name, region.port, policy) for name, region in regions.items()}
        doors = {one.name: [name for name in one.nearest if name in regions] for one in world}
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=0)
        async with (
            Balancer(policy, backends, doors) as balancer,
            httpx2.AsyncClient(trust_env=False, timeout=None, limits=limits) as client,
        ):
            await asyncio.gather(*(_warm(client, one, backends, popular) for one in world))
            crowds = [Crowd(one, client, f"http://{HOST}:{balancer.ports[one.name]}", run, plan, popular) for one in world]
            ended = asyncio.Event()
            async with asyncio.TaskGroup() as asking:
                for crowd in crowds:
                    asking.create_task(crowd.ask_until(ended))
                await asyncio.sleep(plan.before_s)
                lost_at = time.monotonic()
                async with CASES[case](regions[names[0]], backends[names[0]]):
                    await asyncio.sleep(plan.lost_s)
                    back_at = time.monotonic()
                await asyncio.sleep(plan.after_s)
                ended.set()
    outcomes = tuple(one for crowd in crowds for one in crowd.outcomes)
    return Losing(case, names[0], names[1], world[0].name, lost_at, back_at, outcomes, tuple(balancer.seen))


async def _warm(
    client: httpx2.AsyncClient, continent: Continent, backends: Mapping[str, Backend], popular: Mapping[str, Sequence[str]]
) -> None:
    """Asks a region once what most of its continent asks, as on the days before."""
    port = backends[continent.nearest[0]].port
    for text in popular["ko" if continent.korean > 0.5 else "en"]:
        await client.post(f"http://{HOST}:{port}{PROCESS}", json={"user_input": text})


HEADINGS: Final = (
    "region",
    "questions",
    "failed (after the return)",
    "last that failed, s after the loss",
    "probes saw it, s",
    "follow-ups that forgot",
    "hit rate where it went: before, first 4 s, after 20 s",
    "P95 ms: before, without, after",
    "traffic again, s",
)


def table(losings: Sequence[Losing]) -> str:
    """The runs, as Markdown."""
    lines = ["| " + " | ".join(cells) + " |" for cells in (HEADINGS, ["---"] * len(HEADINGS), *map(_cells, losings))]
    return "\n".join(lines)


def _cells(one: Losing) -> list[str]:
    late = sum(failed.asked_at >= one.back_at for failed in one.failed)
    return [
        one.case,
        str(len(one.outcomes)),
        f"{len(one.failed)} ({late})",
        f"{one.failover_s:.1f}" if len(one.failed) > late else "none failed",
        _seconds(one.left_s),
        "{} of {}".format(*one.forgotten),
        ", ".join(f"{rate:.2f}" for rate in one.hit_rates),
        ", ".join(f"{ms:.0f}" for ms in one.p95_ms),
        _seconds(one.traffic_s),
    ]


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:.1f}"


def write(page: Path, policy: Policy, text: str) -> None:
    """Puts the table between the page's markers for this kind of policy; ValueError if they are not there."""
    kind = "probes and errors" if policy.errors else "probes alone"
    begin, end = f"<!-- {kind}: begin -->", f"<!-- {kind}: end -->"
    whole = page.read_text(encoding="utf-8")
    if whole.count(begin) != 1 or whole.count(end) != 1:
        raise ValueError(f"{page.name} has no place for the table: {begin} ... {end}")
    before, _, rest = whole.partition(begin)
    page.write_text(f"{before}{begin}\n{text}\n{end}{rest.partition(end)[2]}", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs, prints and, if asked, writes; 0 whatever the figures are, 1 if a part is missing."""
    parser = argparse.ArgumentParser(prog="bench.lose_region")
    _options(parser, Policy())
    _options(parser, Plan())
    parser.add_argument("--write", action="store_true", help=f"the table to {PAGE.relative_to(ROOT)}, too")
    asked = parser.parse_args(arguments)
    policy, plan = _given(Policy, asked), _given(Plan, asked)
    if min(policy.period_s, plan.rate, plan.sessions) <= 0:
        parser.error("the period, the rate and the number of sessions have to be more than 0")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    print(f"{policy}\n{plan}")
    try:
        with shared_store(print) as store:
            losings = [_told(asyncio.run(lose(case, plan, policy, WORLD, store))) for case in CASES]
        text = table(losings)
        print(text)
        if asked.write:
            write(PAGE, policy, text)
    except (PartMissing, ValueError, OSError) as error:
        print(f"This could not be measured: {error}", file=sys.stderr)
        return 1
    return 0


def _options(parser: argparse.ArgumentParser, defaults: Policy | Plan) -> None:
    for one in fields(defaults):
        value = getattr(defaults, one.name)
        parser.add_argument(f"--{one.name.replace('_', '-')}", type=type(value), default=value)


def _given(kind: type[Given], asked: argparse.Namespace) -> Given:
    return kind(**{name: value for name, value in vars(asked).items() if name in {one.name for one in fields(kind)}})


def _told(one: Losing) -> Losing:
    """Says when the balancer saw what, in seconds after the loss."""
    told = [f"{seen.region} {seen.what} at {seen.at - one.lost_at:.1f} s" for seen in one.seen]
    print(f"{one.case}: {', '.join(told) or 'the balancer saw nothing'}", flush=True)
    return one


if __name__ == "__main__":
    sys.exit(main())
