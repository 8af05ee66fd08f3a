"""Stacked models: a first one reads the words, and a second one learns how far it can be believed beside the meaning.

The second one has to see what the first says of authors that it never read (Wolpert, Stacked Generalization, 1992).
"""

from collections.abc import Sequence

import numpy as np

from training.classifier import Row, fit


def left_out(authors: Sequence[Sequence[Row]], general: Sequence[Row], strength: float) -> list[list[float]]:
    """The probabilities of all rows, the authors' before the `general` ones, each by words that were learned without it.

    An author is left out as a whole, and with each of them a share of what is general. `strength` is the inverse of the
    regularisation.
    """
    own: list[list[float]] = []
    others: list[list[float]] = [[] for _ in general]
    for place, rows in enumerate(authors):
        rest = [row for at, those in enumerate(authors) if at != place for row in those]
        kept = [row for at, row in enumerate(general) if at % len(authors) != place]
        held = range(place, len(general), len(authors))
        words = fit([*kept, *rest], strength)
        scores = words.scores([*(row.hashes for row in rows), *(general[at].hashes for at in held)])
        likely = np.exp(scores - scores.max(1, keepdims=True))
        shares: list[list[float]] = (likely / likely.sum(1, keepdims=True)).tolist()
        own += shares[: len(rows)]
        for at, one in zip(held, shares[len(rows) :], strict=True):
            others[at] = one
    return [*own, *others]
