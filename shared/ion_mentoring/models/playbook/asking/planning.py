"""The plan of a reply that answers a direct question: its first words, the text that is nearest, and the moves that follow."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from ion_mentoring.models.playbook.asking.answers import answer_to
from ion_mentoring.models.playbook.asking.asked import Form
from ion_mentoring.models.playbook.asking.closest import closest
from ion_mentoring.models.playbook.situation import Counsel
from ion_mentoring.models.playbook.telling import Teller
from ion_mentoring.models.shape import Move

NEAR: Final[tuple[Move, ...]] = ("insight", "pattern", "step", "option", "people", "trap")  # of which one may be the nearest


class AnswerPlan(Struct, frozen=True):
    """The beginning of a reply, and the moves that it goes on with."""

    head: str | None
    near: tuple[Move, str] | None
    moves: tuple[Move, ...]
    most: int
    asks: bool


def plan(forms: tuple[Form, ...], question: str, counsel: Counsel, teller: Teller) -> AnswerPlan | None:
    """The plan for the first question that a situation can answer, with a move for the second; None where none is left."""
    known = [answer for form in forms if (answer := answer_to(form))]
    if not known:
        return None
    first, *others = known
    near = closest(question, _left(counsel, teller), teller.language)
    needed = first.moves[:1] if first.moves[0] == "people" else first.moves  # who can say it is the answer itself
    if not near and not any(teller.left(move, counsel) for move in needed):
        return None
    head = teller.fresh(first.heads.in_(teller.language))
    if head is None and first.heads.ko:
        return None
    moves = (*first.moves[:1], *(other.moves[0] for other in others), *first.moves[1:])
    return AnswerPlan(head, near, moves, max(first.most, len(known)), first.asks)


def alone(forms: tuple[Form, ...], teller: Teller) -> str | None:
    """The answer to the first question where no situation helps; None where each was given."""
    answers = (answer for form in forms if (answer := answer_to(form)))
    return next((text for one in answers if (text := teller.fresh(one.alone.in_(teller.language)))), None)


def _left(counsel: Counsel, teller: Teller) -> Iterator[tuple[Move, str]]:
    return ((move, text) for move in NEAR for text in teller.left(move, counsel))
