"""`python -m training.evaluate_urgent`: what needs action now, told from messages that nobody learned from.

One author who had seen nothing of the program wrote 154 urgent messages a language and 150 that are none, softly and without
the usual words (`data/urgent_apart`). They are counted as turns of a conversation about danger, of the kind that they tell
of, and as first messages.
"""

import csv
import time
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from ion_mentoring.understanding.safety.check import DangerCheck
from ion_mentoring.understanding.safety.danger import Danger
from ion_mentoring.understanding.safety.emergencies import Emergencies
from ion_mentoring.understanding.safety.urgent.kinds import KIND_OF
from ion_mentoring.understanding.safety.urgent.reader import URGENT, heard, of_whom
from ion_mentoring.understanding.safety.urgent.told import LEARNED, SHORTEST_ALONE

DATA: Final = Path(__file__).resolve().parent / "data" / "urgent_apart"
LANGUAGES: Final = ("ko", "en")
ROOMS: Final = ("situations_apart", "private_apart")


class Measured(NamedTuple):
    """The shares of urgent messages that are told within a conversation about danger and by themselves, of those told within
    that get the text of their kind, of other messages that are told, and of those whose danger it is that are read rightly."""

    within: float
    right: float
    alone: float
    none_within: float
    none_alone: float
    roles: float


def measured(language: str) -> Measured:
    """The figures of a language."""
    with (DATA / f"{language}.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    emergencies, check = Emergencies.load(), DangerCheck.load()
    urgent = [(row["kind"], row["role"], row["text"]) for row in rows if row["kind"] != URGENT[-1]]
    others = [row["text"] for row in rows if row["kind"] == URGENT[-1]]
    wanted = {kind: LEARNED[kind] for kind in URGENT[:-1]}
    within = [(emergencies.told(text, Danger(KIND_OF[wanted[kind]], sure=True)), wanted[kind]) for kind, _, text in urgent]  # type: ignore[index]
    alone = [emergencies.told(text, suspected=check.check(text)) for _, _, text in urgent]
    told = [found == want for found, want in within if found]
    return Measured(
        len(told) / len(urgent),
        sum(told) / max(1, len(told)),
        sum(found is not None for found in alone) / len(urgent),
        sum(emergencies.told(text, Danger("suicide", sure=True)) is not None for text in others) / len(others),
        sum(emergencies.told(text, suspected=check.check(text)) is not None for text in others) / len(others),
        sum(of_whom(text, language).role == role for _, role, text in urgent) / len(urgent),
    )


def ordinary(language: str) -> list[str]:
    """Ordinary messages of five words and more, which were kept apart for other readers."""
    paths = sorted(path for room in ROOMS for path in (DATA.parent / room).glob(f"{language}*.tsv"))
    rows = [row for path in paths for row in path.read_text("utf-8").splitlines()[1:]]
    return [text for row in rows if len((text := row.split("\t")[-1]).split()) >= SHORTEST_ALONE]


def by_itself(language: str) -> tuple[int, int, float]:
    """The ordinary messages, how many of them tell of an emergency by themselves, and the microseconds of hearing one."""
    emergencies, texts, took = Emergencies.load(), ordinary(language), []
    heard("to load", language)
    for text in texts:
        began = time.perf_counter()
        heard(text, language)
        took.append((time.perf_counter() - began) * 1e6)
    return len(texts), sum(emergencies.told(text) is not None for text in texts), median(took)


def main() -> None:
    """The command."""
    for language in LANGUAGES:
        found = measured(language)
        print(
            f"{language}: told within a conversation about danger {found.within:.3f}, of these rightly {found.right:.3f}; "
            f"as a first message {found.alone:.3f}; taken for urgent by mistake {found.none_within:.3f}, "
            f"{found.none_alone:.3f}; whose danger it is {found.roles:.3f}"
        )
        number, told, took = by_itself(language)
        print(f"{language}: of {number:,} ordinary messages {told} told by themselves; {took:.0f} microseconds to hear one")


if __name__ == "__main__":
    main()
