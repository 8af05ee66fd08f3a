"""The texts that tell of which danger, and of whose: first messages, the turns that follow, and ordinary ones."""

import csv
import random
from typing import Final

from ion_mentoring.models.playbook.expected.expected import EXPECTED as IN_SITUATIONS
from ion_mentoring.understanding.safety.danger import KINDS
from ion_mentoring.understanding.safety.later.expected.expected import EXPECTED as IN_DANGER
from ion_mentoring.understanding.safety.scopes.reader import SCOPES, Scope
from training.corpus import DATA, Told
from training.expected_corpus import ways

NONE: Final = len(SCOPES)
FOLDS: Final = 3  # by which what one author wrote of many things is left out in parts
MOST_ORDINARY: Final = 14_000  # of each sort: people talk of husbands, bosses and fears where nobody is in danger
SEED: Final = 5


def later(language: str) -> list[list[Told]]:
    """The turns that follow in a danger, in parts: no turn is in two of them."""
    told = [(one.place, (one.text, _place(one.scope))) for one in ways(language, IN_DANGER, "danger")]
    return [[text for place, text in told if place % FOLDS == fold] for fold in range(FOLDS)]


def first(language: str) -> list[list[Told]]:
    """The first messages that tell of a danger, and those that only resemble one, in parts of whole authors."""
    files = [path for path in sorted((DATA / "danger").glob("*.tsv")) if language in path.stem.split("_")]
    several: list[list[Told]] = [[] for _ in range(FOLDS)]
    for number, path in enumerate(files):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row["want"] != "sign":
                    several[number % FOLDS].append((row["text"], NONE))
                elif row["kind"] in KINDS:
                    kind = next(kind for kind in KINDS if kind == row["kind"])
                    several[number % FOLDS].append((row["text"], SCOPES.index(Scope(kind, row["who"] != "self"))))
    return several


def ordinary(language: str) -> list[list[Told]]:
    """The turns that follow, and first messages, of ordinary conversations."""
    onward = [one.text for one in ways(language, IN_SITUATIONS, "situations")]
    begun = []
    for path in sorted((DATA / "situations").glob(f"paraphrases_{language}*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            begun += [row[-1] for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]
    return [[(text, NONE) for text in _some(several)] for several in (onward, begun)]


def _some(texts: list[str]) -> list[str]:
    return random.Random(SEED).sample(texts, min(MOST_ORDINARY, len(texts)))  # noqa: S311  # the same ones each time


def _place(scope: str) -> int:
    kind, who = scope.rsplit("_", 1)
    return next(place for place, one in enumerate(SCOPES) if one == (kind, who == "other"))
