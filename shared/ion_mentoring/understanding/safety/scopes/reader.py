"""Of which danger, and of whose, a conversation tells: later turns show it, too, and several together more than one sign.

Each turn is read by words and meaning together (`understanding/stacked.py`), and says how much likelier it makes each scope
than turns do on the whole; a conversation adds that up (naive Bayes), what was said long ago counting less.
`training/scopes.py` makes the files.
"""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from ion_mentoring.understanding.classifier import softmax
from ion_mentoring.understanding.remembered import Remembered
from ion_mentoring.understanding.safety.danger import KINDS, Kind
from ion_mentoring.understanding.stacked import read_in, stacked, weights_of

WEIGHTS: Final = "ion_mentoring/understanding/safety/scopes/learned/*.bin"


class Scope(NamedTuple):
    """A kind of danger, and whether it is somebody else's than the writer's."""

    kind: Kind
    other: bool


SCOPES: Final = tuple(Scope(kind, other) for kind in KINDS for other in (False, True))  # after them comes none of these
LEAST, MOST = -3.0, 4.0  # what one turn may say against and for a scope
COUNTS: Final = 0.6  # of what a turn says: turns of one conversation are no strangers
KEPT: Final = 0.9  # of what was said before, with each turn
BEFORE: Final = 0.48  # the probability of any danger before anything is read

_EVIDENCE: Final[Remembered[tuple[float, ...]]] = Remembered()


def evidence(text: str) -> tuple[float, ...]:
    """By how much a turn makes each of `SCOPES`, and then none of them, likelier than turns do: logarithms of odds ratios."""
    return _EVIDENCE.of(text, lambda: _evidence(text))


def likely(texts: Sequence[str], spoken_of: Scope | None = None, trust: float = 0.0, danger: float = BEFORE) -> list[float]:
    """The probability of each of `SCOPES`, and then of none, after the turns of a person, the oldest first.

    What is said in the same words again says nothing more. `trust` (a logarithm of odds) speaks for the scope that was told
    already; `danger` is the probability of any before.
    """
    summed = [0.0] * (len(SCOPES) + 1)
    for text in dict.fromkeys(texts):
        summed = [KEPT * before + COUNTS * now for before, now in zip(summed, evidence(text), strict=True)]
    if spoken_of:
        summed[SCOPES.index(spoken_of)] += trust
    scores = [one + math.log(danger / len(SCOPES)) for one in summed[:-1]] + [summed[-1] + math.log(1 - danger)]
    return softmax(scores)


def _evidence(text: str) -> tuple[float, ...]:
    language = read_in(text)
    weights = WEIGHTS.replace("*", language)
    shares, usual = stacked(weights, text, language), weights_of(weights).head["usual"]
    return tuple(min(MOST, max(LEAST, math.log((share + 1e-9) / before))) for share, before in zip(shares, usual, strict=True))
