"""Locust's stats as a CSV file, of Locust 1 and 2: columns are found by their names, and so is the row of all requests."""

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from loadtests.trouble import NothingToSay

AGGREGATED: Final = "Aggregated"
NUMBERS: Final = ("Request Count", "Failure Count", "Average Response Time", "Requests/s", "50%", "95%", "99%")
NEEDED: Final = frozenset({"Type", "Name", *NUMBERS})
ABSENT: Final = ("", "N/A")  # a percentile of an endpoint without an answer
OF_ALL: Final = ("", "None")  # the type of the row of all requests; the latter in the first releases of Locust 1
COUNTS: Final = ("Request Count", "Failure Count")


@dataclass(frozen=True, slots=True)
class Row:
    """One endpoint, or all of them; a time is None where nothing was answered."""

    method: str
    name: str
    count: int
    failures: int
    average_ms: float | None
    per_s: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None

    @property
    def of_all(self) -> bool:
        """True for the row of all requests."""
        return self.name == AGGREGATED and self.method in OF_ALL

    @property
    def success_rate(self) -> float | None:
        """The share of requests that did not fail."""
        return (self.count - self.failures) / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class Stats:
    """The stats of one run."""

    rows: tuple[Row, ...]
    overall: Row


def read_stats(path: Path) -> Stats:
    """The stats in a file; NothingToSay if it is missing, empty, foreign or broken."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            heads, lines = reader.fieldnames or (), list(reader)
    except OSError as error:
        raise NothingToSay(f"{path}: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise NothingToSay(f"{path}: is no CSV file") from error
    if not heads:
        raise NothingToSay(f"{path}: is empty")
    if missing := sorted(NEEDED - set(heads)):
        raise NothingToSay(f"{path}: is not Locust's stats; it has no column {', '.join(missing)}")
    if len(set(heads)) != len(heads):
        raise NothingToSay(f"{path}: has a column twice")
    return _stats(path, [_row(path, number, line) for number, line in enumerate(lines, 2)])


def _stats(path: Path, rows: list[Row]) -> Stats:
    overall = [row for row in rows if row.of_all]
    if len(overall) != 1:
        raise NothingToSay(f"{path}: has {len(overall)} rows named {AGGREGATED}, and needs one")
    parts = tuple(row for row in rows if not row.of_all)
    if sum(row.count for row in parts) != overall[0].count:
        raise NothingToSay(f"{path}: its rows do not add up to the row {AGGREGATED}")
    if not overall[0].count:
        raise NothingToSay(f"{path}: there was not one request")
    return Stats(parts, overall[0])


def _row(path: Path, number: int, line: Mapping[str | None, str | None]) -> Row:
    if None in line or None in line.values():
        raise NothingToSay(f"{path}:{number}: has another number of cells than the head")
    try:
        count, failures = (int(line[name] or "") for name in COUNTS)
        average, p50, p95, p99 = (_ms(line[name]) for name in ("Average Response Time", "50%", "95%", "99%"))
        per_s = _number(line["Requests/s"])
    except ValueError as error:
        raise NothingToSay(f"{path}:{number}: has a cell that is no number") from error
    if not 0 <= failures <= count:
        raise NothingToSay(f"{path}:{number}: has more failures than requests, or fewer than none")
    return Row(line["Type"] or "", line["Name"] or "", count, failures, average, per_s, p50, p95, p99)


def _ms(cell: str | None) -> float | None:
    return None if cell in ABSENT else _number(cell)


def _number(cell: str | None) -> float:
    value = float(cell or "")
    if not math.isfinite(value) or value < 0:
        raise ValueError("no amount")
    return value
