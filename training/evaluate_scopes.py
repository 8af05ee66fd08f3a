"""`python -m training.evaluate_scopes`: how often a conversation is answered as the danger that it is about.

On conversations by authors who had seen nothing, and on ordinary later turns by others. The replies in between are those of the
course of a danger; where it has none, an ordinary answer stands.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from ion_mentoring.understanding.safety.course import SafetyCourse
from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.past import Turn
from ion_mentoring.understanding.safety.replies import SafetyReply
from training.corpus import DATA
from training.evaluate_expected import rows as ordinary_turns

APART: Final = DATA / "scopes_apart"
LISTENERS: Final = {"ko": Listener("ko", "KR"), "en": Listener("en", "GB")}
FROM: Final = 3  # the turn from which it is counted
AN_ANSWER: Final = "Yes, that can be done."


class Conversation(NamedTuple):
    """The kind of danger, `self` or `other`, and the turns of the person; `begins` is the first dark one, from 1."""

    kind: str
    who: str
    begins: int
    turns: list[str]


def conversations(path: Path) -> Iterator[Conversation]:
    """The conversations of a file: number, kind, who, begins, text; a line a turn."""
    with path.open(encoding="utf-8", newline="") as lines:
        told = [*csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
    for _, several in groupby(told, lambda row: row["number"]):
        own = [*several]
        yield Conversation(own[0]["kind"], own[0]["who"], int(own[0]["begins"]), [row["text"] for row in own])


def answered(course: SafetyCourse, turns: list[str], to: Listener) -> Iterator[tuple[str, str] | None]:
    """The kind of danger, and whose, as which each turn is answered; None where it is answered as an ordinary one."""
    history: list[Turn] = []
    for text in turns:
        reply = course.next(text, history, to)
        if reply is None:
            said = AN_ANSWER
        else:
            said = reply.text if isinstance(reply, SafetyReply) else f"{reply.opening}\n\n{AN_ANSWER}"
        history += [Turn("user", text), Turn("assistant", said)]
        yield (reply.danger.kind, "other" if reply.danger.other else "self") if reply else None


def counted(course: SafetyCourse, language: str) -> Counter[str]:
    """The counts of how the turns of all conversations are answered, from the third on, where their danger has begun."""
    count: Counter[str] = Counter()
    for one in conversations(APART / f"{language}.tsv"):
        for place, told in enumerate(answered(course, one.turns, LISTENERS[language]), 1):
            if place < max(FROM, one.begins):
                continue
            count["turns"] += 1
            count["ordinary" if told is None else "own" if told[0] == one.kind else "another"] += 1
            count["whose"] += told is not None and told[1] == one.who
    return count


def alarms(course: SafetyCourse, language: str) -> tuple[int, int]:
    """The number of ordinary later turns that are answered as a danger, or with a question about one, and of all."""
    several = [[text for _, _, text in own] for _, own in groupby(ordinary_turns(language), lambda row: row[0])]
    told = [one for turns in several for one in answered(course, turns, LISTENERS[language])]
    return sum(one is not None for one in told), len(told)


def main() -> None:
    """The command."""
    course = SafetyCourse.load()
    for language in LISTENERS:
        count, (told, turns) = counted(course, language), alarms(course, language)
        print(
            f"{language}: of {count['turns']} later turns {count['own']} answered as their own danger, {count['another']} as "
            f"another, {count['ordinary']} as ordinary; {count['whose']} to the right person; of {turns} ordinary later turns "
            f"{told} as a danger or asked about one"
        )


if __name__ == "__main__":
    main()
