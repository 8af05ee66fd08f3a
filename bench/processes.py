"""Processor time and memory of a served function: of its first process and of all that it started, as Linux counts them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PROC: Final = Path("/proc")
NANOSECONDS: Final = 1e9
HELD: Final = re.compile(r"^(Rss|Pss):\s+(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Held:
    """Memory in KiB. `pss` counts a page that several processes share in equal parts, so sums of it mean something."""

    rss: float
    pss: float


def family(pid: int) -> Iterator[int]:
    """A process and its descendants; ProcessLookupError if it has ended."""
    yield pid
    for task in _tasks(pid):
        for child in (task / "children").read_text(encoding="ascii").split():
            yield from family(int(child))


def cpu_s(pid: int) -> float:
    """Seconds of processor time that a process and its descendants took so far, of threads that have not ended."""
    spent = (float((task / "schedstat").read_text(encoding="ascii").split()[0]) for one in family(pid) for task in _tasks(one))
    return sum(spent) / NANOSECONDS


def held(pid: int) -> Held:
    """Memory that a process and its descendants hold now."""
    kib = {"Rss": 0, "Pss": 0}
    for one in family(pid):
        for name, amount in HELD.findall((PROC / str(one) / "smaps_rollup").read_text(encoding="ascii")):
            kib[name] += int(amount)
    return Held(kib["Rss"], kib["Pss"])


def _tasks(pid: int) -> list[Path]:
    try:
        return sorted((PROC / str(pid) / "task").iterdir())
    except FileNotFoundError as error:
        raise ProcessLookupError(f"no process {pid}") from error
