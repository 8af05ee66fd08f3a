"""The turns that the reading of turns is learned from and measured with, written by hand."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ion_mentoring.understanding.turns.reader import KINDS

WRITTEN: Final = Path(__file__).parent / "data" / "turns"
APART: Final = Path(__file__).parent / "data" / "turns_apart"
LATER: Final = Path(__file__).parent / "data" / "later_turns"  # those after a sign of danger
LATER_APART: Final = Path(__file__).parent / "data" / "later_turns_apart"
MATTERS_APART: Final = Path(__file__).parent / "data" / "matters_apart"  # by what they are about
SITUATIONS: Final = Path(__file__).parent / "data" / "situations"
SIGNS: Final = Path(__file__).parent / "data" / "danger"
SIGNS_TOLD: Final = 300  # of the messages of danger
MATTERS: Final = 150  # of the messages of situations


def written(language: str, folder: Path = WRITTEN, kinds: Sequence[str] = KINDS) -> list[list[tuple[str, str]]]:
    """Kind and text of the messages of each author; ValueError names a line whose kind is not known."""
    return [_messages(path, kinds) for path in sorted(folder.glob(f"*_{language}*.tsv"))]


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def _messages(path: Path, kinds: Sequence[str]) -> list[tuple[str, str]]:
    rows = _rows(path)
    for number, fields in enumerate(rows, 2):
        if len(fields) != 2 or fields[0] not in kinds:
            raise ValueError(f"{path.name}:{number}: a kind of turn is wanted, and a text")
    return [(kind, text) for kind, text in rows]


def told(language: str, folder: Path = SITUATIONS) -> list[str]:
    """Messages that tell a matter: some of those that the playbook's situations are learned from."""
    texts = [text for path in sorted(folder.glob(f"paraphrases_{language}*.tsv")) for _, text in _rows(path)]
    return texts[:: len(texts) // MATTERS][:MATTERS]


def signs(language: str, folder: Path = SIGNS) -> list[str]:
    """Messages that tell of a danger for the first time: some of those that the danger check is learned from."""
    texts = [row[-1] for path in sorted(folder.glob(f"*_{language}.tsv")) for row in _rows(path) if row[0] == "sign"]
    return texts[:: max(1, len(texts) // SIGNS_TOLD)][:SIGNS_TOLD]
