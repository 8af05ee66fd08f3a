"""The texts that private ones are learned from: those of authors, a file each, and what thousands may write."""

import csv
from pathlib import Path
from typing import Final

from ion_mentoring.mentoring.warming.warm_caches import load_questions
from ion_mentoring.understanding.personal.detector import signs
from ion_mentoring.understanding.personal.learned_signs import KINDS, Kind

DATA: Final = Path(__file__).parent / "data" / "private"
QUESTIONS: Final = Path(__file__).parent / "data" / "situations"
HARMLESS: Final[Kind] = KINDS[-1]
EDITORIAL: Final = 5  # times as much as another does an editorial question count


def written(language: str, folder: Path = DATA) -> list[list[tuple[Kind, str]]]:
    """Kind and text of each author's rows; ValueError names a line whose kind is not known."""
    return [_rows(path) for path in sorted(folder.glob(f"{language}*.tsv"))]


def _rows(path: Path) -> list[tuple[Kind, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    told = []
    for number, row in enumerate(rows, 2):
        name = HARMLESS if row["want"] == HARMLESS else row["kind"]
        kind = next((kind for kind in KINDS if kind == name), None)
        if kind is None:
            raise ValueError(f"{path.name}:{number}: a kind of private text is wanted, not {name!r}")
        told.append((kind, row["text"]))
    return told


def asked(language: str, folder: Path = QUESTIONS) -> list[str]:
    """Texts that thousands may write: the editorial questions, and the messages that situations are learned from, without
    those in which a sign is found."""
    texts = [text for path in sorted(folder.glob(f"paraphrases_{language}*.tsv")) for text in _texts(path)]
    editorial = [question.ko if language == "ko" else question.en for question in load_questions()]
    return [*editorial * EDITORIAL, *(text for text in texts if not signs(text))]


def _texts(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [row[-1] for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]
