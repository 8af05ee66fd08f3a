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

from ion_mentoring.understanding.personal.detector import is_personal, privacy_of

DATA: Final = Path(__file__).resolve().parent / "data"
LANGUAGES: Final = ("ko", "en")
PARTS: Final = ("", "_second", "_third", "_fourth")


class Measured(NamedTuple):
    """The shares of private texts that are found and that are found or in doubt, those of harmless ones, how many there are of
    both, and the kinds of those that are neither found nor in doubt."""

    recall: float
    kept: float
    false_alarms: float
    doubts: float
    private: int
    harmless: int
    missed: Counter[str]


def measured(language: str, part: str = "") -> Measured:
    """The figures of a part that was kept apart."""
    with (DATA / "private_apart" / f"{language}{part}.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    private = [row for row in rows if row["want"] == "private"]
    harmless = [row for row in rows if row["want"] == "harmless"]
    found, alarms = (Counter(privacy_of(row["text"]) for row in rows) for rows in (private, harmless))
    missed = Counter(row["kind"] for row in private if privacy_of(row["text"]) == "open")
    of = len(private), len(harmless)
    kept, doubts = 1 - found["open"] / of[0], 1 - alarms["open"] / of[1]
    return Measured(found["own"] / of[0], kept, alarms["own"] / of[1], doubts, *of, missed)


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
                f"{language}{part:8} found {found.recall:.3f}, or in doubt {found.kept:.3f} of {found.private}; "
                f"harmless {found.false_alarms:.3f}, {found.doubts:.3f} of {found.harmless}; missed: {missed}"
            )
    print(f"{microseconds():.0f} microseconds a text at the median")


if __name__ == "__main__":
    main()
