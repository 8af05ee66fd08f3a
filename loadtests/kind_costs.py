"""Processor time of each kind of request, asked alone one after the other: where the time of a mixture goes."""

import http.client
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from loadtests.footprint import cpu_s
from loadtests.records import Record
from loadtests.target import Target
from loadtests.trouble import NothingToSay
from loadtests.visitor import Visitor

ENDPOINTS: Final[Mapping[str, tuple[str, ...]]] = {  # the rows of a record, by the kind of request that they come from
    "process": ("process",),
    "session": ("process in a session",),
    "stream": ("process stream",),
    "v1": ("v1 chat", "v1 process"),
    "recommend": ("recommend",),
    "bulk": ("bulk-process",),
    "operate": ("cache-stats",),
}


@dataclass(frozen=True, slots=True)
class KindCost:
    """The processor time of one request of a kind, in milliseconds of the set."""

    kind: str
    cpu_ms: float


def kind_costs(set_: Target, visitors: Sequence[Visitor], kinds: Sequence[str], number: int) -> Iterator[KindCost]:
    """Ask so many of each kind; NothingToSay where nobody counts the processor time."""
    at = urlsplit(set_.url)
    connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=60)
    for kind in kinds:
        before = cpu_s(set_.pid)
        for place in range(number):
            asked = visitors[place % len(visitors)].of_kind(kind)
            connection.request(asked.method, asked.path, body=asked.body, headers=dict(asked.headers))
            connection.getresponse().read()
        after = cpu_s(set_.pid)
        if before is None or after is None:
            raise NothingToSay("nobody counts the processor time of a process here")
        yield KindCost(kind, 1000 * (after - before) / number)
    connection.close()


def shares(record: Record, costs: Sequence[KindCost]) -> list[str]:
    """Say for each kind how many of the requests of a run it was, and how much of its processor time."""
    counts = {
        one.kind: sum(record.endpoints[name].count for name in ENDPOINTS[one.kind] if name in record.endpoints) for one in costs
    }
    whole = sum(one.cpu_ms * counts[one.kind] for one in costs) or 1.0
    ordered = sorted(costs, key=lambda one: -one.cpu_ms * counts[one.kind])
    return [
        f"{one.kind:<12} {one.cpu_ms:6.1f} ms a request   {counts[one.kind] / record.whole.count:5.1%} of the requests   "
        f"{one.cpu_ms * counts[one.kind] / whole:5.1%} of the time"
        for one in ordered
    ]
