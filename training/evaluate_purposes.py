"""`python -m training.evaluate_purposes`: how often somebody who asks for words gets those for what they want to say.

The turns of `data/purposes_apart` were written by somebody who had seen the names of the purposes and a line on each, and no
pattern. Half of them show the purpose in the turn before alone.
"""

import csv
from collections import Counter, defaultdict
from pathlib import Path
from typing import Final, NamedTuple

from ion_mentoring.models.playbook.asking.purposes import words_for
from ion_mentoring.models.playbook.correcting import asks_for_words
from ion_mentoring.understanding.turns.reader import TurnReader

APART: Final = Path(__file__).parent / "data" / "purposes_apart"
LANGUAGES: Final = ("ko", "en")
NONE: Final = "none"  # the purpose of what is easy to say, for which no words are given
GENERAL: Final = "hard_talk"  # whose words fit any hard talk, though none of them well

GOT: Final = ("its", "general", "other", "no")  # the words that a turn may get


class Asked(NamedTuple):
    """A turn that asks for words, the turn before it, and the purpose."""

    purpose: str
    before: str
    text: str


def apart(language: str) -> list[Asked]:
    """The turns of a language, in the order of their file."""
    with (APART / f"{language}.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Asked(row["purpose"], row["before"], row["text"]) for row in rows]


def given(one: Asked, language: str) -> str:
    """The purpose whose words would be given first."""
    return next((words.purpose for words in words_for((one.before, one.text), language)), NONE)


def figures(language: str) -> dict[str, Counter[str]]:
    """By purpose, how many turns get each of `GOT`."""
    count: dict[str, Counter[str]] = defaultdict(Counter)
    for one in apart(language):
        found = given(one, language)
        got = "its" if found == one.purpose else {GENERAL: "general", NONE: "no"}.get(found, "other")
        count[one.purpose][got] += 1
    return count


def main() -> None:
    """The command."""
    reader = TurnReader.load()
    for language in LANGUAGES:
        turns, count = apart(language), figures(language)
        heard = sum(asks_for_words(one.text) or reader.read(one.text, language)[0].kind == "words" for one in turns)
        print(f"{language}: {heard} of {len(turns)} are heard as asking for words")
        print("| purpose | turns | its words | the general ones | other words | no words |\n" + "| --- " * 6 + "|")
        whole = sum((own for purpose, own in count.items() if purpose != NONE), Counter[str]())
        for purpose, own in [*sorted(count.items()), ("all but none", whole)]:
            print(
                f"| {purpose} | {own.total()} | "
                + " | ".join(str(own[got]) for got in ("its", "general", "other", "no"))
                + " |"
            )


if __name__ == "__main__":
    main()
