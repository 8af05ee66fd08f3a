"""`python -m training.evaluate_keys --data DIR`: how well keys are read, on texts that nobody learned from or tuned with."""

import argparse
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

from infra.tables.pages import PAGES, put
from ion_mentoring.understanding.resonance.clues import Clues
from ion_mentoring.understanding.resonance.detector import SAD, Detector
from ion_mentoring.understanding.resonance.key import Tone
from ion_mentoring.understanding.resonance.learned import NOTHING, LearnedParts, Reading
from training.key_corpus import APART, FIVE, VALUES, Told, only, public, written

PAGE: Final = PAGES / "understanding.md"
THREE: Final = ("frustrated", "playful", "anxious")
ALARMS: Final = ("frustrated", "anxious", "urgent")
BINS: Final = 10
LOOPS: Final = 3
LANGUAGES: Final = ("en", "ko")
GOAL_OF_FIVE: Final = {"en": 0.70, "ko": 0.65}


class Reader:
    """The readings of texts of one language, part by part."""

    def __init__(self, language: str) -> None:
        self._clues = Clues.load()
        self._models = LearnedParts().of(language)
        self._language = language

    def read(self, rows: Iterable[Told], part: str) -> list[Reading]:
        """The reading of each text."""
        model = self._models[part]
        return [model.read(self._clues.of(row.text, self._language)[1]) for row in rows]


def macro_f1(told: Sequence[str], read: Sequence[str], values: Sequence[str]) -> float:
    """The mean over values of the harmonic mean of precision and recall."""
    scores = []
    for value in values:
        right = sum(one == two == value for one, two in zip(told, read, strict=True))
        scores.append(2 * right / max(1, sum(one == value for one in told) + sum(one == value for one in read)))
    return sum(scores) / len(scores)


def calibration_error(readings: Sequence[Reading], told: Sequence[str]) -> float:
    """The expected calibration error of choices: the mean gap between confidence and share of right ones, in ten bins."""
    chosen = [(one.confidence, one.value == right) for one, right in zip(readings, told, strict=True) if one.value]
    gap = 0.0
    for number in range(BINS):
        own = [pair for pair in chosen if number / BINS <= pair[0] < (number + 1) / BINS]
        if own:
            gap += abs(sum(sure for sure, _ in own) - sum(right for _, right in own))
    return gap / max(1, len(chosen))


def alone(rows: Iterable[Told], values: Sequence[str], source: str) -> list[Told]:
    """The rows of a data set, kept apart, that have one of the values and no other."""
    return only(
        [*rows],
        lambda row: row.part == "apart" and row.source.startswith(source) and len(row.tones) == 1 and row.tones <= {*values},
    )


def report(data: Path) -> list[str]:
    """The tables as lines of Markdown."""
    lines = ["| what | language | texts | figure | goal |", "| --- | --- | --- | --- | --- |"]
    tones: dict[str, dict[int, str]] = {}
    for language in LANGUAGES:
        reader, rows = Reader(language), public(data, language)
        single = alone(rows, FIVE, "emotions")
        readings = reader.read(single, "tone")
        told = [next(iter(row.tones)) for row in single]
        figure = macro_f1(told, [one.value for one in readings], FIVE)
        lines.append(_line("macro-F1 of five tones, comments of GoEmotions", language, single, figure, GOAL_OF_FIVE[language]))
        neutral = only(rows, lambda row: row.part == "apart" and row.neutral and row.source.startswith("emotions"))
        quiet = reader.read(neutral, "tone")
        alarms = sum(one.value in ALARMS for one in quiet) / len(neutral)
        lines.append(_line("neutral texts called anxious, frustrated or urgent", language, neutral, alarms, 0.10))
        sad = alone(rows, (SAD,), "emotions")
        sadly = reader.read(sad, "tone")
        found = sum(one.value == SAD for one in sadly) / len(sad)
        lines.append(_line("sadness, grief, remorse and embarrassment found", language, sad, found, 0.60))
        error = calibration_error([*readings, *quiet, *sadly], [*told, *[NOTHING] * len(quiet), *[SAD] * len(sad)])
        lines.append(_line("expected calibration error of tones", language, [*single, *neutral, *sad], error, 0.03))
        if language == "ko":
            comments = alone(rows, THREE, "comments")
            own = [next(iter(row.tones)) for row in comments]
            figure = macro_f1(own, [one.value for one in reader.read(comments, "tone")], THREE)
            lines.append(_line("macro-F1 of three tones, comments that Koreans wrote (KOTE)", language, comments, figure, 0.53))
        places = [
            place for place, row in enumerate(only(rows, lambda row: row.source.startswith("emotions"))) if row in set(single)
        ]
        tones[language] = dict(zip(places, (_nine(one.value) for one in readings), strict=True))
        by_hand = written(language, APART, "apart")
        for part, goal in (("tone", None), ("pace", 0.75), ("intent", 0.75)):
            if by_hand:
                wanted = [next(iter(row.tones)) if part == "tone" else str(getattr(row, part)) for row in by_hand]
                got = reader.read(by_hand, part)
                figure = macro_f1(wanted, [one.value for one in got], VALUES[part])
                lines.append(_line(f"macro-F1 of {part}, messages written for it", language, by_hand, figure, goal))
                error = calibration_error(got, wanted)
                lines.append(
                    _line(f"expected calibration error of {part}, messages written for it", language, by_hand, error, None)
                )
    both = tones["en"].keys() & tones["ko"].keys()
    read = [place for place in both if tones["en"][place] or tones["ko"][place]]
    same = sum(tones["en"][place] == tones["ko"][place] for place in read) / max(1, len(read))
    lines.append(f"| the same tone in both languages | en, ko | {len(read)} | {same:.3f} | 0.75 |")
    return lines


def _nine(value: str) -> str:
    return Tone.ANXIOUS if value == SAD else value


def _line(what: str, language: str, rows: Sequence[object], figure: float, goal: float | None) -> str:
    return f"| {what} | {language} | {len(rows)} | {figure:.3f} | {'' if goal is None else goal} |"


def microseconds(texts: Sequence[str], language: str) -> tuple[float, float]:
    """The median of reading one text, and that of the longest, each the best of a few rounds."""
    detector, took = Detector.load(), []
    for text in texts:
        rounds = []
        for _ in range(LOOPS):
            began = time.perf_counter()
            detector.detect(text, language)
            rounds.append(time.perf_counter() - began)
        took.append(min(rounds) * 1e6)
    return median(took), max(took)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with emotions_en.tsv.gz and its like")
    parser.add_argument("--write", action="store_true", help="put the table into docs/understanding.md")
    arguments = parser.parse_args()
    lines = report(arguments.data)
    for language in LANGUAGES:
        began = time.perf_counter()
        LearnedParts().of(language)
        loaded = (time.perf_counter() - began) * 1e3
        middle, longest = microseconds([row.text for row in written(language)], language)
        spent = f"{middle:.0f} microseconds a message at the median, {longest:.0f} for the slowest"
        lines += ["", f"{language}: {spent}; loaded in {loaded:.0f} ms."]
    print("\n".join(lines))
    if arguments.write:
        put(PAGE, "\n".join([f"Measured on {datetime.now(UTC):%Y-%m-%d}.", "", *lines]))


if __name__ == "__main__":
    main()
