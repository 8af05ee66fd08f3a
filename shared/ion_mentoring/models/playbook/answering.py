"""Whether a turn is answered as one that is expected in the matter in hand."""

from collections.abc import Sequence
from typing import Final, Literal

from ion_mentoring.models.playbook.expected.expected import EXPECTED
from ion_mentoring.models.playbook.expected.story_parts import stories_told
from ion_mentoring.models.playbook.finding import Found
from ion_mentoring.models.playbook.situation import load_topic
from ion_mentoring.models.playbook.step import TELLING_WORDS, Step
from ion_mentoring.understanding.turns.reader import Kind

Wanted = Literal["words", "answer"]

SURE: Final = 0.3  # the probability from which a turn that goes on is the expected one
OVER_ANSWER: Final = 0.4  # from which it answers a direct question, which has answers of its own
OVER_ANOTHER: Final = (
    0.5  # and from which it is, though another matter is found or words are asked for, or it seems to stand alone
)
OVER_ITSELF: Final = 0.65  # and from which it is, though it surely stands alone
OF_FORM: Final[tuple[Kind, ...]] = (  # the turns that ask for something that no answer of a matter gives
    "off_limits", "language", "recall", "mentor", "who", "choice", "shorter", "longer", "example", "meaning",
)  # fmt: skip
ANSWERED: Final[tuple[Kind, ...]] = ("no", "tried", "words")  # the turns that have an answer of their own
ALONE: Final[tuple[Kind, ...]] = (  # the turns that mostly stand by themselves
    "thanks", "good_news", "small_talk", "unclear", "off_topic",
)  # fmt: skip


def expected_answer(step: Step, text: str, language: str, said: Sequence[str], wants: Wanted | None = None) -> str | None:
    """The answer to an expected turn that was not given before; None where the turn is another, or wants another form.

    `said` is what was answered so far, in order. `wants` is what else could be given: words to say of the person's own, or the
    answer to a direct question.
    """
    earlier = step.earlier
    if earlier is None or step.kind in OF_FORM or step.left or step.put_right or earlier.ground == "danger":
        return None
    if isinstance(step.found, Found) and step.found.ground in ("danger", "chosen", "side"):
        return None
    stories = () if earlier.title.card else stories_told(earlier.title.id, language, "\n".join(said))
    told = [story.about for story in stories]
    meant = EXPECTED.nearest(earlier.title.id, text, language, _asked(earlier, language, said), told)
    if meant is None or (answer := meant.turn.in_(language).answer) in "\n".join(said):
        return None
    if step.kind in (*ALONE, "words") and step.words < TELLING_WORDS:
        return None
    return answer if meant.probability >= _least(step, wants) else None


def _least(step: Step, wants: Wanted | None) -> float:
    """The probability from which a turn is the expected one."""
    if step.kind in ANSWERED or (step.kind in ALONE and step.by_itself):
        return OVER_ITSELF
    if step.kind in ALONE or wants == "words" or (isinstance(step.found, Found) and not step.goes_on):
        return OVER_ANOTHER
    return OVER_ANSWER if wants else SURE


def _asked(about: Found, language: str, said: Sequence[str]) -> int:
    """Which of the card's questions was asked last, from 1; 0 where none was."""
    card = load_topic(about.title.topic).get(about.title.id)
    questions = card.in_(language).questions if card and said else ()
    return next((place for place, one in enumerate(questions, 1) if one in said[-1]), 0)
