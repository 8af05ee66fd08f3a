"""The messages that what needs action now is learned from: those of authors, a file each, and ordinary ones beside them."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ion_mentoring.understanding.safety.urgent.reader import ROLES, URGENT
from training.corpus import Told

DATA: Final = Path(__file__).parent / "data" / "urgent"
NEAR: Final = DATA.parent / "ordinary"
NONE: Final = len(URGENT) - 1


def near(language: str) -> list[str]:
    """Ordinary messages that are near to danger in form alone."""
    return [text for path in sorted(NEAR.glob(f"{language}*.tsv")) for text in path.read_text("utf-8").splitlines()[1:]]


def written(language: str, field: str, folder: Path = DATA) -> list[list[Told]]:
    """The texts of each author with their `kind` or `role`; ValueError names a line that has none of those there are."""
    names: Sequence[str] = URGENT if field == "kind" else ROLES
    return [_rows(path, field, names) for path in sorted(folder.glob(f"{language}*.tsv"))]


def _rows(path: Path, field: str, names: Sequence[str]) -> list[Told]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    told = []
    for number, row in enumerate(rows, 2):
        if field == "role" and row["kind"] == URGENT[NONE]:
            continue
        if row[field] not in names:
            raise ValueError(f"{path.name}:{number}: {field} is {row[field]!r}, and one of {', '.join(names)} is wanted")
        told.append((row["text"], names.index(row[field])))
    return told
