"""`python -m bench.readers --data DIR`: pictures of how keys are read, for docs/understanding.md.

On the same texts, kept apart, as `training.evaluate_keys`: which tone is taken for which, how often a confidence is right, and
what each reader weighs, costs and gets right. It draws with matplotlib, which is in the environment of the benches.
"""

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

import matplotlib.pyplot as plt

from infra.tables.pages import PAGES
from ion_mentoring.resources import ROOT
from ion_mentoring.understanding.resonance.key import KeyPart
from ion_mentoring.understanding.resonance.learned import Reading
from training.evaluate_keys import BINS, LANGUAGES, THREE, Reader, alone, macro_f1
from training.key_corpus import APART, FIVE, VALUES, public, written

WEIGHTS: Final = ROOT / "ion_mentoring/understanding/resonance/learned"
CONFUSION: Final = PAGES / "understanding-confusion.png"
CALIBRATION: Final = PAGES / "understanding-calibration.png"
COSTS: Final = PAGES / "understanding-costs.png"
PARTS: Final[tuple[KeyPart, ...]] = ("tone", "pace", "intent")


class Cost(NamedTuple):
    """A reader's share of the file (KiB), microseconds a message at the median, and macro-F1 on messages written for it."""

    kib: float
    microseconds: float
    right: float


def confusion(told: Sequence[str], read: Sequence[str]) -> list[list[float]]:
    """The share of each tone's texts (a row) that was read as each tone, or as none (the last column)."""
    counts = Counter(zip(told, read, strict=True))
    columns = (*FIVE, "")
    rows = []
    for right in FIVE:
        own = sum(counts[right, value] for value in columns) or 1
        rows.append([counts[right, value] / own for value in columns])
    return rows


def reliability(readings: Sequence[Reading], told: Sequence[str]) -> list[tuple[float, float, int]]:
    """The mean confidence, the share of right ones and the number of texts of each tenth of confidences that has any."""
    chosen = [(one.confidence, one.value == right) for one, right in zip(readings, told, strict=True) if one.value]
    points = []
    for number in range(BINS):
        own = [pair for pair in chosen if number / BINS <= pair[0] < (number + 1) / BINS]
        if own:
            points.append((sum(sure for sure, _ in own) / len(own), sum(right for _, right in own) / len(own), len(own)))
    return points


def cost(reader: Reader, language: str, part: KeyPart) -> Cost:
    """What reading one part weighs, costs and gets right."""
    rows, took, read = written(language, APART, "apart"), [], []
    for row in rows:
        began = time.perf_counter()
        read += reader.read([row], part)
        took.append((time.perf_counter() - began) * 1e6)
    told = [next(iter(row.tones)) if part == "tone" else str(getattr(row, part)) for row in rows]
    share = len(VALUES[part]) / sum(len(VALUES[other]) for other in PARTS)
    kib = (WEIGHTS / f"{language}.bin").stat().st_size / 1024 * share
    return Cost(kib, median(took), macro_f1(told, [one.value for one in read], VALUES[part]))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with emotions_en.tsv.gz and its like")
    data = parser.parse_args().data
    matrices, curves, costs = plt.subplots(1, 2, figsize=(11, 5)), plt.subplots(figsize=(5, 5)), plt.subplots(figsize=(7, 4.5))
    for axis, language in zip(matrices[1], LANGUAGES, strict=True):
        reader, single = Reader(language), alone(public(data, language), FIVE, "emotions")
        readings, told = reader.read(single, "tone"), [next(iter(row.tones)) for row in single]
        _matrix(axis, language, confusion(told, [one.value for one in readings]))
        points = reliability(readings, told)
        curves[1].plot(*zip(*[point[:2] for point in points], strict=True), marker="o", label=f"{language}, GoEmotions")
        for part in PARTS:
            own = cost(reader, language, part)
            costs[1].scatter(own.microseconds, own.right, s=own.kib * 2, alpha=0.6)
            costs[1].annotate(f"{part} {language}, {own.kib:.0f} KiB", (own.microseconds, own.right), fontsize=8)
            print(f"{language} {part}: {own.kib:.0f} KiB, {own.microseconds:.0f} us, macro-F1 {own.right:.3f}")
    comments = alone(public(data, "ko"), THREE, "comments")
    points = reliability(Reader("ko").read(comments, "tone"), [next(iter(row.tones)) for row in comments])
    curves[1].plot(*zip(*[point[:2] for point in points], strict=True), marker="o", label="ko, KOTE")
    _finish(curves, costs)
    for (figure, _), path in ((matrices, CONFUSION), (curves, CALIBRATION), (costs, COSTS)):
        figure.tight_layout()
        figure.savefig(path, dpi=90)


def _matrix(axis: Any, language: str, rows: list[list[float]]) -> None:
    axis.imshow(rows, cmap="Blues", vmin=0, vmax=1)
    axis.set_xticks(range(len(FIVE) + 1), (*FIVE, "none"), rotation=40, ha="right")
    axis.set_yticks(range(len(FIVE)), FIVE)
    axis.set(title=f"{language}: the tone told (rows) and read (columns)")
    for y, row in enumerate(rows):
        for x, share in enumerate(row):
            axis.text(x, y, f"{share:.2f}", ha="center", va="center", color="white" if share > 0.5 else "black", fontsize=9)


def _finish(curves: Any, costs: Any) -> None:
    curves[1].plot([0, 1], [0, 1], color="grey", linestyle=":", label="as sure as right")
    curves[1].set(xlabel="confidence", ylabel="share that is right", title="How often a confidence is right")
    curves[1].legend()
    costs[1].set(xlabel="microseconds a message, alone", ylabel="macro-F1", title="What a reader costs and gets right")
    costs[1].margins(x=0.25)


if __name__ == "__main__":
    main()
