"""A day of questions over several instances, in simulated time: how many are answered from a cache (P8).

What is simulated: the clock, and L2 as a dictionary with ends. What is real: L1, the keys, the normalisation, what is
personal, which is kept to its own user here as well, and the count of tenants, to each of whom its answers belong (to each of
their users where a text may be personal) until some have asked the same. What is assumed are the arguments: Zipf's exponent,
the share of questions that come once, the users, the load over the day; the table at the end shows how much depends on them.
"""

import argparse
import itertools
import math
import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import matplotlib.pyplot as plt

from bench.questions import questions
from ion_mentoring.caching.local import LocalCache
from ion_mentoring.caching.normal_form import normalised
from ion_mentoring.caching.sharing import TENANTS
from ion_mentoring.experiments.assignment import bucket
from ion_mentoring.experiments.experiment import BUCKETS
from ion_mentoring.sealing.keys import CacheKeys
from ion_mentoring.understanding.personal.detector import privacy_of

PICTURE: Final = Path(__file__).resolve().parent.parent / "docs" / "cache-day.png"
HOUR_S: Final = 3_600.0
HARD_S: Final = 24 * HOUR_S
L1_BYTES: Final = 64 * 1024 * 1024
ANSWER_BYTES: Final = 900
GOAL: Final = 0.9
DIFFERENT: Final = (0.2, 1.0)  # of the answers: about as many as a tenth of the score moves; all of them


@dataclass(frozen=True, slots=True)
class Assumed:
    """The assumptions about a day. With several `arms` an experiment runs, and the arms differ in the answers to a share
    `different` of the questions."""

    requests: int
    exponent: float
    once: float
    users: int
    instances: int
    seed: int
    tenants: int = 1
    arms: int = 1
    different: float = 1.0


@dataclass(slots=True)
class Hour:
    """The tiers from which the questions of an hour were answered from."""

    near: int = 0
    far: int = 0
    asked: int = 0
    personal: int = 0

    @property
    def hit_rate(self) -> float:
        return (self.near + self.far) / max(1, self.asked)


@dataclass(slots=True)
class Day:
    """The hours of a day."""

    hours: list[Hour] = field(default_factory=lambda: [Hour() for _ in range(24)])

    @property
    def hit_rate(self) -> float:
        return sum(hour.near + hour.far for hour in self.hours) / sum(hour.asked for hour in self.hours)


def main() -> int:
    """Simulates, prints, draws."""
    parser = argparse.ArgumentParser(prog="bench.day")
    parser.add_argument("--data", type=Path, help="a gzipped TSV with questions in its first column")
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--exponent", type=float, default=1.0, help="of Zipf's law")
    parser.add_argument("--once", type=float, default=0.03, help="share of questions that nobody asks again")
    parser.add_argument("--users", type=int, default=5_000)
    parser.add_argument("--instances", type=int, default=3)
    parser.add_argument("--tenants", type=int, default=10, help="parties, each with 0.7 of the load of the one before it")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    texts = questions(asked.data)
    assumed = Assumed(asked.requests, asked.exponent, asked.once, asked.users, asked.instances, asked.seed, asked.tenants)
    day = simulated(texts, assumed)
    print(f"{len(texts)} different questions, {assumed}\n")
    print(f"{'hour':>4} {'asked':>7} {'L1':>6} {'L2':>6} {'hit rate':>9} {'personal':>9}")
    for number, hour in enumerate(day.hours):
        shares = f"{hour.near / max(1, hour.asked):>6.2f} {hour.far / max(1, hour.asked):>6.2f} {hour.hit_rate:>9.3f}"
        print(f"{number:>4} {hour.asked:>7} {shares} {hour.personal:>9}")
    print(f"\nhit rate of the day: {day.hit_rate:.3f} (goal {GOAL}: {'met' if day.hit_rate >= GOAL else 'MISSED'})")
    print(f"if case, compatibility forms and spacing never meant anything: {simulated(texts, assumed, blurred).hit_rate:.3f}\n")
    for different in DIFFERENT:
        arms = simulated(texts, replace(assumed, arms=2, different=different)).hit_rate
        print(f"while an experiment runs whose two arms differ in {different:.0%} of the answers: {arms:.3f}")
    print()
    sensitivity(texts, assumed)
    draw(day, assumed)
    return 0


def blurred(text: str) -> str:
    """The text without all that the normal form has to weigh: the most hits that spelling could give, right or wrong."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def simulated(texts: Sequence[str], assumed: Assumed, form: Callable[[str], str] = normalised) -> Day:
    """A day that begins with cold caches; texts of one `form` share an entry."""
    dice, now = random.Random(assumed.seed), 0.0  # noqa: S311 - a simulation
    keys = CacheKeys(b"bench")
    near = [LocalCache[bool](max_bytes=L1_BYTES, max_entries=50_000, now=lambda: now) for _ in range(assumed.instances)]
    far: dict[str, float] = {}
    day = Day()
    parties = [f"tenant-{number}" for number in range(assumed.tenants)]
    shares = [0.7**number for number in range(assumed.tenants)]
    asked_by: dict[str, set[str]] = {}
    privacy = lru_cache(maxsize=50_000)(privacy_of)
    for at, text in traffic(texts, assumed, dice):
        now = at
        told = privacy(text)
        (tenant,) = dice.choices(parties, shares)
        arm = bucket("arms", str(dice.randrange(assumed.users))) % assumed.arms if assumed.arms > 1 else 0
        differs = arm and bucket("texts", form(text)) < assumed.different * BUCKETS
        user = str(dice.randrange(assumed.users)) if told != "open" else ""
        key = keys.key(text=form(text), owner=user if told == "own" else "", **({"arm": str(arm)} if differs else {}))
        if told != "own" and (user or assumed.tenants > 1):
            by = asked_by.setdefault(key, set())
            by.add(tenant if assumed.tenants > 1 else user)
            key = key if len(by) >= TENANTS else f"{key} {tenant} {user}"
        hour, l1 = day.hours[int(at // HOUR_S)], dice.choice(near)
        hour.asked += 1
        hour.personal += told == "own"
        if l1.get(key):
            hour.near += 1
            continue
        if far.get(key, 0.0) > now:
            hour.far += 1
        else:
            far[key] = now + HARD_S
        l1.put(key, True, size=ANSWER_BYTES, expires_at=far[key])
    return day


def traffic(texts: Sequence[str], assumed: Assumed, dice: random.Random) -> Iterator[tuple[float, str]]:
    """Times and questions of a day: few at night, most in the afternoon; some as they were, some in other case and spacing."""
    order = dice.sample(texts, len(texts))
    weights = list(itertools.accumulate(1 / place**assumed.exponent for place in range(1, len(order) + 1)))
    hours = list(itertools.accumulate(1 + 0.8 * math.sin((hour - 9) / 24 * 2 * math.pi) for hour in range(24)))
    times = sorted((dice.choices(range(24), cum_weights=hours)[0] + dice.random()) * HOUR_S for _ in range(assumed.requests))
    for place, at in enumerate(times):
        text = dice.choices(order, cum_weights=weights)[0]
        yield at, f"{text} {place}" if dice.random() < assumed.once else varied(text, dice)


def varied(text: str, dice: random.Random) -> str:
    """The same question as somebody else would type it."""
    match dice.randrange(6):
        case 0:
            return text.upper()
        case 1:
            return f"  {text.replace(' ', '  ')} "
        case 2:
            return text.lower()
    return text


def sensitivity(texts: Sequence[str], assumed: Assumed) -> None:
    """The change of the hit rate with what is assumed, with a fifth of the requests beside all of them."""
    print(f"{'requests':>9} {'Zipf':>5} {'once':>5}  hit rate")
    for requests, exponent, once in itertools.product(
        (assumed.requests // 5, assumed.requests), (0.8, assumed.exponent, 1.2), (0.0, assumed.once, 0.1)
    ):
        day = simulated(texts, replace(assumed, requests=requests, exponent=exponent, once=once))
        print(f"{requests:>9} {exponent:>5} {once:>5.2f}  {day.hit_rate:.3f}")


def draw(day: Day, assumed: Assumed) -> None:
    """The picture."""
    figure, axis = plt.subplots(figsize=(9, 4))
    hours = range(24)
    near = [hour.near / max(1, hour.asked) for hour in day.hours]
    far = [hour.far / max(1, hour.asked) for hour in day.hours]
    axis.bar(hours, near, label="from L1")
    axis.bar(hours, far, bottom=near, label="from L2")
    axis.axhline(GOAL, color="black", linewidth=0.8, linestyle="--", label="goal")
    axis.set(xlabel="hour", ylabel="share of questions", ylim=(0, 1), title=f"A day with {assumed.requests:,} questions")
    axis.legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(PICTURE, dpi=110)
    print(f"\ndrawn to {PICTURE.relative_to(PICTURE.parent.parent)}")


if __name__ == "__main__":
    raise SystemExit(main())
