"""`python -m training.situations --data DIR`: learns which situation or theme a text tells of and writes the weights.

They are the same bytes each time.
"""

import argparse
import csv
import gzip
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from ion_mentoring.models.playbook.openings.openings import OPENINGS
from ion_mentoring.models.playbook.openings.themes import load_themes
from ion_mentoring.models.playbook.ranking import NONE, Title
from ion_mentoring.models.playbook.situation import Situation, load_situations
from ion_mentoring.understanding.ngrams import hashed_ngrams
from training.classifier import Row, fit, packed, trust
from training.expected_corpus import ways

WRITTEN: Final = Path(__file__).parent / "data" / "situations"
ALONE: Final = WRITTEN / "alone"  # of situations for which one author alone has written, who cannot be left out
TARGET: Final = Path(__file__).parent.parent / "shared/ion_mentoring/models/playbook/learned"
LANGUAGES: Final = ("en", "ko")
CUE_WEIGHT: Final = 0.3  # of a card's title or cue against a message
ELSE_WEIGHT: Final = 0.1  # of ordinary talk against a message
ORDINARY: Final = {"ko": ("questions_ko", "comments_ko"), "en": ("emotions_en",)}  # public data sets of ordinary talk
ORDINARY_ROWS: Final = 3_000
PARTS: Final = 4  # of the authors, each of which is left out in turn: with the authors by themselves it would take an hour
PRECISION: Final = np.float32  # enough for hundreds of classes, and faster
BY_ONE: Final = 8  # the first so many messages of a story are by one author, the others by another
OTHERS_WEIGHT: Final = 0.4  # of those by another, who was told to avoid the words of the first
SEED: Final = 20261128


def written(language: str, ids: Sequence[str], folder: Path = WRITTEN) -> list[list[Row]]:
    """The messages written for each situation, by author; ValueError names a line whose situation is not in the playbook."""
    return [list(_messages(path, ids)) for path in sorted(folder.glob(f"*{language}*.tsv"))]


def _messages(path: Path, ids: Sequence[str]) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        for number, fields in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
            if number == 1:
                continue
            if len(fields) != 2 or fields[0] not in {*ids, NONE}:
                raise ValueError(f"{path.name}:{number}: a situation of the playbook or {NONE} is wanted, and a text")
            yield Row(hashed_ngrams(fields[1]), ids.index(fields[0]) if fields[0] != NONE else len(ids))


def stories(language: str, ids: Sequence[str]) -> list[list[Row]]:
    """The first messages written for the stories of each situation, in parts; a story's two authors are in different ones.

    So what is left out is a story that nobody told, half of the time, and else one that somebody else told.
    """
    parts: list[list[Row]] = [[] for _ in range(PARTS)]
    for one in ways(language, OPENINGS, "openings"):
        part = one.place + PARTS // 2 * (one.way >= BY_ONE)
        weight = OTHERS_WEIGHT if one.way >= BY_ONE else 1.0
        parts[part % PARTS].append(Row(hashed_ngrams(one.text), ids.index(one.scope), weight))
    return parts


def told_by_cards(language: str, situations: Sequence[Situation]) -> tuple[list[Row], list[Row]]:
    """The examples of the cards, and their titles and cues."""
    examples = [Row(hashed_ngrams(text), place) for place, one in enumerate(situations) for text in one.in_(language).examples]
    cues = [
        Row(hashed_ngrams(text.replace("+", " ")), place, CUE_WEIGHT)
        for place, one in enumerate(situations)
        for text in (one.in_(language).title, *one.in_(language).cues)
    ]
    return examples, cues


def ordinary(data: Path, language: str, place: int) -> list[Row]:
    """Ordinary talk, which tells of no situation."""
    texts = [text for name in ORDINARY[language] for text in _ordinary(data / f"{name}.tsv.gz")]
    random.Random(SEED).shuffle(texts)  # noqa: S311  # the same order each time is the point
    return [Row(hashed_ngrams(text), place, ELSE_WEIGHT) for text in texts[:ORDINARY_ROWS]]


def _ordinary(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row.get("label", "0") == "0":  # the others tell of love and of its end, which the playbook knows
                yield row.get("text") or next(iter(row.values()))


def learn(language: str, data: Path) -> bytes:
    """The file of a language."""
    situations, themes = load_situations(), load_themes()
    ids = [*(one.id for one in situations), *(one.id for one in themes)]
    by_author = written(language, ids)
    examples, cues = told_by_cards(language, situations)
    others = ordinary(data, language, len(ids))
    apart = [row for number, row in enumerate(others) if number % 10 == 0]
    rest = [row for number, row in enumerate(others) if number % 10]
    alone = [row for rows in written(language, ids, ALONE) for row in rows]
    told = stories(language, ids)
    left_out = [[*(row for rows in by_author[part::PARTS] for row in rows), *told[part]] for part in range(PARTS)]
    believed = trust([*left_out, [*examples, *apart]], [*cues, *rest, *alone], precision=PRECISION)
    titles = [Title(one.id, one.topic, one.in_(language).title) for one in situations]
    titles += [Title(one.id, one.topic, one.title.in_(language), card=False) for one in themes]
    messages = [row for rows in (*by_author, *told, alone) for row in rows]
    return packed(fit([*messages, *examples, *cues, *others], precision=PRECISION), {"titles": titles}, believed)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with emotions_en.tsv.gz and its like")
    parser.add_argument("--out", type=Path, default=TARGET)
    arguments = parser.parse_args()
    for language in LANGUAGES:
        made = learn(language, arguments.data)
        (arguments.out / f"{language}.bin").write_bytes(made)
        print(f"{language}: {len(made):,} bytes")


if __name__ == "__main__":
    main()
