"""The monthly cost of the set, by part and by size of use, and where the time of an answer goes: the tables of docs/costs.md.

`python infra/tables/costs.py` prints them, `--write` puts them there. Prices and use are data: infra/tables/prices.toml.
"""

import argparse
import math
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from infra.functions import Functions, read_map
from infra.tables.pages import PAGES, put
from infra.user_error import UserError

ROOT: Final = Path(__file__).resolve().parents[2]
PRICES: Final = Path(__file__).resolve().parent / "prices.toml"
MODELS: Final = ROOT / "shared/ion_mentoring/records/ledger/prices.toml"
PAGE: Final = PAGES / "costs.md"
DAYS: Final = 365 / 12
HOURS: Final = 24 * DAYS
SECONDS: Final = 3600 * HOURS
KIB_A_GIB: Final = 1024 * 1024
MILLION: Final = 1e6


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices in USD by name, as prices.toml says them."""

    by_name: Mapping[str, Mapping[str, Any]]

    def of(self, name: str, amount: float, region: str | None = None) -> float:
        """The cost of so many units, beyond what is free; UserError if there is no such price."""
        try:
            entry = self.by_name[name]
            usd = entry["usd"][region] if isinstance(entry["usd"], dict) else entry["usd"]
        except KeyError as error:
            raise UserError(f"{PRICES.name}: has no price {name}{f' for {region}' if region else ''}") from error
        return max(0.0, amount - float(entry.get("free", 0))) * float(usd)


@dataclass(frozen=True, slots=True)
class Use:
    """The use of a set; `shares` are of the questions, by region, `cache` a region's, `more` is [use] of prices.toml."""

    questions_a_day: float
    shares: Mapping[str, float]
    cache: Mapping[str, Any]
    releases: int
    renewals_a_day: float
    more: Mapping[str, Any]
    routers: int | None = None  # instances that always run, a region; None is what functions.json says

    @property
    def questions(self) -> float:
        """A month."""
        return self.questions_a_day * DAYS

    @property
    def missed(self) -> float:
        """The share of questions that no cache answers."""
        return 1.0 - float(self.more["hit_rate"]) * (1.0 - float(self.more["follow_ups"]))

    @property
    def batched(self) -> float:
        """Items of batches a month."""
        return self.questions * float(self.more["batch_share"])

    @property
    def warmed(self) -> float:
        """Answers a month that the warming function of one region has made, by schedule and by request."""
        return (float(self.more["warming_a_day"]) + self.renewals_a_day) * DAYS

    @property
    def home(self) -> str:
        """The region that works on batches; another one where the set does not have it."""
        home = str(self.more["home"])
        return home if home in self.shares else min(self.shares)

    @property
    def checks(self) -> float:
        """Uptime checks a month of one region."""
        return float(self.more["uptime_a_minute"]) * 24 * 60 * DAYS

    @property
    def made(self) -> float:
        """Answers a month that a model makes, in all regions."""
        return sum(self.made_in(region) for region in self.shares)

    def made_in(self, region: str) -> float:
        """Those of one region: misses, what is kept warm, and items of batches, where they are worked on."""
        items = self.batched if region == self.home else 0.0
        return self.questions * self.shares[region] * self.missed + self.warmed + items

    @property
    def in_sessions(self) -> float:
        """Questions a month that belong to a conversation."""
        return self.questions * float(self.more["session_share"])


def parts(prices: Prices, use: Use, functions: Functions) -> dict[str, float]:
    """USD a month, by part."""
    return {
        "Cloud Run: router": sum(_router(prices, use, functions, region) for region in use.shares),
        "Cloud Run: personas, batch, warming": sum(_behind(prices, use, functions, region) for region in use.shares),
        "Memorystore for Valkey": sum(_cache(prices, use, region) for region in use.shares),
        "Firestore (nam5), recovery, backups": _database(prices, use),
        "Load balancer, Cloud Armor": _edge(prices, use),
        "Internet": sum(prices.of("internet", _gib_out(use) * share, region) for region, share in use.shares.items()),
        "Logs": prices.of("logs", use.questions * use.more["log_kib"] / KIB_A_GIB),
        "Pub/Sub": _messages(prices, use),
        "Uptime checks, alerts": prices.of("uptime_checks", use.checks * len(use.shares) / 1000),
        "Builds, images": _builds(prices, use),
        "Keys, secrets, zones, schedules": _fixed(prices, use),
        "The model": _model(use),
    }


def _router(prices: Prices, use: Use, functions: Functions, region: str) -> float:
    """Answers and uptime checks; instances that wait for them, which are probed."""
    entry = next(entry for entry in functions.values() if entry["kind"] == "router")
    share, more = use.shares[region], use.more
    answering = use.questions * share * ((1 - use.missed) * more["cached_s"] + use.missed * more["model_s"])
    busy = _busy(use, "router", entry, answering + use.checks * more["cached_s"])
    idle = max(0.0, (entry["min_instances"] if use.routers is None else use.routers) - busy)
    probed = idle * more["probe_share"]
    asked = prices.of("run_requests", (use.questions + use.checks * len(use.shares) + use.made) / MILLION) * share
    return (
        _instances(prices, entry, busy + probed, region) + _instances(prices, entry, idle - probed, region, idle=True) + asked
    )


def _behind(prices: Prices, use: Use, functions: Functions, region: str) -> float:
    """Personas share what a model makes; batch and warming wait for them."""
    return sum(
        _instances(prices, entry, _busy(use, name, entry, _load(use, functions, name, region)), region)
        for name, entry in functions.items()
        if entry["kind"] != "router"
    )


def _load(use: Use, functions: Functions, name: str, region: str) -> float:
    """Seconds a month that a function behind the router works in a region, counted for each thing that it does."""
    entry, model_s = functions[name], use.more["model_s"]
    if entry["kind"] == "persona":
        personas = sum(other["kind"] == "persona" for other in functions.values())
        return float(use.made_in(region) / personas * model_s)
    if entry["scope"] == "global":
        return float(use.batched * model_s) if region == use.home else 0.0
    runs = use.more["warming_a_day"] * 60 / use.more["warming_a_minute"]
    return float((runs + use.renewals_a_day * model_s) * DAYS)


def _busy(use: Use, name: str, entry: Mapping[str, Any], load_s: float) -> float:
    """Instances that are billed on average; UserError if max_instances could not carry the day's peak."""
    load, at_once = load_s / SECONDS, max(1.0, entry["concurrency"] * use.more["filled"])
    peak = load * (use.more["peak"] if entry["kind"] != "worker" else 1)  # messages wait
    if peak / at_once > entry["max_instances"]:
        raise UserError(
            f"{name}: {entry['max_instances']} instances do not carry {peak:,.0f} requests at once at the day's peak"
        )
    return busy_instances(load, 1.0, at_once)


def busy_instances(rate: float, busy_s: float, at_once: float) -> float:
    """Instances that are billed on average, for requests that come at random: `rate` a second, each for `busy_s`.

    An instance is billed while it has at least one request, so few requests share nothing (1 - e^-load), and many fill
    instances with `at_once` each.
    """
    load = rate * busy_s
    return max(1 - math.exp(-load), load / at_once)


def _instances(prices: Prices, entry: Mapping[str, Any], number: float, region: str, *, idle: bool = False) -> float:
    kind = "run_idle" if idle else "run"
    gib = float(str(entry["memory"]).removesuffix("Mi")) / 1024
    cpu = prices.of(f"{kind}_cpu", number * SECONDS * float(entry["cpu"]), region)
    return cpu + prices.of(f"{kind}_memory", number * SECONDS * gib, region)


def _cache(prices: Prices, use: Use, region: str) -> float:
    nodes = use.cache["shards"] * (1 + use.cache["replicas"])
    return prices.of(f"cache_{use.cache['node_type']}", nodes * HOURS, region)


def _database(prices: Prices, use: Use) -> float:
    more = use.more
    reads = use.in_sessions * more["turns_read"] + use.made
    written = use.in_sessions * 3 + use.made * more["writes_an_answer"]
    ending = use.in_sessions * 2 + use.made
    days = use.in_sessions * 2 / DAYS * more["days_turns"] * more["turn_kib"]
    gib = (days + use.made / DAYS * more["days_entries"] * more["entry_kib"]) / KIB_A_GIB
    operations = (("reads", reads), ("writes", written), ("deletes", ending))
    kept = prices.of("firestore_storage", gib) + prices.of("firestore_recovery", gib)
    backups = prices.of("firestore_backup", gib * more["backups"])
    return sum(prices.of(f"firestore_{name}", count / 1e5) for name, count in operations) + kept + backups


def _edge(prices: Prices, use: Use) -> float:
    rules = prices.of("balancer_rules", HOURS) + prices.of("armor_policy", 1) + prices.of("armor_rules", use.more["rules"])
    data = sum(prices.of("balancer_data", 1.3 * _gib_out(use) * share, region) for region, share in use.shares.items())
    return rules + data + prices.of("armor_requests", use.questions / MILLION)


def _gib_out(use: Use) -> float:
    return use.questions * float(use.more["answer_kib"]) / KIB_A_GIB


def _messages(prices: Prices, use: Use) -> float:
    """Each is published and delivered: renewals, and items of batches."""
    count = use.renewals_a_day * DAYS * len(use.shares) + use.batched
    return prices.of("messages", 2 * count * use.more["message_kib"] / KIB_A_GIB)


def _builds(prices: Prices, use: Use) -> float:
    minutes = use.releases * use.more["moved"] * use.more["build_min"]
    return prices.of("builds", minutes) + prices.of("images", use.more["image_gib"])


def _fixed(prices: Prices, use: Use) -> float:
    return sum(prices.of(name, use.more[name]) for name in ("secrets", "keys", "zones", "schedules"))


def _model(use: Use) -> float:
    models = tomllib.loads(MODELS.read_text(encoding="utf-8"))["model"]
    try:
        price = models[use.more["model"]]
    except KeyError as error:
        raise UserError(f"{MODELS.name}: has no price of {use.more['model']}") from error
    asked = float(use.more["tokens_in"]) * float(price["input"])
    answered = float(use.more["tokens_out"] + use.more["tokens_thinking"]) * float(price["output"])
    return use.made * (asked + answered) / MILLION


@dataclass(frozen=True, slots=True)
class Estimate:
    """Everything that prices.toml says."""

    prices: Prices
    sizes: Mapping[str, Use]
    goals: Mapping[str, float]
    steps: Mapping[str, Mapping[str, Any]]
    thinking: Mapping[str, Any]
    unchecked: tuple[str, ...]


def read(file: Path = PRICES) -> Estimate:
    """The data; UserError where it is none."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        sizes = {
            name: Use(
                size["questions_a_day"], data["share"], size["cache"], size["releases"], size["renewals_a_day"], data["use"]
            )
            for name, size in data["size"].items()
        }
        unchecked = tuple(name for name, price in data["price"].items() if not price["checked"])
        latency = data["latency"]
        return Estimate(Prices(data["price"]), sizes, latency["goals"], latency["steps"], latency["thinking"], unchecked)
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise UserError(f"{file}: {type(error).__name__}: {error}") from error


def tables(estimate: Estimate, functions: Functions) -> str:
    """The tables of the page: by part, by what changes most, by step, by scale."""
    from infra.tables.scale import scale_tables  # which reckons with what stands here

    costs = {name: parts(estimate.prices, use, functions) for name, use in estimate.sizes.items()}
    return "\n\n".join(
        [_by_part(estimate, costs), _levers(estimate, functions), _by_step(estimate), scale_tables(estimate, functions)]
    )


def _by_part(estimate: Estimate, costs: Mapping[str, Mapping[str, float]]) -> str:
    sizes = list(costs)
    rows = [["questions a day", *(f"{estimate.sizes[name].questions_a_day:,}" for name in sizes)]]
    rows += [[part, *(_usd(costs[name][part]) for name in sizes)] for part in next(iter(costs.values()))]
    without = {name: sum(costs[name].values()) - costs[name]["The model"] for name in sizes}
    rows.append(["**without the model**", *(f"**{_usd(without[name])}**" for name in sizes)])
    rows.append(["**in all**", *(f"**{_usd(sum(costs[name].values()))}**" for name in sizes)])
    each = [f"{1000 * sum(costs[name].values()) / estimate.sizes[name].questions:.2f}" for name in sizes]
    rows.append(["a thousand answers", *each])
    return markdown(["USD a month", *sizes], rows)


def _levers(estimate: Estimate, functions: Functions) -> str:
    rows = [[what, *costs] for what, costs in _changed(estimate, functions)]
    return markdown(["in all, USD a month, if", *estimate.sizes], rows)


def _changed(estimate: Estimate, functions: Functions) -> Iterator[tuple[str, list[str]]]:
    def costs(change: Any) -> list[str]:
        return [_usd(sum(parts(estimate.prices, change(use), functions).values())) for use in estimate.sizes.values()]

    def told(**more: Any) -> list[str]:
        return costs(lambda use: replace(use, more={**use.more, **more}))

    for rate in (0.8, 0.9, 0.95):
        yield f"the hit rate is {rate}", told(hit_rate=rate)
    yield "no router always runs (Terraform wants one in each of several regions)", costs(lambda use: replace(use, routers=0))
    yield "three routers always run in each region", costs(lambda use: replace(use, routers=3))
    yield "there is one region less", costs(_one_region_less)
    yield "nothing is warmed by schedule", told(warming_a_day=0)
    yield "the model is gemini-2.5-flash", told(model="gemini:gemini-2.5-flash")
    yield "and thinks before it speaks (500 tokens)", told(model="gemini:gemini-2.5-flash", tokens_thinking=500)


def _one_region_less(use: Use) -> Use:
    """The smallest share goes to the others."""
    smallest = min(use.shares, key=lambda region: use.shares[region])
    left = {region: share for region, share in use.shares.items() if region != smallest}
    return replace(use, shares={region: share / sum(left.values()) for region, share in left.items()})


def _by_step(estimate: Estimate) -> str:
    places = list(estimate.goals)
    rows = [
        [name.replace("_", " "), *(f"{step[place]:g}" for place in places), step["measured"]]
        for name, step in estimate.steps.items()
    ]
    sums = {place: sum(step[place] for step in estimate.steps.values()) for place in places}
    rows.append(["**sum**", *(f"**{sums[place]:.2f}**" for place in places), ""])
    rows.append(["goal", *_verdicts(estimate, sums), ""])
    slow = {place: sums[place] - estimate.steps["model_first_text"][place] + estimate.thinking[place] for place in places}
    told = [f"**{slow[place]:.2f}**" for place in places]
    rows.append(["**sum, if the model thinks first**", *told, estimate.thinking["measured"]])
    rows.append(["goal", *_verdicts(estimate, slow), ""])
    return markdown(["P95, s", *places, "from"], rows)


def _verdicts(estimate: Estimate, sums: Mapping[str, float]) -> list[str]:
    return [f"{goal:g}: {'holds' if sums[place] <= goal else 'MISSED'}" for place, goal in estimate.goals.items()]


def markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table, whose columns after the first stand to the right."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _usd(amount: float) -> str:
    return f"{amount:,.0f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints or writes the tables; 0, or 1 with a sentence about what is wrong."""
    parser = argparse.ArgumentParser(description="What the set costs a month, and where the time of an answer goes.")
    parser.add_argument("--prices", type=Path, default=PRICES, help="the data (default: infra/tables/prices.toml)")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {PAGE}")
    asked = parser.parse_args(arguments)
    try:
        estimate = read(asked.prices)
        made = tables(estimate, read_map(ROOT))
        if asked.write:
            put(PAGE, made)
    except UserError as error:
        print(f"costs: {error}", file=sys.stderr)
        return 1
    print(made)
    print(f"\nprices that stand as known, to be checked: {', '.join(estimate.unchecked)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
