"""Stacked models: a first one reads the words, and a second one learns how far it can be believed beside the meaning.

The second one has to see what the first says of authors that it never read (Wolpert, Stacked Generalization, 1992).
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from ion_mentoring.understanding.meaning.vectors import load_vectors
from ion_mentoring.understanding.ngrams import hashed_ngrams
from ion_mentoring.understanding.stacked import judged
from training.classifier import Row, Trust, fit, packed
from training.corpus import Told

STRENGTH: Final = 10.0  # inverse of the regularisation of the words
JUDGED_STRENGTH: Final = 3.0  # and of what is set beside them
AS_IT_IS: Final = Trust(1.0, 0.0)


def learned(
    language: str,
    authors: Sequence[Sequence[Told]],
    general: Sequence[tuple[Sequence[Told], float]] = (),
    head: dict[str, Any] | None = None,
    precision: type = np.float64,
) -> bytes:
    """The file of a stacked reader: from the texts of authors, and general ones, each several of which weigh so much."""
    others = [one for several, _ in general for one in several]
    rows = [[_row(one) for one in several] for several in (*authors, others)]
    told = [*(one for several in authors for one in several), *others]
    vectors = load_vectors(language)
    by_words = left_out(rows[:-1], rows[-1], STRENGTH, precision)
    seen = np.array([judged(shares, vectors.of(text).unit) for shares, (text, _) in zip(by_words, told, strict=True)])
    weights = np.repeat([1.0, *(weight for _, weight in general)], [len(told) - len(others), *(len(own) for own, _ in general)])
    judge = LogisticRegression(C=JUDGED_STRENGTH, max_iter=2000)
    judge.fit(seen, [place for _, place in told], sample_weight=weights)
    described = {
        **(head or {}),
        "judged": [[round(float(one), 3) for one in row] for row in judge.coef_],
        "bias": [round(float(one), 3) for one in judge.intercept_],
    }
    return packed(fit([row for several in rows for row in several], STRENGTH, precision), described, AS_IT_IS)


def _row(told: Told) -> Row:
    return Row(hashed_ngrams(told[0]), told[1])


def left_out(
    authors: Sequence[Sequence[Row]], general: Sequence[Row], strength: float, precision: type = np.float64
) -> list[list[float]]:
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
        words = fit([*kept, *rest], strength, precision)
        scores = words.scores([*(row.hashes for row in rows), *(general[at].hashes for at in held)])
        likely = np.exp(scores - scores.max(1, keepdims=True))
        shares: list[list[float]] = (likely / likely.sum(1, keepdims=True)).tolist()
        own += shares[: len(rows)]
        for at, one in zip(held, shares[len(rows) :], strict=True):
            others[at] = one
    return [*own, *others]
