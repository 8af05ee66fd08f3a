"""`python -m training.evaluate_situations`: how often the playbook finds what a question is about.

A question that was answered at once is sure; where it asks which of a few situations is meant, they are offered; the rest is
told honestly that nothing fits. `--seen` measures with questions that thresholds were chosen with, which flatters.
"""

import argparse
import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

from infra.tables.pages import PAGES, put
from ion_mentoring.models.playbook.finding import Found, Offered, found
from ion_mentoring.models.playbook.ranking import NONE, load_ranking
from ion_mentoring.models.playbook.step import BY_THEMSELVES, CLEAR
from ion_mentoring.models.playbook.step_parts import outweighs
from ion_mentoring.understanding.language import language_of
from ion_mentoring.understanding.turns.reader import TurnReader

APART: Final = Path(__file__).parent / "data" / "situations_apart"
SEEN: Final = Path(__file__).parent.parent / "tests" / "models" / "playbook" / "questions"
PAGE: Final = PAGES / "situations.md"
PARTS: Final = {"first": "", "second": "_second", "third": "_third", "fourth": "_fourth", "fifth": "_fifth", "sixth": "_sixth"}
LANGUAGES: Final = ("ko", "en")
OTHER: Final = ("small talk", "off")  # the topics of what is no question for a mentor


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the situations that fit it, best first, none if none does; `other` if it is none for a mentor."""

    situations: tuple[str, ...]
    language: str
    text: str
    other: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question with what was said to it: one situation, a few that were offered, or none."""

    question: Question
    sure: str | None
    offered: tuple[str, ...]
    ranked: tuple[str, ...]


def apart(folder: Path = APART, part: str = "*") -> list[Question]:
    """The questions kept apart, in files by language and part with the columns situations, topic, text; `part` is a glob."""
    return [
        Question(_ids(row["situations"]), path.stem[:2], row["text"], row["topic"] in OTHER)
        for path in sorted(folder.glob(f"??{part}.tsv"))
        for row in _rows(path)
    ]


def seen(folder: Path = SEEN) -> list[Question]:
    """The questions that were seen before, with the columns situation, language, question."""
    return [
        Question(_ids(row["situation"]), row["language"], row["question"], row["situation"] == NONE)
        for path in sorted(folder.glob("*.tsv"))
        for row in _rows(path)
    ]


def outcomes(questions: Sequence[Question]) -> list[Outcome]:
    """The outcome of each question, asked alone."""
    turns = TurnReader.load()
    told = []
    for question in questions:
        ranking = load_ranking(question.language)
        turn = turns.read(question.text, question.language)[0]
        one = found(ranking, question.text)
        outweighed = isinstance(one, Found) and outweighs(one, turn, begun=False)
        if turn.kind in BY_THEMSELVES and turn.probability >= CLEAR and not outweighed:
            one = None
        told.append(
            Outcome(
                question,
                one.title.id if isinstance(one, Found) else None,
                tuple(title.id for title in one.titles) if isinstance(one, Offered) else (),
                tuple(likely.title.id for likely in ranking.rank(question.text, 3)),
            )
        )
    return told


def figures(told: Sequence[Outcome]) -> dict[str, float]:
    """Shares in [0, 1] by what they are of."""
    about = [one for one in told if one.question.situations]
    uncovered = [one for one in told if not one.question.situations and not one.question.other]
    others = [one for one in told if one.question.other]
    on_topic = [*about, *uncovered]

    def right(one: Outcome, ids: Sequence[str | None]) -> bool:
        return any(known in ids for known in one.question.situations)

    shares = {
        "the likeliest is right": [right(one, one.ranked[:1]) for one in about],
        "one of the three likeliest is right": [right(one, one.ranked) for one in about],
        "answered at once, and right": [right(one, (one.sure,)) for one in about],
        "answered at once or offered, and right": [right(one, (one.sure, *one.offered)) for one in about],
        "answered at once, and wrong": [one.sure is not None and not right(one, (one.sure,)) for one in on_topic],
        "nothing fits, though something does": [one.sure is None and not one.offered for one in about],
        "of what no situation fits, not answered at once": [one.sure is None for one in uncovered],
        "small talk and other subjects not answered at once": [one.sure is None for one in others],
        "small talk and other subjects refused": [one.sure is None and not one.offered for one in others],
    }
    return {name: sum(one) / len(one) for name, one in shares.items() if one}


def agreement(questions: Sequence[Question]) -> float:
    """The share of questions whose language is told as their author meant it."""
    return sum(language_of(one.text) == one.language for one in questions) / len(questions)


def microseconds(questions: Sequence[Question]) -> float:
    """The median of finding one question's situation."""
    took = []
    for one in questions:
        ranking, began = load_ranking(one.language), time.perf_counter()
        found(ranking, one.text)
        took.append((time.perf_counter() - began) * 1e6)
    return median(took)


def report(questions: Sequence[Question]) -> list[str]:
    """The table as lines of Markdown."""
    by_language = {one: [question for question in questions if question.language == one] for one in LANGUAGES}
    shares = {language: figures(outcomes(own)) for language, own in by_language.items()}
    lines = ["| what | ko | en |", "| --- | --- | --- |"]
    lines += [
        f"| {name} | {shares['ko'][name]:.3f} | {shares['en'][name]:.3f} |" for name in shares["ko"] if name in shares["en"]
    ]
    counts = ", ".join(f"{len(own)} {language}" for language, own in by_language.items())
    return [*lines, "", f"{counts} questions; {microseconds(questions):.0f} microseconds a question at the median."]


def _ids(field: str) -> tuple[str, ...]:
    return tuple(one for one in field.split(",") if one != NONE)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seen", action="store_true", help="the questions that thresholds were chosen with; with those missed")
    parser.add_argument("--write", action="store_true", help="put the table into docs/situations.md")
    arguments = parser.parse_args()
    if arguments.seen:
        lines = report(seen())
    else:
        lines = [line for name, part in PARTS.items() for line in (f"The {name} part:", "", *report(apart(part=part)), "")]
    print("\n".join(lines))
    if arguments.seen:
        for one in outcomes(seen()):
            if (one.sure and one.sure not in one.question.situations) or not {*one.ranked} & {*one.question.situations}:
                right, told = ",".join(one.question.situations), one.sure or " or ".join(one.offered)
                print(f"{right or NONE} -> {told or NONE}: {one.question.text}")
    if arguments.write:
        put(PAGE, "\n".join([f"Measured on {datetime.now(UTC):%Y-%m-%d}.", "", *lines]))


if __name__ == "__main__":
    main()
