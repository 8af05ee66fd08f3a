"""`python -m training.evaluate_stories`: how often a story is told from the words of somebody who did not write it.

The texts are those of `data/stories_apart`, six to a story, by five authors who had seen its gist and two of its messages, and
who avoided both: a few words; everyday words in place of the term; haste; formality; what happened, unnamed; from the middle.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from ion_mentoring.models.playbook.finding import Found, found
from ion_mentoring.models.playbook.openings.openings import OPENINGS
from ion_mentoring.models.playbook.ranking import load_ranking

APART: Final = Path(__file__).parent / "data" / "stories_apart"
LANGUAGES: Final = ("ko", "en")


class Told(NamedTuple):
    """A text, and which story of which situation it tells."""

    situation: str
    story: str
    text: str


def apart(language: str) -> Iterator[Told]:
    """The texts of a language, in the order of their file."""
    with (APART / f"{language}.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Told(row["situation"], row["story"], row["text"])


def figures(language: str) -> Counter[str]:
    """How many texts there are, and of how many the situation is found, the story told, another situation found, or nothing."""
    ranking, count = load_ranking(language), Counter[str]()
    for one in apart(language):
        count["texts"] += 1
        told = found(ranking, one.text)
        if not isinstance(told, Found):
            count["nothing, or a list"] += 1
        elif told.title.id != one.situation:
            count["another situation"] += 1
        else:
            meant = OPENINGS.nearest(one.situation, one.text, language)
            count["its situation"] += 1
            count["its story, too"] += meant is not None and meant.turn.about == one.story
    return count


def main() -> None:
    """The command."""
    print("| of other people's words for a story | ko | en |\n| --- | --- | --- |")
    counts = [figures(language) for language in LANGUAGES]
    for name in ("its situation", "its story, too", "another situation", "nothing, or a list"):
        print(f"| {name} | " + " | ".join(f"{one[name] / one['texts']:.2f}" for one in counts) + " |")
    print(f"\n{counts[0]['texts']:,} and {counts[1]['texts']:,} texts.")


if __name__ == "__main__":
    main()
