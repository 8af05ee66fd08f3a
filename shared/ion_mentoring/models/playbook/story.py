"""Whether somebody who comes with a matter tells one of the stories that were written down for it."""

from collections.abc import Sequence
from typing import Final

from ion_mentoring.models.playbook.expected.story_parts import parted
from ion_mentoring.models.playbook.finding import Found
from ion_mentoring.models.playbook.openings.openings import OPENINGS
from ion_mentoring.models.playbook.steps import IN_PASSING, TELLING_WORDS, TELLS, Step

SURE: Final = 0.3  # the probability from which a story is the one that was written down
GROUNDS: Final = ("said", "chosen")  # on which a matter was found that may be told as one of its stories


def story_answer(step: Step, texts: Sequence[str], language: str, said: str) -> str | None:
    """The answer to the likeliest story of the matter that was found in a turn; None where it is none of them.

    `texts` are the person's, in order: who has chosen from a list has told of it before. `said` is all that was answered so
    far, in which it does not stand. While another matter is in hand, only a story that is surely told is answered, and no short
    question, which is about that matter.
    """
    found, earlier = step.found, step.earlier if step.goes_on else None
    if not isinstance(found, Found) or found.ground not in GROUNDS or step.by_itself:
        return None
    if earlier and (step.kind not in TELLS or step.words < TELLING_WORDS or found.title == earlier.title):
        return None
    text = max(texts[-2:], key=len) if found.ground == "chosen" else texts[-1]
    meant = OPENINGS.nearest(found.title.id, text, language)
    if meant is None or meant.probability < (IN_PASSING if earlier else SURE):
        return None
    answer = meant.turn.in_(language).answer
    return None if parted(answer)[0] in said else answer
