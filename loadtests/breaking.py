"""The moment when a run began to break its promises: after how long, with how many users, by what."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from loadtests.records import Record, Slice
from loadtests.scenario import Scenario

LEAST: Final = 20  # requests in two seconds; the P95 of fewer is chance
IN_A_ROW: Final = 3  # slow slices, of two seconds each: a single one is a hiccup


def first_broken(scenario: Scenario, record: Record) -> Iterator[str]:
    """Return a sentence for each way in which a run went wrong, with its first moment; the earliest way first."""
    limit, p95 = scenario.promises.p95_ms, record.whole.p(0.95)
    firsts = [
        (next((one for one in record.slices if one.errors), None), f"errors ({_most(record)})"),
        (next((one for one in record.slices if one.refused), None), "refusals with 429"),
    ]
    if limit is not None and p95 is not None and p95 >= limit:
        firsts.append((_slow(record.slices, limit), f"a P95 of {limit:.0f} ms and more"))
    found = [(first, what) for first, what in firsts if first is not None]
    for first, what in sorted(found, key=lambda one: one[0].at_s):
        yield f"from {first.at_s:.0f} s on, with {first.users:,} users: {what}"


def _slow(slices: Sequence[Slice], limit: float) -> Slice | None:
    """The first of several slow slices in a row."""
    slow = [one.count >= LEAST and (one.p95 or 0) >= limit for one in slices]
    places = range(len(slices) - IN_A_ROW + 1)
    return next((slices[place] for place in places if all(slow[place : place + IN_A_ROW])), None)


def _most(record: Record) -> str:
    """The kinds of errors of all endpoints, the most frequent first."""
    kinds = sum((Counter(one.errors) for one in record.endpoints.values()), Counter())
    return ", ".join(f"{count} times {kind}" for kind, count in kinds.most_common(3))
