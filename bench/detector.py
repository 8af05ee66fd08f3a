"""`python bench/detector.py --data DIR`: how well and how fast the detector reads tones, on labelled sentences kept apart."""

import argparse
import csv
import gzip
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ion_mentoring.understanding.resonance.detector import Detector
from ion_mentoring.understanding.resonance.key import Tone

LANGUAGES: Final = ("ko", "en")
APART: Final = 10  # every tenth row is for measuring alone, never for choosing words
EMOTIONS_OF: Final = {
    Tone.FRUSTRATED: {"anger", "annoyance", "disappointment", "disapproval", "disgust"},
    Tone.PLAYFUL: {"amusement", "excitement", "joy"},
    Tone.ANXIOUS: {"fear", "nervousness"},
    Tone.CURIOUS: {"curiosity"},
    Tone.CONFUSED: {"confusion"},
}
ALARMS: Final = (Tone.ANXIOUS, Tone.FRUSTRATED, Tone.URGENT)
NEUTRAL: Final = {"neutral"}
LOADS: Final = 5

HOW_TO_GET_IT: Final = """\
{directory}: no {missing} there.

The benchmark reads emotions_en.tsv.gz and emotions_ko.tsv.gz: gzip, UTF-8, tab-separated, unquoted, a header, then the columns
`text` and `emotions` (names out of 28, separated by commas), the same sentences in the same order in both. They are made of the
training splits of two public data sets:
  English  GoEmotions (Demszky et al., 2020), Apache-2.0     https://github.com/google-research/google-research/tree/master/goemotions
  Korean   GoEmotions-Korean (Jangwon Park), Apache-2.0      https://github.com/monologg/GoEmotions-Korean
Write the label numbers of their files as names, and give the folder with --data."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that people labelled; None where they found no feeling in it."""

    text: str
    tone: Tone | None


@dataclass(frozen=True, slots=True)
class Figures:
    """One language's figures: F1 and shares in [0, 1]; false alarms by tone are shares of the neutral sentences."""

    f1: dict[Tone, float]
    false_alarms: dict[Tone, float]
    sentences: int
    neutral: int
    microseconds: float
    load_ms: float

    @property
    def macro_f1(self) -> float:
        """The mean over the five tones."""
        return sum(self.f1.values()) / len(self.f1)


def main() -> int:
    """Prints the figures; 1 without the data, since nothing was measured then."""
    parser = argparse.ArgumentParser(prog="python bench/detector.py")
    parser.add_argument("--data", type=Path, required=True, help="the folder with emotions_ko.tsv.gz and emotions_en.tsv.gz")
    parser.add_argument("--tuning", action="store_true", help="the other nine tenths, to choose words by")
    asked = parser.parse_args()
    missing = [path.name for path in _files(asked.data) if not path.is_file()]
    if missing:
        print(HOW_TO_GET_IT.format(directory=asked.data, missing=" and no ".join(missing)), file=sys.stderr)
        return 1
    print("language  sentences  macro-F1  neutral  false alarms  us/sentence  load ms")
    for language, path in zip(LANGUAGES, _files(asked.data), strict=True):
        print(table(language, figures(language, list(sentences(path, tuning=asked.tuning)))))
    return 0


def sentences(path: Path, *, tuning: bool) -> Iterator[Sentence]:
    """The sentences with one of the five tones alone and the neutral ones, of the rows kept apart or of the others."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)):
            if (number % APART == 0) == tuning:
                continue
            emotions = set(row["emotions"].split(","))
            tones = [tone for tone, names in EMOTIONS_OF.items() if emotions <= names]
            if tones or emotions == NEUTRAL:
                yield Sentence(row["text"], tones[0] if tones else None)


def figures(language: str, rows: Sequence[Sentence]) -> Figures:
    """The figures of a fresh detector on the rows."""
    load_ms = min(_load_ms(language) for _ in range(LOADS))
    detector = Detector.load()
    detector.detect("", language)  # a lexicon is read at its first use
    started = time.perf_counter()
    found = [detector.detect(row.text, language).key.tone for row in rows]
    spent = time.perf_counter() - started
    neutral = Counter(tone for row, tone in zip(rows, found, strict=True) if row.tone is None)
    pairs = Counter((row.tone, tone) for row, tone in zip(rows, found, strict=True) if row.tone is not None)
    return Figures(
        f1={tone: _f1(pairs, tone) for tone in EMOTIONS_OF},
        false_alarms={tone: neutral[tone] / max(1, neutral.total()) for tone in ALARMS},
        sentences=pairs.total(),
        neutral=neutral.total(),
        microseconds=1e6 * spent / max(1, len(rows)),
        load_ms=load_ms,
    )


def table(language: str, one: Figures) -> str:
    """One language's figures for people."""
    alarms = sum(one.false_alarms.values())
    return (
        f"{language:<8}  {one.sentences:>9}  {one.macro_f1:>8.3f}  {one.neutral:>7}  {alarms:>12.3f}"
        f"  {one.microseconds:>11.1f}  {one.load_ms:>7.1f}\n"
        f"          F1 {_listed(one.f1)}\n          false alarms {_listed(one.false_alarms)}"
    )


def _files(directory: Path) -> list[Path]:
    return [directory / f"emotions_{language}.tsv.gz" for language in LANGUAGES]


def _load_ms(language: str) -> float:
    """Milliseconds until the first sentence of a language can be read."""
    re.purge()  # or a second load finds its pattern compiled
    started = time.perf_counter()
    Detector.load().detect("", language)
    return 1e3 * (time.perf_counter() - started)


def _f1(pairs: Counter[tuple[Tone, Tone]], tone: Tone) -> float:
    right = pairs[tone, tone]
    wanted = sum(count for (labelled, _), count in pairs.items() if labelled == tone)
    given = sum(count for (_, found), count in pairs.items() if found == tone)
    return 2 * right / max(1, wanted + given)


def _listed(shares: dict[Tone, float]) -> str:
    return ", ".join(f"{tone} {share:.3f}" for tone, share in shares.items())


if __name__ == "__main__":
    sys.exit(main())
