"""How a mentor tells the answer to a story: with what this mentor looks at beside it, and the answer's question at the end."""

import re
from collections.abc import Sequence
from typing import Final

from ion_mentoring.models.playbook.openings.openings import OPENINGS
from ion_mentoring.models.playbook.situation import Counsel
from ion_mentoring.models.playbook.telling import Teller
from ion_mentoring.models.shape import Move
from ion_mentoring.understanding.resonance.key import Pace

OF_THE_MENTOR: Final[tuple[Move, ...]] = ("acknowledge", "measure", "people", "trap")  # which go beside any answer
MOST_AT: Final = {Pace.BURST: 0, Pace.FLOWING: 1, Pace.MEDIUM: 1, Pace.CONTEMPLATIVE: 2}
_FIRST_SENTENCE: Final = re.compile(r"(?<=[.?!]) +")
_LAST_SENTENCE: Final = re.compile(r"(?<=[.?!…”\"]) +(?=[^.?!]+\?$)")


def parted(answer: str) -> tuple[str, str]:
    """An answer without the question that it ends with, and that question; empty where it ends with none."""
    body, *question = _LAST_SENTENCE.split(answer, maxsplit=1)
    return body, "".join(question)


def told_before(situation: str, language: str, said: str) -> list[str]:
    """The first sentences of those answers to the stories of a situation that were given."""
    bodies = (parted(story.in_(language).answer)[0] for story in OPENINGS.turns(situation))
    return [_FIRST_SENTENCE.split(body, maxsplit=1)[0] for body in bodies if body in said]


def story_parts(
    answer: str, plan: Sequence[Move], pace: Pace, counsel: Counsel, teller: Teller, *, direct: bool
) -> list[tuple[str, str]]:
    """The parts of the answer, each with its name; of the mentor's `plan` one move goes along, none at a hasty pace.

    A `direct` question is answered before anything is acknowledged.
    """
    own: dict[Move, str] = {}
    for move in plan:
        fits = move in OF_THE_MENTOR and not (direct and move == "acknowledge")
        if fits and len(own) < MOST_AT[pace] and (text := teller.move(move, counsel)):
            own[move] = text
    body, question = parted(answer)
    before = [("acknowledge", own.pop("acknowledge"))] if "acknowledge" in own else []
    asks = [("question", teller.line("question", question))] if question else []
    return [*before, ("expected", body), *own.items(), *asks]
