"""`python -m training.lighter --data DIR`: what lighter readers of keys, danger and situations would weigh, cost and get wrong.

Most candidates are made of the shipped weights; those of keys with fewer n-grams are learned once, six minutes each. All are
measured on the parts kept apart. A candidate holds where it has at most 0.7 of the size, takes at most half of the time, and
has no figure that is worse by more than 0.005.
"""

import argparse
import time
import zlib
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Final
from unittest.mock import patch

from msgspec import structs

from ion_mentoring.models.playbook.ranking import Ranking, load_ranking
from ion_mentoring.resources import read_bytes
from ion_mentoring.understanding import ngrams
from ion_mentoring.understanding.classifier import Classifier
from ion_mentoring.understanding.resonance.clues import Clues
from ion_mentoring.understanding.resonance.detector import SAD, Detector
from ion_mentoring.understanding.resonance.learned import ZERO, LearnedParts, Model
from ion_mentoring.understanding.safety.check import DangerCheck
from ion_mentoring.understanding.safety.denials import Denials
from ion_mentoring.understanding.safety.learned import WEIGHTS, LearnedCheck, PartReader, Table, read_tables
from ion_mentoring.understanding.safety.turns import Turns
from training import evaluate_danger, evaluate_situations
from training.corpus import ordinary
from training.evaluate_keys import ALARMS, LANGUAGES, alone, macro_f1
from training.key_corpus import APART, FIVE, VALUES, Told, public, written
from training.lightening import FEWER, Change, changes, learned_with_fewer

WORSE: Final = 0.005  # by which a figure of a candidate may be worse
SIZE: Final = 0.7
TIME: Final = 0.5
ROUNDS: Final = 5
TIMED: Final = 200  # texts
LESS_IS_BETTER: Final = ("false", "wrong")  # words in the name of such a figure


@dataclass(frozen=True, slots=True)
class Measured:
    """The size of a candidate in bytes, the microseconds of a text, and its figures by name, each in [0, 1]."""

    size: int
    microseconds: float
    figures: Mapping[str, float]

    def worst(self, full: "Measured") -> tuple[float, str]:
        """By how much the worst figure is worse than that of the full reader, and its name."""
        return max(
            ((self.figures[name] - one) * (1 if any(word in name for word in LESS_IS_BETTER) else -1), name)
            for name, one in full.figures.items()
        )


def microseconds(read: Callable[[str], object], texts: Sequence[str]) -> float:
    """The mean time of the processor for one text, in the best of a few rounds."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for text in texts:
            read(text)
        rounds.append(time.process_time() - began)
    return min(rounds) / len(texts) * 1e6


class _Fixed(LearnedParts):
    """The models of a candidate."""

    def __init__(self, models: Mapping[str, Model]) -> None:
        super().__init__()
        self._models = models

    def of(self, language: str) -> Mapping[str, Model]:
        return self._models


def keys(language: str, data: Path) -> Iterator[tuple[str, Measured]]:
    """The candidates of the reader of keys, the full one first."""
    full, clues, by_hand = LearnedParts().of(language), Clues.load(), written(language, APART, "apart")
    rows = public(data, language)
    single, sad = alone(rows, FIVE, "emotions"), alone(rows, (SAD,), "emotions")
    neutral = [row for row in rows if row.part == "apart" and row.neutral and row.source.startswith("emotions")]

    def measured(models: Mapping[str, Model]) -> Measured:
        def read(some: Sequence[Told], part: str) -> list[str]:
            return [models[part].read(clues.of(row.text, language)[1]).value for row in some]

        figures = {
            "five tones": macro_f1([next(iter(row.tones)) for row in single], read(single, "tone"), FIVE),
            "false alarms": sum(value in ALARMS for value in read(neutral, "tone")) / len(neutral),
            "sadness found": sum(value == SAD for value in read(sad, "tone")) / len(sad),
            "tone by hand": macro_f1([next(iter(row.tones)) for row in by_hand], read(by_hand, "tone"), VALUES["tone"]),
        }
        for part in ("pace", "intent"):
            figures[part] = macro_f1([str(getattr(row, part)) for row in by_hand], read(by_hand, part), VALUES[part])
        detector = Detector(clues, _Fixed(models))
        took = microseconds(lambda text: detector.detect(text, language), [row.text for row in by_hand[:TIMED]])
        return Measured(_packed(*(model.rows for model in models.values())), took, figures)

    yield "full", measured(full)
    for name, change in changes().items():
        yield name, measured({p: structs.replace(one, rows=change(one.rows)) for p, one in full.items()})
    for name, places in FEWER[language].items():
        with patch.multiple(ngrams, **places):
            yield name, measured(learned_with_fewer(name, language, data))


def danger(data: Path) -> Iterator[tuple[str, Measured]]:
    """The candidates of the check for danger, the full one first."""
    full, reader, denials, turns = read_tables(read_bytes(WEIGHTS)), PartReader.load(), Denials.load(), Turns.load()
    rows = evaluate_danger.apart(evaluate_danger.APART)
    ordinarily = [text for texts in ordinary(data)[1].values() for text in texts]

    def measured(tables: Mapping[str, Table]) -> Measured:
        check = DangerCheck(LearnedCheck(reader, tables), denials, turns)
        figures = {}
        for name, want in (("signs", "danger"), ("false among look-alikes", "harmless"), ("false among ordinary", "ordinary")):
            texts = [row["text"] for row in rows if row["want"] == want] + (ordinarily if want == "ordinary" else [])
            part = evaluate_danger.count(check, texts)
            figures[f"{name}: sure"] = part.sure / part.texts
            figures[f"{name}: seen"] = (part.sure + part.named + part.faint) / part.texts
        took = microseconds(check.check, [row["text"] for row in rows[:: len(rows) // TIMED]])
        return Measured(_packed(*(table.weights for table in tables.values())), took, figures)

    yield "full", measured(full)
    for name, change in changes().items():
        yield name, measured({key: structs.replace(table, weights=change(table.weights)) for key, table in full.items()})


def situations(language: str) -> Iterator[tuple[str, Measured]]:
    """The candidates of the ranking of situations, the full one first."""
    full = load_ranking(language)
    questions = [one for one in evaluate_situations.apart() if one.language == language]
    texts = [one.text for one in questions[:: len(questions) // TIMED]]

    def measured(ranking: Ranking) -> Measured:
        with patch.object(evaluate_situations, "load_ranking", lambda _: ranking):
            figures = evaluate_situations.figures(evaluate_situations.outcomes(questions))
        own = ranking.classifier
        sizes = array("H", (end - start for start, end in pairwise(own.starts)))
        size = _packed(sizes.tobytes(), own.places.tobytes(), own.weights)
        return Measured(size, microseconds(lambda text: ranking.rank(text, 3), texts), figures)

    yield "full", measured(full)
    for name, change in changes().items():
        yield name, measured(replace(full, classifier=_lighter(full.classifier, change)))


def _lighter(own: Classifier, change: Change) -> Classifier:
    """A classifier with changed weights, without those that say nothing."""
    weights = change(own.weights)
    kept = [[at for at in range(start, end) if weights[at] != ZERO] for start, end in pairwise(own.starts)]
    flat = [at for several in kept for at in several]
    places = array(own.places.typecode, (own.places[at] for at in flat))
    starts = array("I", accumulate(map(len, kept), initial=0))
    return replace(own, starts=starts, places=places, weights=bytes(weights[at] for at in flat), lanes={})


def _packed(*tables: bytes) -> int:
    return len(zlib.compress(b"".join(tables), 9))


def lines(reader: str, candidates: Iterator[tuple[str, Measured]]) -> Iterator[str]:
    """The rows of the table of one reader, each when it is measured."""
    _, full = next(candidates)
    yield f"| {reader} | full | {full.size / 1024:.0f} | 1.00 | {full.microseconds:.0f} | 1.00 | | |"
    for name, one in candidates:
        size, took, (worse, figure) = one.size / full.size, one.microseconds / full.microseconds, one.worst(full)
        holds = "yes" if size <= SIZE and took <= TIME and worse <= WORSE else "no"
        shares = f"{one.size / 1024:.0f} | {size:.2f} | {one.microseconds:.0f} | {took:.2f}"
        yield f"| {reader} | {name} | {shares} | {figure}: {worse:+.3f} | {holds} |"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with emotions_en.tsv.gz and its like")
    data = parser.parse_args().data
    print("| reader | candidate | KiB | of the size | microseconds | of the time | the worst figure is worse by | holds |")
    print("| --- " * 8 + "|")
    for language in LANGUAGES:
        print(*lines(f"keys, {language}", keys(language, data)), sep="\n", flush=True)
    print(*lines("danger", danger(data)), sep="\n", flush=True)
    for language in LANGUAGES:
        print(*lines(f"situations, {language}", situations(language)), sep="\n", flush=True)


if __name__ == "__main__":
    main()
