"""`python -m training.evaluate_turns`: how well kinds of turns are told, on turns that nobody learned from or tuned with."""

import argparse
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import median
from typing import Final

from infra.tables.pages import PAGES, put
from ion_mentoring.models.playbook.step import CLEAR
from ion_mentoring.understanding.turns.reader import KINDS, Turn, TurnReader
from training.turn_corpus import APART, written

PAGE: Final = PAGES / "turns.md"
LANGUAGES: Final = ("ko", "en")


def read(reader: TurnReader, language: str) -> list[tuple[str, Turn]]:
    """The kind that each author meant, and the likeliest turn."""
    messages = [one for author in written(language, APART) for one in author]
    return [(kind, reader.read(text, language)[0]) for kind, text in messages]


def f1(told: Sequence[tuple[str, Turn]], kind: str) -> float:
    """The harmonic mean of precision and recall of one kind."""
    right = sum(meant == kind == turn.kind for meant, turn in told)
    return 2 * right / max(1, sum(meant == kind for meant, _ in told) + sum(turn.kind == kind for _, turn in told))


def report() -> list[str]:
    """The tables as lines of Markdown."""
    reader = TurnReader.load()
    told = {language: read(reader, language) for language in LANGUAGES}
    lines = ["| what | ko | en |", "| --- | --- | --- |"]
    rows = {"macro-F1 of all kinds": [sum(f1(told[one], kind) for kind in KINDS) / len(KINDS) for one in LANGUAGES]}
    clear = {one: [(meant, turn) for meant, turn in told[one] if turn.probability >= CLEAR] for one in LANGUAGES}
    rows["told clearly"] = [len(clear[one]) / len(told[one]) for one in LANGUAGES]
    rows["right, of what is told clearly"] = [
        sum(meant == turn.kind for meant, turn in clear[one]) / max(1, len(clear[one])) for one in LANGUAGES
    ]
    rows |= {f"F1 of `{kind}`": [f1(told[one], kind) for one in LANGUAGES] for kind in KINDS}
    lines += [f"| {name} | {korean:.3f} | {english:.3f} |" for name, (korean, english) in rows.items()]
    counts = ", ".join(f"{len(told[one])} {one}" for one in LANGUAGES)
    return [*lines, "", f"{counts} turns; {microseconds(reader):.0f} microseconds a turn at the median."]


def microseconds(reader: TurnReader) -> float:
    """The median of telling one turn."""
    took = []
    for _, text in (one for author in written("ko", APART) for one in author):
        began = time.perf_counter()
        reader.read(text, "ko")
        took.append((time.perf_counter() - began) * 1e6)
    return median(took)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/turns.md")
    arguments = parser.parse_args()
    lines = report()
    print("\n".join(lines))
    if arguments.write:
        put(PAGE, "\n".join([f"Measured on {datetime.now(UTC):%Y-%m-%d}.", "", *lines]))


if __name__ == "__main__":
    main()
