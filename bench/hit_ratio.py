"""`make bench-caches`: the hit ratio of L1 beside plain LRU and a scan-resistant reference, as a table and a picture.

Keys by Zipf's law, with some that are asked for once and never again. Every policy sees the same keys; sizes are in entries.
"""

import argparse
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cachetools
import matplotlib.pyplot as plt
import numpy as np
import theine

from ion_mentoring.caching.local import LocalCache

PICTURE: Final = Path(__file__).resolve().parent.parent / "docs" / "cache-hit-ratio.png"
KEYS: Final = 20_000
SIZES: Final = (0.01, 0.02, 0.05, 0.1, 0.2)  # of the keys
EXPONENTS: Final = (0.9, 1.1)

Ask = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Ratio:
    """The share of requests that found their key, in [0, 1]."""

    policy: str
    exponent: float
    size: int
    hits: float


def main() -> int:
    """Measures, prints, draws."""
    parser = argparse.ArgumentParser(prog="bench.hit_ratio")
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument("--once", type=float, default=0.3, help="share of requests for keys that come once")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    ratios = list(measured(asked.requests, asked.once, asked.seed))
    print(f"{asked.requests} requests for {KEYS} keys by Zipf's law, {asked.once:.0%} of them for keys that come once\n")
    print(f"{'Zipf':>5} {'entries':>8}  " + "  ".join(f"{name:>18}" for name in POLICIES))
    for (exponent, size), row in itertools.groupby(ratios, lambda one: (one.exponent, one.size)):
        print(f"{exponent:>5} {size:>8}  " + "  ".join(f"{one.hits:>18.3f}" for one in row))
    draw(ratios, asked.once)
    return 0


def measured(requests: int, once: float, seed: int) -> Iterator[Ratio]:
    """All policies on all workloads."""
    for exponent in EXPONENTS:
        keys = workload(requests, exponent, once, seed)
        for share in SIZES:
            size = int(KEYS * share)
            for name, policy in POLICIES.items():
                ask = policy(size)
                yield Ratio(name, exponent, size, sum(map(ask, keys)) / len(keys))


def workload(requests: int, exponent: float, once: float, seed: int) -> list[str]:
    """Keys in the order in which they are asked for."""
    dice = np.random.default_rng(seed)
    weights = 1 / np.arange(1, KEYS + 1) ** exponent
    popular = dice.choice(KEYS, requests, p=weights / weights.sum())
    passing = dice.random(requests) < once
    return [f"once-{place}" if one_off else str(key) for place, (key, one_off) in enumerate(zip(popular, passing, strict=True))]


def ours(size: int) -> Ask:
    """L1 as it is."""
    cache: LocalCache[bool] = LocalCache(max_bytes=1 << 40, max_entries=size, now=lambda: 0.0)

    def ask(key: str) -> bool:
        if cache.get(key):
            return True
        cache.put(key, True, size=0, expires_at=1.0)
        return False

    return ask


def lru(size: int) -> Ask:
    """cachetools."""
    return _mapping(cachetools.LRUCache(size))


def w_tinylfu(size: int) -> Ask:
    """theine: W-TinyLFU, as Caffeine has it."""
    cache: Any = theine.Cache(size)

    def ask(key: str) -> bool:
        _, hit = cache.get(key)
        if not hit:
            cache.set(key, True)
        return bool(hit)

    return ask


def _mapping(cache: Any) -> Ask:
    def ask(key: str) -> bool:
        if key in cache:
            return bool(cache[key])
        cache[key] = True
        return False

    return ask


POLICIES: Final[dict[str, Callable[[int], Ask]]] = {"ours (segmented)": ours, "LRU": lru, "W-TinyLFU": w_tinylfu}


def draw(ratios: list[Ratio], once: float) -> None:
    """The picture."""
    figure, axes = plt.subplots(1, len(EXPONENTS), figsize=(10, 4), sharey=True)
    for axis, exponent in zip(axes, EXPONENTS, strict=True):
        for name in POLICIES:
            points = [one for one in ratios if one.policy == name and one.exponent == exponent]
            axis.plot([one.size / KEYS for one in points], [one.hits for one in points], marker="o", label=name)
        axis.set(title=f"Zipf {exponent}, {once:.0%} one-off keys", xlabel="entries, as a share of all keys", xscale="log")
        axis.set_xticks(SIZES, [f"{share:.0%}" for share in SIZES])
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("hit ratio")
    axes[0].legend()
    figure.tight_layout()
    figure.savefig(PICTURE, dpi=110)
    print(f"\ndrawn to {PICTURE.relative_to(PICTURE.parent.parent)}")


if __name__ == "__main__":
    raise SystemExit(main())
