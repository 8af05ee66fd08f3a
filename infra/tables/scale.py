"""The set at 10,000, a million and a hundred million questions a day: instances, cost, P95, and what breaks first.

A part of docs/costs.md, which `python infra/tables/costs.py --write` makes, from infra/tables/scale.toml and prices.toml.
"""

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from infra.functions import Functions
from infra.tables.costs import DAYS, SECONDS, Estimate, Use, markdown, parts
from infra.user_error import UserError

SCALE: Final = Path(__file__).resolve().parent / "scale.toml"
SECONDS_A_DAY: Final = 86_400
KIB_A_GIB: Final = 1024 * 1024
COMMANDS: Final = (
    1.1,
    2.0,
)  # of a question to L2: a read and its share of rate limits; where a model answers, a lease and a write
MORE_THAN_ENOUGH: Final = 1_000_000  # instances


@dataclass(frozen=True, slots=True)
class Scale:
    """The data: figures by name, limits by the part that they are of, and how much the set is used."""

    figures: Mapping[str, float]
    limits: Mapping[str, Mapping[str, Any]]
    sizes: Mapping[str, Use]

    def most(self, part: str, use: Use, functions: Functions) -> float:
        """The most that a part takes; an L2 by its node."""
        if part in ("router", "persona", "batch"):
            return float(_entry(functions, part)["max_instances"])
        most = self.limits[part]["most"]
        node = str(use.cache["node_type"]).rpartition("_")[2]
        return float(most[node] if isinstance(most, dict) else most)


def read_scale(estimate: Estimate, file: Path = SCALE) -> Scale:
    """The data; UserError where it is none."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        figures = {name: float(one["is"]) for group in ("measured", "assumed") for name, one in data[group].items()}
        sizes = {
            name: replace(
                estimate.sizes[size["like"]],
                **{field: size[field] for field in ("questions_a_day", "cache", "renewals_a_day")},
            )
            for name, size in data["size"].items()
        }
        return Scale(figures, data["limit"], sizes)
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise UserError(f"{file}: {type(error).__name__}: {error}") from error


def needed(scale: Scale, use: Use, functions: Functions) -> dict[str, float]:
    """The load of each part at the day's peak, in its own unit."""
    figures, peak = scale.figures, float(use.more["peak"])
    region = max(use.shares, key=lambda one: use.shares[one])
    asked = peak * use.questions * use.shares[region] / SECONDS
    made_here = peak * use.made_in(region) / SECONDS
    made = peak * use.made / SECONDS
    personas = sum(entry["kind"] == "persona" for entry in functions.values())
    pieces, model_s = figures["pieces"], float(use.more["model_s"])
    router_ms = figures["router_ms"] + pieces * figures["router_piece_ms"]
    persona_ms = figures["persona_ms"] + pieces * figures["persona_piece_ms"]
    hits = asked * (1 - use.missed)
    at_once = hits * figures["cached_ms"] / 1000 + asked * use.missed * model_s
    routers_ms = hits * figures["cached_ms"] + asked * use.missed * router_ms
    kept_gib = use.made_in(region) / DAYS * figures["kept_kib"] / KIB_A_GIB
    commands = asked * COMMANDS[0] + made_here * COMMANDS[1]
    in_sessions = peak * use.in_sessions / SECONDS
    return {
        "router": _instances(scale, use, _entry(functions, "router"), at_once, routers_ms),
        "persona": _instances(
            scale, use, _entry(functions, "persona"), made_here / personas * model_s, made_here / personas * persona_ms
        ),
        "batch": _instances(scale, use, _entry(functions, "batch"), use.batched / SECONDS * model_s, 0.0),
        "cache_memory": kept_gib / use.cache["shards"],
        "cache_commands": commands / use.cache["shards"],
        "month": made / scale.limits["month"]["documents"],
        "caller": made * figures["largest_caller"],
        "database": in_sessions * 3 + made * float(use.more["writes_an_answer"]),
        "model": made * 60,
    }


def _instances(scale: Scale, use: Use, entry: Mapping[str, Any], at_once: float, busy_ms: float) -> float:
    """As many as their concurrency wants, or their cores."""
    by_requests = at_once / max(1.0, float(entry["concurrency"]) * float(use.more["filled"]))
    return max(1.0, by_requests, busy_ms / 1000 / scale.figures["core_used"])


def _entry(functions: Functions, part: str) -> Mapping[str, Any]:
    """The first function of a part, as the map has it."""
    found = (entry for name, entry in functions.items() if part in (name, entry["kind"]))
    return next(found)


def woken(scale: Scale, use: Use, functions: Functions) -> float:
    """The share of model answers, in the smallest region, whose persona has no instance that runs."""
    personas = sum(entry["kind"] == "persona" for entry in functions.values())
    rate = min(map(use.made_in, use.shares)) / personas / SECONDS
    return math.exp(-rate * scale.figures["asleep_s"])


def scale_tables(estimate: Estimate, functions: Functions) -> str:
    """The needs of each size, as shares of what there is, and what one would change."""
    scale = read_scale(estimate)
    found = {name: needed(scale, use, functions) for name, use in scale.sizes.items()}
    shares = {
        name: {part: amount / scale.most(part, scale.sizes[name], functions) for part, amount in own.items()}
        for name, own in found.items()
    }
    heads = ["questions a day", *scale.sizes]
    rows = [*_what_it_takes(estimate, scale, functions, found), *_what_breaks(scale, shares)]
    changes = [[limit["unit"], limit["change"]] for limit in scale.limits.values()]
    return "\n\n".join([markdown(heads, rows), markdown(["too little of", "what one would change"], changes)])


def _what_it_takes(
    estimate: Estimate, scale: Scale, functions: Functions, found: Mapping[str, Mapping[str, float]]
) -> Iterator[list[str]]:
    lifted = {name: {**entry, "max_instances": MORE_THAN_ENOUGH} for name, entry in functions.items()}
    costs = []
    for name, use in scale.sizes.items():
        shards = math.ceil(
            use.cache["shards"] * max(1.0, found[name]["cache_memory"] / scale.most("cache_memory", use, functions))
        )
        enough = replace(use, cache={**use.cache, "shards": shards})
        costs.append(sum(parts(estimate.prices, enough, lifted).values()))
    yield [
        "questions a second, at the peak",
        *(f"{use.questions / SECONDS * use.more['peak']:,.1f}" for use in scale.sizes.values()),
    ]
    for part, what in (("router", "routers"), ("persona", "instances of each persona")):
        yield [f"{what} in the largest region, at the peak", *(f"{math.ceil(own[part]):,}" for own in found.values())]
    yield ["USD a month, with as many instances and shards as it takes", *(f"{cost:,.0f}" for cost in costs)]
    asleep = [woken(scale, use, functions) for use in scale.sizes.values()]
    yield ["model answers that wake a persona, in the smallest region", *map(_share, asleep)]
    for place in estimate.goals:
        first = sum(float(step[place]) for step in estimate.steps.values())
        late = [first + (scale.figures["start_s"] if share > 0.05 else 0.0) for share in asleep]
        yield [f"P95 of a first text that no cache has, {place}, s", *(f"{one:.2f}" for one in late)]


def _what_breaks(scale: Scale, shares: Mapping[str, Mapping[str, float]]) -> Iterator[list[str]]:
    for part, limit in scale.limits.items():
        yield [f"share used: {limit['unit']}", *(_share(own[part]) for own in shares.values())]
    first = [max(own, key=lambda part: own[part]) for own in shares.values()]
    told = [
        f"nothing; nearest: {scale.limits[part]['unit']}" if own[part] <= 1 else f"**{scale.limits[part]['unit']}**"
        for part, own in zip(first, shares.values(), strict=True)
    ]
    yield ["what breaks first", *told]


def _share(share: float) -> str:
    """A percentage, which stands out where it is more than all."""
    return f"**{share:,.0%}**" if share > 1 else f"{share:.1%}" if share < 0.1 else f"{share:.0%}"
