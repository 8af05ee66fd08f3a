"""`python -m training.evaluate_private`: which texts are taken for private, of those that nobody looked at while writing signs.

Authors who have not seen the detector wrote questions that tell of a person or firm, and questions that thousands ask
the same way. What is learned from lies in `data/private`; the parts of `data/private_apart` are only ever counted.
"""

import csv
import time
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from ion_mentoring.understanding.personal.detector import is_personal

DATA: Final = Path(__file__).resolve().parent / "data"
LANGUAGES: Final = ("ko", "en")
PARTS: Final = ("", "_second", "_third")


class Measured(NamedTuple):
    """The share of private texts that are found, of harmless ones that are taken for private, and what was missed by kind."""

    recall: float
    false_alarms: float
    missed: Counter[str]
    private: int
    harmless: int


def measured(language: str, part: str = "") -> Measured:
    """The figures of a part that was kept apart."""
    with (DATA / "private_apart" / f"{language}{part}.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    private = [row for row in rows if row["want"] == "private"]
    harmless = [row for row in rows if row["want"] == "harmless"]
    missed = Counter(row["kind"] for row in private if not is_personal(row["text"]))
    alarms = sum(is_personal(row["text"]) for row in harmless)
    return Measured(1 - missed.total() / len(private), alarms / len(harmless), missed, len(private), len(harmless))


def microseconds() -> float:
    """The median of looking at one text."""
    took = []
    for language in LANGUAGES:
        for line in (DATA / "private" / f"{language}.tsv").read_text(encoding="utf-8").splitlines():
            began = time.perf_counter()
            is_personal(line)
            took.append((time.perf_counter() - began) * 1e6)
    return median(took)


def main() -> None:
    """The command."""
    for part in PARTS:
        for language in LANGUAGES:
            found = measured(language, part)
            missed = ", ".join(f"{number} {kind}" for kind, number in found.missed.most_common()) or "none"
            print(
                f"{language}{part:8} recall {found.recall:.3f} of {found.private}, "
                f"false alarms {found.false_alarms:.3f} of {found.harmless}; missed: {missed}"
            )
    print(f"{microseconds():.0f} microseconds a text at the median")


if __name__ == "__main__":
    main()
