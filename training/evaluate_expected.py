"""`python -m training.evaluate_expected`: how often an expected turn is told, on turns by authors who had not seen them.

They then said which prepared answers would meet each of their turns: those are right, and all others wrong.
"""

import csv
from collections import Counter
from pathlib import Path
from typing import Final

from ion_mentoring.models.playbook.expected.expected import EXPECTED as IN_SITUATIONS
from ion_mentoring.models.playbook.openings.openings import OPENINGS
from ion_mentoring.understanding.expected.reader import ExpectedTurns
from ion_mentoring.understanding.safety.later.expected.expected import EXPECTED as IN_DANGER

APART: Final = Path(__file__).parent / "data" / "expected_apart"
PARTS: Final = (
    ("ko", "ko", IN_SITUATIONS),
    ("en", "en", IN_SITUATIONS),
    ("danger_ko", "ko", IN_DANGER),
    ("danger_en", "en", IN_DANGER),
    ("openings_ko", "ko", OPENINGS),
    ("openings_en", "en", OPENINGS),
)
LEAST: Final = (0.2, 0.25, 0.28, 0.3, 0.4, 0.5, 0.6)  # probabilities from which a turn is taken for an expected one

Row = tuple[str, tuple[int, ...], str]


def rows(part: str) -> list[Row]:
    """The turns: scope, the places of the turns whose answers meet it (none: -1), text."""
    with (APART / f"{part}.tsv").open(encoding="utf-8", newline="") as lines:
        told = [*csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]
    return [(scope, tuple(map(int, turns.split(","))), text) for scope, turns, text in told]


def line(part: str, language: str, book: ExpectedTurns, least: float) -> str:
    """The line of the table for one part, where a turn of this probability is taken for an expected one."""
    count: Counter[str] = Counter()
    for scope, places, text in rows(part):
        meant = book.nearest(scope, text, language)
        has = places != (-1,)
        count["has" if has else "none"] += 1
        if meant is None or meant.probability < least:
            continue
        right = book.turns(scope).index(meant.turn) in places
        count["right" if has and right else "wrong" if has else "false"] += 1
    met, none = max(1, count["has"]), max(1, count["none"])
    missed = met - count["right"] - count["wrong"]
    return (
        f"| {part} | {least} | {count['right'] / met:.2f} | {count['wrong'] / met:.2f} | {missed / met:.2f} "
        f"| {count['false'] / none:.2f} |"
    )


def main() -> None:
    """The command."""
    print("| part | answered from | has an answer: right | wrong | not told | has none: wrong |")
    print("| --- | --- | --- | --- | --- | --- |")
    for part, language, book in PARTS:
        for least in LEAST:
            print(line(part, language, book, least))


if __name__ == "__main__":
    main()
