"""`python -m training.evaluate_denials`: what is replied to answers to the caring question, real denials and seeming ones."""

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal, get_args

from ion_mentoring.understanding.safety.course import SafetyCourse
from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.past import Turn
from ion_mentoring.understanding.safety.replies import Caring

APART: Final = Path(__file__).parent / "data" / "denials_apart"

Outcome = Literal["safe answer", "asked again", "ordinary answer"]


def rows(folder: Path = APART) -> list[tuple[str, str, str]]:
    """Language, want (denial, sign) and text of the part kept apart, in files by language."""
    found = []
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            found += [(path.stem, row["want"], row["text"]) for row in table]
    return found


def outcome(course: SafetyCourse, text: str, language: str) -> Outcome:
    """The outcome of a text that answers the caring question."""
    to = Listener(language)
    asked = course.sadness([], to)
    said = f"{asked.opening}\n\n{asked.closing}" if asked else ""
    step = course.next(text, [Turn("user", "..."), Turn("assistant", said)], to)
    return "ordinary answer" if step is None else "asked again" if isinstance(step, Caring) else "safe answer"


def report(asked: Iterable[tuple[str, str, str]]) -> list[str]:
    """The shares as lines of Markdown."""
    course, counts = SafetyCourse.load(), Counter[tuple[str, str, Outcome]]()
    for language, want, text in asked:
        counts[want, language, outcome(course, text, language)] += 1
    lines = [
        "| what is said | language | texts | safe answer | asked again | ordinary answer |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for want, language in sorted({(want, language) for want, language, _ in counts}):
        each = [counts[want, language, one] for one in get_args(Outcome)]
        shares = " | ".join(f"{one / sum(each):.2f}" for one in each)
        lines.append(f"| {want} | {language} | {sum(each)} | {shares} |")
    return lines


def main() -> None:
    """The command."""
    print("\n".join(report(rows())))


if __name__ == "__main__":
    main()
