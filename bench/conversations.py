"""`python -m bench.conversations FILE`: how a conversation with the playbook goes, counted over turns that somebody wrote.

FILE has a turn a line and an empty line between conversations. Each turn is asked with all that was said before it. What is
counted can be told by a program; whether an answer helps cannot.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ion_mentoring.access.caller import Caller
from ion_mentoring.mentoring.answering.values import Answer, AnswerRequest
from ion_mentoring.models.playbook.asking.asked import asked
from ion_mentoring.models.playbook.correcting import denies, rejects
from ion_mentoring.models.protocol import Message
from ion_mentoring.resilience import deadline
from ion_mentoring.settings.cache import Cache
from ion_mentoring.settings.deployment import Deployment
from ion_mentoring.settings.models import ModelChoice
from ion_mentoring.settings.personas import Personas
from ion_mentoring.settings.store import Store
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.understanding.language import language_of
from ion_mentoring.wiring.answering import answering

CALLER: Final = Caller("bench", everybody=True)
ANSWERS: Final = ("answer", "expected", "in_return", "composed", "off_topic", "anywhere")  # the moves that answer a question
SHOWS: Final = {
    "quote": "answers that say words of the person back",
    "nothing_fits": "answers that nothing fits",
    "which_one": "lists of matters",
    "left": "answers that leave a matter by name",
}
SECONDS: Final = 60.0


def conversations(text: str) -> list[list[str]]:
    """The turns of each conversation."""
    return [block.splitlines() for block in text.strip("\n").split("\n\n")]


def counted(turn: str, answer: Answer, *, later: bool, had_a_list: bool) -> Iterator[str]:
    """The counts of one turn and its answer."""
    yield "turns"
    yield from (text for move, text in SHOWS.items() if move in answer.plan)
    if answer.offered and had_a_list:
        yield "lists of matters in a conversation that had one"
    if not later:
        return
    if asked(turn, language_of(turn)):
        yield "direct questions in a later turn"
        if any(move in ANSWERS for move in answer.plan[:2]):
            yield "direct questions in a later turn that are answered first"
    if rejects(turn) or denies(turn):
        yield "turns that say what it is not"


async def measure(texts: list[list[str]]) -> Counter[str]:
    """The counts over all conversations."""
    counts: Counter[str] = Counter()
    store, log = Store(store="sqlite:///:memory:"), EventLog("bench", lambda line: None)
    made = answering(Deployment(), ModelChoice.read({}), Personas(), Cache(), store, log, someone_waits=False)
    for turns in texts:
        said: tuple[Message, ...] = ()
        had_a_list = False
        for turn in turns:
            deadline.CURRENT.set(deadline.Deadline.after(SECONDS))
            answer = await made.answer(AnswerRequest(text=turn, caller=CALLER, history=said))
            counts.update(counted(turn, answer, later=bool(said), had_a_list=had_a_list))
            had_a_list = had_a_list or bool(answer.offered)
            said = (*said, Message("user", turn), Message("assistant", answer.content))
    return counts


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    counts = asyncio.run(measure(conversations(parser.parse_args().file.read_text(encoding="utf-8"))))
    for name, number in counts.items():
        print(f"{number:5} {name}")


if __name__ == "__main__":
    main()
