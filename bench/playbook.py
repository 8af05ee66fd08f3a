"""`python -m bench.playbook`: how often the playbook finds the situation that a held-out question is about.

The questions were written by authors who had not seen the cues and examples of the situations they ask about. Two limits of
that: the questions on feelings and feedback had been read when those topics got more examples, and the thresholds in
matching.py were chosen on all of these questions, so the figures flatter somewhat. Questions about something else should
find nothing.
"""

import argparse
import csv
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ion_mentoring.models.playbook.matching import Matcher
from ion_mentoring.models.playbook.situation import load_situations

QUESTIONS: Final = Path(__file__).resolve().parent.parent / "tests" / "models" / "playbook" / "questions"
LANGUAGES: Final = ("ko", "en")
OFF_TOPIC: Final = "-"


@dataclass(frozen=True, slots=True)
class Question:
    """A held-out question, and the situation that it is about."""

    situation: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question with what was found for it; None where nothing fitted."""

    question: Question
    found: str | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares in [0, 1] of one language's questions: right, wrong, nothing found; and of the others, nothing found."""

    language: str
    questions: int
    right: float
    wrong: float
    nothing: float
    off_topic_refused: float
    microseconds: float


def questions() -> list[Question]:
    """All held-out questions."""
    rows: list[Question] = []
    for path in sorted(QUESTIONS.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            rows += [Question(**dict(zip(("situation", "language", "text"), row, strict=True))) for row in _read(lines)]
    return rows


def outcomes(asked: Sequence[Question]) -> list[Outcome]:
    """The situation that the playbook finds for each."""
    matchers = {language: Matcher(load_situations(), language) for language in LANGUAGES}
    matches = [(question, matchers[question.language].match(question.text)) for question in asked]
    return [Outcome(question, match.situation.id if match else None) for question, match in matches]


def figures(language: str, asked: Sequence[Question]) -> Figures:
    """The figures of one language."""
    own = [question for question in asked if question.language == language]
    started = time.perf_counter()
    found = outcomes(own)
    spent = time.perf_counter() - started
    about = [one for one in found if one.question.situation != OFF_TOPIC]
    others = [one for one in found if one.question.situation == OFF_TOPIC]
    right = sum(one.found == one.question.situation for one in about)
    nothing = sum(one.found is None for one in about)
    return Figures(
        language=language,
        questions=len(about),
        right=right / len(about),
        wrong=(len(about) - right - nothing) / len(about),
        nothing=nothing / len(about),
        off_topic_refused=sum(one.found is None for one in others) / len(others),
        microseconds=1e6 * spent / len(own),
    )


def main() -> int:
    """Prints the figures; with --misses, also each question that did not find its own."""
    parser = argparse.ArgumentParser(prog="python -m bench.playbook")
    parser.add_argument("--misses", action="store_true")
    asked = parser.parse_args()
    known = {situation.id for situation in load_situations()} | {OFF_TOPIC}
    rows = [question for question in questions() if question.situation in known]
    print(f"{len(known) - 1} situations, {len(rows)} held-out questions")
    print("language  questions  right  wrong  nothing  off-topic refused")
    for language in LANGUAGES:
        one = figures(language, rows)
        print(
            f"{language:<8}  {one.questions:>9}  {one.right:>5.2f}  {one.wrong:>5.2f}  {one.nothing:>7.2f}"
            f"  {one.off_topic_refused:>17.2f}"
        )
    if asked.misses:
        for outcome in outcomes(rows):
            wanted = None if outcome.question.situation == OFF_TOPIC else outcome.question.situation
            if outcome.found != wanted:
                print(f"{outcome.question.situation} -> {outcome.found}: {outcome.question.text}")
    return 0


def _read(lines: object) -> list[list[str]]:
    return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]  # type: ignore[call-overload,no-any-return]


if __name__ == "__main__":
    sys.exit(main())
