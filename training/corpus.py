"""The sentences that the danger check learns from: written by hand, and ordinary text from public data sets."""

import csv
import gzip
import random
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

ASKED: Final = ("situations", "situations/alone", "keys", "turns")  # rooms of what people ask a mentor
LATER: Final = "other_matters"  # files that the danger check was not learned from: with them it finds no more
NEAR: Final = "ordinary"  # the room of ordinary messages that are near to danger in form alone
HURTING: Final = ("school_bullying", "abusive_customers")  # situations in which somebody may be hurt
Want = Literal["sign", "despair", "harmless"]
Told = tuple[str, int]  # a text and the place of its class

DATA: Final = Path(__file__).parent / "data"
WRITTEN: Final = DATA / "danger"
# The public data sets of ordinary text, and how many rows of each are learned from; as many others are measured with.
ORDINARY: Final = {"emotions_en": 8_000, "emotions_ko": 4_000, "comments_ko": 2_000, "questions_ko": 3_000}
SEED: Final = 20261128
# Public comments hold real signs, too; a row with such a word is neither learned from nor measured with as ordinary text.
DOUBTFUL: Final = re.compile(
    r"죽|자살|자해|살기 ?싫|때리|맞았|강간|폭행|die|dying|dead|kill|suicid|death|abus|rape|hurt|hang|cut|murder|shoot"
    r"|depress|alive"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence; `author` is the file it stands in, `kind`, `who` and `age` as the file's columns say."""

    text: str
    want: Want
    kind: str
    who: str
    age: str
    author: str


def written(folder: Path = WRITTEN) -> list[Row]:
    """All rows of the repository, in the order of the files' names; ValueError names a line that is not of five columns."""
    return [row for path in sorted(folder.glob("*.tsv")) for row in _rows(path)]


def ordinary(folder: Path) -> tuple[list[str], dict[str, list[str]]]:
    """Ordinary texts to learn from, and by data set others to measure with, from `emotions_en.tsv.gz` and its like."""
    learn: list[str] = []
    measure: dict[str, list[str]] = {}
    for name, rows in ORDINARY.items():
        texts = [text for text in column(folder / f"{name}.tsv.gz") if not DOUBTFUL.search(text.lower())]
        random.Random(SEED).shuffle(texts)  # noqa: S311  # the same order each time is the point
        learn += texts[:rows]
        measure[name] = texts[rows : 2 * rows]
    return learn, measure


def mentoring(data: Path = DATA) -> list[str]:
    """What people ask a mentor: the messages that situations, keys and turns are learned from, which tell of no danger.

    Beside them stand ordinary ones that are near to danger in form, written for this.
    """
    paths = [path for room in ASKED for path in sorted((data / room).glob("*.tsv")) if not path.stem.startswith(LATER)]
    texts = [text for path in paths for text in _last_column(path, without=HURTING)]
    near = [text for path in sorted((data / NEAR).glob("*.tsv")) for text in _last_column(path)]
    return [text for text in dict.fromkeys(texts) if not DOUBTFUL.search(text.lower())] + near


def questions(language: str, data: Path = DATA) -> dict[str, list[str]]:
    """Questions to a mentor that nothing was learned from: those that situations are measured with, by part."""
    return {path.stem: _last_column(path) for path in sorted((data / "situations_apart").glob(f"{language}*.tsv"))}


def _last_column(path: Path, without: Collection[str] = ()) -> list[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [*csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]
    return [fields[-1] for fields in rows if fields[0] not in without]


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        for number, fields in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
            if number == 1:
                continue
            if len(fields) != 5 or fields[0] not in ("sign", "despair", "harmless"):
                raise ValueError(
                    f"{path.name}:{number}: five columns are wanted: sign, despair or harmless, kind, who, age, text"
                )
            want, kind, who, age, text = fields
            yield Row(text, want, kind, who, age, path.stem)  # type: ignore[arg-type]


def column(path: Path) -> list[str]:
    """The texts of a public data set, of its column `text` or else of its first one."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        column = "text" if "text" in (rows.fieldnames or ()) else (rows.fieldnames or [""])[0]
        return [row[column] for row in rows if row[column]]
