"""How a mentor tells the answer to a story: with what this mentor looks at beside it, and the answer's question at the end."""

import re
from collections.abc import Sequence
from typing import Final

from ion_mentoring.models.playbook.openings.openings import OPENINGS
from ion_mentoring.models.playbook.situation import Counsel
from ion_mentoring.models.playbook.telling import Teller
from ion_mentoring.models.shape import Move
from ion_mentoring.understanding.expected.turn import ExpectedTurn
from ion_mentoring.understanding.resonance.key import Pace

OF_THE_MENTOR: Final[tuple[Move, ...]] = ("acknowledge", "measure", "people", "trap")  # which go beside any answer
MOST_AT: Final = {Pace.BURST: 0, Pace.FLOWING: 1, Pace.MEDIUM: 1, Pace.CONTEMPLATIVE: 2}
_FIRST_SENTENCE: Final = re.compile(r"(?<=[.?!]) +")
_LAST_SENTENCE: Final = re.compile(r"(?<=[.?!…”\"]) +(?=[^.?!]+\?$)")


def parted(answer: str) -> tuple[str, str]:
    """An answer without the question that it ends with, and that question; empty where it ends with none."""
    body, *question = _LAST_SENTENCE.split(answer, maxsplit=1)
    return body, "".join(question)


def stories_told(scope: str, language: str, said: str) -> list[ExpectedTurn]:
    """Those stories of a situation or theme whose answers were given."""
    return [story for story in OPENINGS.turns(scope) if parted(story.in_(language).answer)[0] in said]


def told_before(scope: str, language: str, said: str) -> list[str]:
    """The first sentences of those answers to the stories of a situation or theme that were given."""
    bodies = (parted(story.in_(language).answer)[0] for story in stories_told(scope, language, said))
    return [_FIRST_SENTENCE.split(body, maxsplit=1)[0] for body in bodies]


def story_parts(
    answer: str, plan: Sequence[Move], pace: Pace, counsel: Counsel | None, teller: Teller, *, direct: bool
) -> list[tuple[str, str]]:
    """The parts of the answer, each with its name; of the mentor's `plan` one move goes along, none at a hasty pace.

    A `direct` question is answered before anything is acknowledged. Without `counsel`, of a card, the answer stands alone.
    """
    own: dict[Move, str] = {}
    for move in plan:
        fits = move in OF_THE_MENTOR and not (direct and move == "acknowledge")
        if counsel and fits and len(own) < MOST_AT[pace] and (text := teller.move(move, counsel)):
            own[move] = text
    body, question = parted(answer)
    before = [("acknowledge", own.pop("acknowledge"))] if "acknowledge" in own else []
    asks = [("question", teller.line("question", question))] if question else []
    return [*before, ("expected", body), *own.items(), *asks]
