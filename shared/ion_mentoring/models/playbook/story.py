"""Whether somebody who comes with a matter tells one of the stories that were written down for it."""

from collections.abc import Sequence
from typing import Final

from ion_mentoring.models.playbook.correcting import affirmed, corrected
from ion_mentoring.models.playbook.expected.story_parts import parted
from ion_mentoring.models.playbook.finding import Found
from ion_mentoring.models.playbook.leaving import ANOTHER_STORY
from ion_mentoring.models.playbook.openings.openings import OPENINGS
from ion_mentoring.models.playbook.step import IN_PASSING, TELLING_WORDS, TELLS, Step

SURE: Final = 0.3  # the probability from which a story is the one that was written down
GROUNDS: Final = ("said", "chosen")  # on which a matter was found that may be told as one of its stories


def story_answer(step: Step, texts: Sequence[str], language: str, said: str) -> str | None:
    """The answer to the likeliest story of the matter that was found in a turn; None where it is none of them.

    `texts` are the person's, in order: who has chosen from a list has told of it before. `said` is all that was answered so
    far, in which it does not stand. While another matter is in hand, only a story that is surely told is answered, and no short
    question, which is about that matter. Where somebody says what it is not, it is another story of the matter in hand first.
    """
    found, earlier = step.found, step.earlier if step.goes_on else None
    puts_right = step.denies or corrected(texts[-1]) is not None
    if earlier and puts_right and (other := _nearest(earlier, _meant(texts[-1]), language, said, ANOTHER_STORY)):
        return other
    if not isinstance(found, Found) or found.ground not in GROUNDS or step.by_itself:
        return None
    if earlier and (step.kind not in TELLS or step.words < TELLING_WORDS or found.title == earlier.title):
        return None
    text = max(texts[-2:], key=len) if found.ground == "chosen" else texts[-1]
    return _nearest(found, text, language, said, IN_PASSING if earlier else SURE)


def _nearest(about: Found, text: str, language: str, said: str, least: float) -> str | None:
    """The answer to the nearest story of a matter, where it is likely enough and was not given."""
    meant = OPENINGS.nearest(about.title.id, text, language)
    if meant is None or meant.probability < least:
        return None
    answer = meant.turn.in_(language).answer
    return None if parted(answer)[0] in said else answer


def _meant(text: str) -> str:
    """What a turn says that it is, without what it says that it is not."""
    return corrected(text) or affirmed(text) or text
