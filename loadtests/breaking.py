"""The moment when a run began to break its promises: after how long, with how many users, by what."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from loadtests.records import Record, Slice
from loadtests.scenario import Scenario

LEAST: Final = 20  # requests in two seconds; the P95 of fewer is chance


def first_broken(scenario: Scenario, record: Record) -> Iterator[str]:
    """Return a sentence for each way in which a run went wrong, with its first moment; the earliest way first."""
    limit, p95 = scenario.promises.p95_ms, record.whole.p(0.95)
    ways: list[tuple[str, Callable[[Slice], bool]]] = [
        (f"errors ({_most(record)})", lambda one: one.errors > 0),
        ("refusals with 429", lambda one: one.refused > 0),
    ]
    if limit is not None and p95 is not None and p95 >= limit:
        ways.append((f"a P95 of {limit:.0f} ms and more", lambda one: one.count >= LEAST and (one.p95 or 0) >= limit))
    firsts = [(first, what) for what, broke in ways if (first := next(filter(broke, record.slices), None)) is not None]
    for first, what in sorted(firsts, key=lambda one: one[0].at_s):
        yield f"from {first.at_s:.0f} s on, with {first.users:,} users: {what}"


def _most(record: Record) -> str:
    """The kinds of errors of all endpoints, the most frequent first."""
    kinds = sum((Counter(one.errors) for one in record.endpoints.values()), Counter())
    return ", ".join(f"{count} times {kind}" for kind, count in kinds.most_common(3))
