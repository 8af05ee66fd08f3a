"""The texts that the reading of keys learns from: public data sets of feelings, and messages written by hand."""

import csv
import gzip
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from ion_mentoring.understanding.resonance.key import Intent, Pace, Tone
from ion_mentoring.understanding.resonance.learned import NOTHING

Part = Literal["learn", "apart"]

WRITTEN: Final = Path(__file__).parent / "data" / "keys"
APART: Final = Path(__file__).parent / "data" / "keys_apart"
FIVE: Final = ("frustrated", "playful", "anxious", "curious", "confused")  # the tones that public data sets tell
SAD: Final = "sad"  # a tone while it is learned: sadness of any kind, which has none of the nine
TONES: Final = (*(tone.value for tone in Tone), SAD)
VALUES: Final = {
    "tone": TONES,
    "pace": tuple(pace.value for pace in Pace),
    "intent": tuple(intent.value for intent in Intent),
}
EMOTIONS: Final = {  # of GoEmotions, which has 28; what is not here tells of no tone
    "frustrated": ("anger", "annoyance", "disappointment", "disapproval", "disgust"),
    "playful": ("amusement", "excitement", "joy"),
    "anxious": ("fear", "nervousness"),
    "curious": ("curiosity",),
    "confused": ("confusion",),
    SAD: ("sadness", "grief", "remorse", "embarrassment"),
}
COMMENTS: Final = {  # of KOTE, which has 44
    "frustrated": (
        *("불평/불만", "지긋지긋", "화남/분노", "우쭐댐/무시함", "한심함", "역겨움/징그러움", "짜증", "어이없음", "증오/혐오"),
    ),
    "playful": ("즐거움/신남", "행복", "기쁨", "흐뭇함"),
    "anxious": ("공포/무서움", "부담/안_내킴", "불안/걱정"),
    SAD: ("슬픔", "절망", "죄책감", "부끄러움", "서러움", "패배/자기혐오"),
}
NEUTRAL: Final = ("neutral", "없음")
UNTOLD: Final = "-"  # the value of a part that a text written by hand does not tell
APART_OF: Final = 5  # every fifth row of a public data set is kept apart


@dataclass(frozen=True, slots=True)
class Told:
    """One text with what it tells. `tones` may be several or none; None is what a data set does not say.

    `known` are the tones that its data set can tell; `source` is the file.
    """

    text: str
    tones: frozenset[str]
    known: frozenset[str]
    pace: str | None
    intent: str | None
    source: str
    part: Part
    neutral: bool = False


def public(folder: Path, language: str) -> list[Told]:
    """The rows of the public data sets of one language; a row of both has the same part in both."""
    rows = list(_emotions(folder / f"emotions_{language}.tsv.gz", EMOTIONS))
    return rows + list(_emotions(folder / "comments_ko.tsv.gz", COMMENTS)) if language == "ko" else rows


def written(language: str, folder: Path = WRITTEN, part: Part = "learn") -> list[Told]:
    """The rows written by hand; ValueError names a line that is not of four columns."""
    rows = []
    for path in sorted(folder.glob(f"*_{language}*.tsv")):
        for number, fields in enumerate(_lines(path)):
            if number == 0:
                continue
            if len(fields) != 4 or not all(fields[at] in (*VALUES[name], UNTOLD) for at, name in enumerate(VALUES)):
                raise ValueError(f"{path.name}:{number + 1}: four columns are wanted: a tone, a pace, an intent, a text")
            tone, pace, intent = (NOTHING if field == UNTOLD else field for field in fields[:3])
            tones = frozenset((tone,)) if tone else frozenset[str]()
            text = fields[3].replace("\\n", "\n")
            rows.append(Told(text, tones, frozenset(TONES), pace, intent, path.stem, part, neutral=not tone))
    return rows


def aimless(rows: Sequence[Told], most: int) -> list[Told]:
    """Neutral public texts that ask nothing, as texts without an intent."""
    quiet = [row for row in rows if row.part == "learn" and row.neutral and "?" not in row.text]
    return [replace(row, intent=NOTHING) for row in quiet[:: max(1, len(quiet) // most)][:most]]


def _emotions(path: Path, names: dict[str, tuple[str, ...]]) -> Iterator[Told]:
    tone_of = {emotion: tone for tone, emotions in names.items() for emotion in emotions}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)):
            emotions = row["emotions"].split(",")
            tones = frozenset(tone_of[emotion] for emotion in emotions if emotion in tone_of)
            neutral = len(emotions) == 1 and emotions[0] in NEUTRAL
            part: Part = "learn" if number % APART_OF else "apart"
            yield Told(row["text"], tones, frozenset(names), None, None, path.name.partition(".")[0], part, neutral)


def _lines(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def only(rows: Sequence[Told], wanted: Callable[[Told], bool]) -> list[Told]:
    """The rows that are wanted."""
    return [row for row in rows if wanted(row)]
