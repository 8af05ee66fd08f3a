"""Locust's stats CSV files as Markdown.

`python loadtests/summarize_locust_csv.py FILES... [--out F] [--ascii-status] [--with-overall] [--with-success-rate]`; a file
that is missing, empty or not Locust's is an error (exit code 2), and nothing is written then.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `loadtests` in it
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from loadtests.locust_csv import AGGREGATED, Row, Stats, read_stats
from loadtests.scenario import read
from loadtests.trouble import NothingToSay

HEADS: Final = (
    "method",
    "endpoint",
    "requests",
    "failures",
    "requests/s",
    "average, ms",
    "P50, ms",
    "P95, ms",
    "P99, ms",
    "status",
)
SIGNS: Final = {True: "✅", False: "❌"}
WORDS: Final = {True: "ok", False: "FAILED"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Summarise; 0, or 2 with a sentence about the file that is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, help="Locust's ..._stats.csv")
    parser.add_argument("--out", type=Path, help="write here (default: print)")
    parser.add_argument("--ascii-status", action="store_true", help="ok and FAILED in place of signs")
    parser.add_argument("--with-overall", action="store_true", help="a row of all requests together")
    parser.add_argument("--with-success-rate", action="store_true", help="a column of the share that did not fail")
    asked = parser.parse_args(arguments)
    try:
        text = "\n".join(_table(path, read_stats(path), asked) for path in asked.files)
        if asked.out:
            asked.out.write_text(text, encoding="utf-8")
        else:
            print(text, end="")
    except (NothingToSay, OSError) as error:
        print(f"summarize_locust_csv: {error}", file=sys.stderr)
        return 2
    return 0


def _table(path: Path, stats: Stats, asked: argparse.Namespace) -> str:
    heads = [*HEADS[:-1], *(["success"] if asked.with_success_rate else []), HEADS[-1]]
    rows = [*stats.rows, *([stats.overall] if asked.with_overall else [])]
    align = ["---", "---", *["---:"] * (len(heads) - 3), "---"]
    lines = [heads, align, *(list(_cells(row, asked)) for row in rows)]
    title = path.name.removesuffix(".csv").removesuffix("_stats")
    return f"## {title}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cells(row: Row, asked: argparse.Namespace) -> Iterator[str]:
    yield from ("", f"**{AGGREGATED}**") if row.of_all else (row.method, row.name.replace("|", "\\|"))
    yield from (str(row.count), str(row.failures), f"{row.per_s:.1f}")
    yield from ("-" if ms is None else f"{ms:.0f}" for ms in (row.average_ms, row.p50_ms, row.p95_ms, row.p99_ms))
    if asked.with_success_rate:
        yield "-" if row.success_rate is None else f"{row.success_rate:.2%}"
    yield (WORDS if asked.ascii_status else SIGNS)[_well(row)]


def _well(row: Row) -> bool:
    """Judge a row by the errors that every scenario may have; the gate judges everything else."""
    most = read("light").promises.errors or 0.0
    return row.success_rate is not None and 1 - row.success_rate < most


if __name__ == "__main__":
    sys.exit(main())
