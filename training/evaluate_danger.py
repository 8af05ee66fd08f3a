"""`python -m training.evaluate_danger --data DIR`: what the danger check finds and what it takes for a sign that is none."""

import argparse
import csv
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

from infra.tables.pages import PAGES, put
from ion_mentoring.understanding.safety.check import DangerCheck
from training.corpus import ordinary, questions

APART: Final = Path(__file__).parent / "data" / "danger_apart"
PAGE: Final = PAGES / "safety.md"
LOOPS: Final = 3


@dataclass(frozen=True, slots=True)
class Part:
    """The number of texts of a kind, and how many were sure, were asked about by name, and were asked openly."""

    texts: int
    sure: int
    named: int
    faint: int

    def __str__(self) -> str:
        shares = (self.sure, self.named, self.faint, self.sure + self.named + self.faint)
        return " | ".join([str(self.texts), *(f"{share / self.texts:.3f}" for share in shares)])


def count(check: DangerCheck, texts: Iterable[str]) -> Part:
    """The tiers of some texts."""
    found = [check.check(text) for text in texts]
    tiers = Counter("sure" if one.sure else "faint" if one.faint else "named" for one in found if one)
    return Part(len(found), tiers["sure"], tiers["named"], tiers["faint"])


def apart(folder: Path) -> list[dict[str, str]]:
    """The rows of the parts kept apart: want (danger, harmless, ordinary), kind, language, text, part (a file's name)."""
    rows: list[dict[str, str]] = []
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            rows += [{**row, "part": path.stem} for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return rows


def report(check: DangerCheck, rows: Sequence[dict[str, str]], data: Path | None) -> list[str]:
    """The table as lines of Markdown."""
    lines = ["| what | language | kind | texts | sure | asked by name | asked openly | seen |", "| --- " * 8 + "|"]
    for want, name in (("danger", "sign"), ("harmless", "look-alike"), ("ordinary", "ordinary")):
        groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in rows:
            if row["want"] == want:
                language = row["language"] if row["language"] in ("ko", "en") else "others"
                groups[language, "all"].append(row["text"])
                groups[language, f"all of {row['part']}"].append(row["text"])
                groups[language, row["kind"]].append(row["text"])
        order = sorted(groups, key=lambda key: (key[0], not key[1].startswith("all"), key[1]))
        lines += [f"| {name} | {language} | {kind} | {count(check, groups[language, kind])} |" for language, kind in order]
    if data is not None:
        for name, texts in ordinary(data)[1].items():
            lines.append(f"| ordinary | {name[-2:]} | {name} | {count(check, texts)} |")
        for language in ("en", "ko"):
            for part, texts in questions(language).items():
                lines.append(f"| ordinary | {language} | questions to a mentor, {part} | {count(check, texts)} |")
    return lines


def microseconds(check: DangerCheck, texts: Sequence[str]) -> tuple[float, float]:
    """The median of one look at a text, and that of the longest, each the best of a few rounds."""
    took: list[float] = []
    for text in texts:
        rounds = []
        for _ in range(LOOPS):
            began = time.perf_counter()
            check.check(text)
            rounds.append(time.perf_counter() - began)
        took.append(min(rounds) * 1e6)
    return median(took), max(took)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="the folder with emotions_en.tsv.gz and its like, for ordinary text")
    parser.add_argument("--apart", type=Path, default=APART, help="a folder of TSV files: want, kind, language, text")
    parser.add_argument("--write", action="store_true", help="put the table into docs/safety.md")
    arguments = parser.parse_args()
    check, rows = DangerCheck.load(), apart(arguments.apart)
    lines = report(check, rows, arguments.data)
    middle, longest = microseconds(check, [row["text"] for row in rows])
    lines += ["", f"One look: {middle:.0f} microseconds at the median of these texts, {longest:.0f} for the slowest."]
    print("\n".join(lines))
    if arguments.write:
        put(PAGE, "\n".join([f"Measured on {datetime.now(UTC):%Y-%m-%d}.", "", *lines]))


if __name__ == "__main__":
    main()
