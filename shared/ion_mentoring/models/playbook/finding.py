"""Finding the situation that somebody writes about: this one, one of these few, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ion_mentoring.models.playbook.offer import chosen
from ion_mentoring.models.playbook.ranking import Ranking, Title
from ion_mentoring.models.protocol import Message

# Probabilities, chosen with `python -m training.evaluate_situations --seen`, on questions that were read before.
SURE_FROM: Final = 0.4
SURE_WORD: Final = 0.75  # of a single word
OFFERED_FROM: Final = 0.25  # of all that are offered together
EACH_FROM: Final = 0.03  # of each one that is offered beyond the first two
FEWEST, MOST = 2, 3  # that are offered

Ground = Literal["said", "chosen"]


@dataclass(frozen=True, slots=True)
class Found:
    """The situation of a conversation, and on what ground: said, or chosen from a list."""

    title: Title
    probability: float
    ground: Ground = "said"


@dataclass(frozen=True, slots=True)
class Offered:
    """The situations that are meant perhaps, likeliest first."""

    titles: tuple[Title, ...]
    probability: float = 1.0  # that it is one of them


def find(ranking: Ranking, messages: Sequence[Message]) -> Found | Offered | None:
    """The situation of the last message of a conversation, chosen from a list or said."""
    if (title := chosen(messages)) and (known := ranking.titled(title)):
        return Found(known, 1.0, "chosen")
    return found(ranking, messages[-1].content)


def found(ranking: Ranking, text: str, without: Title | None = None) -> Found | Offered | None:
    """The situation of one text; never one that was ruled out."""
    if not any(map(str.isalpha, text)):
        return None
    likely = [one for one in ranking.rank(text, MOST + 1) if one.title != without][:MOST]
    words = len(text.split())
    if likely[0].probability >= (SURE_FROM if words > 1 else SURE_WORD):
        return Found(likely[0].title, likely[0].probability)
    near = [one for place, one in enumerate(likely) if place < FEWEST or one.probability >= EACH_FROM]
    together = sum(one.probability for one in near)
    if together >= OFFERED_FROM:
        return Offered(tuple(one.title for one in near), together)
    return None
