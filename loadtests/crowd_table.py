"""A table of runs with more and more users: a row a run."""

from collections.abc import Sequence
from typing import Final

from loadtests.records import Record

HEADS: Final = (
    *("users", "requests/s", "P50 ms", "P95 ms", "P99 ms", "errors", "429", "degraded", "hits"),
    *("set's core", "load's", "CPU ms", "MiB"),
)


def head() -> str:
    """The head of the table. CPU ms is the set's processor time for a request, MiB the most memory that it held."""
    return _row(HEADS)


def row(users: int, record: Record) -> str:
    """The row of a run with so many users."""
    whole, cpu = record.whole, record.server_cpu_s
    times = ["-" if ms is None else ms for ms in map(whole.p, (0.5, 0.95, 0.99))]
    counts = (whole.failed, whole.refused, whole.degraded, "-" if whole.hit_rate is None else f"{whole.hit_rate:.0%}")
    core = ["-" if used is None else f"{used / record.seconds:.0%}" for used in (cpu, record.load_cpu_s)]
    each = "-" if cpu is None else f"{1000 * cpu / max(whole.count, 1):.2f}"
    most = max((f"{mib:.0f}" for _, mib in record.memory_mib), key=float, default="-")
    return _row((f"{users:,}", f"{whole.count / record.seconds:.0f}", *times, *counts, *core, each, most))


def _row(cells: Sequence[object]) -> str:
    return " ".join(f"{cell!s:>10}" for cell in cells)
