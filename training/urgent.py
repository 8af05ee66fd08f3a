"""`python -m training.urgent`: learns what needs action now and of whom, and writes the weights.

The words are learned first, then how far they can be believed beside what a text means. They are the same bytes each time.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from ion_mentoring.understanding.meaning.vectors import load_vectors
from ion_mentoring.understanding.ngrams import hashed_ngrams
from ion_mentoring.understanding.safety.urgent.reader import judged
from training.classifier import Row, Trust, fit, packed
from training.private_corpus import asked
from training.stacking import left_out
from training.urgent_corpus import NONE, Told, near, written

TARGET: Final = Path(__file__).parent.parent / "shared/ion_mentoring/understanding/safety/urgent/learned"
STRENGTH: Final = 10.0  # inverse of the regularisation of the words
JUDGED_STRENGTH: Final = 3.0  # and of what is set beside them
GENERAL_WEIGHT: Final = 0.05  # of an ordinary message to a mentor, beside one of an author's
NEAR_WEIGHT: Final = 0.3  # and of one that is near to danger in form alone
LANGUAGES: Final = ("en", "ko")
AS_IT_IS: Final = Trust(1.0, 0.0)


def learn(language: str, field: str) -> bytes:
    """The file of a language."""
    authors = written(language, field)
    usual = asked(language) if field == "kind" else []
    general = [(text, NONE) for text in (*usual, *near(language))] if field == "kind" else []
    vectors = load_vectors(language)
    told = [*(one for rows in authors for one in rows), *general]
    by_words = left_out([_hashed(rows) for rows in authors], _hashed(general), STRENGTH)
    seen = np.array([judged(shares, vectors.of(text).unit) for shares, (text, _) in zip(by_words, told, strict=True)])
    judge = LogisticRegression(C=JUDGED_STRENGTH, max_iter=2000)
    weights = np.repeat([1.0, GENERAL_WEIGHT, NEAR_WEIGHT], [len(told) - len(general), len(usual), len(general) - len(usual)])
    judge.fit(seen, [place for _, place in told], sample_weight=weights)
    head = {
        "judged": [[round(float(one), 3) for one in row] for row in judge.coef_],
        "bias": [round(float(one), 3) for one in judge.intercept_],
    }
    return packed(fit(_hashed(told), STRENGTH), head, AS_IT_IS)


def _hashed(told: Sequence[Told]) -> list[Row]:
    return [Row(hashed_ngrams(text), place) for text, place in told]


def main() -> None:
    """The command."""
    for language in LANGUAGES:
        for field in ("kind", "role"):
            made = learn(language, field)
            (TARGET / f"{field}s_{language}.bin").write_bytes(made)
            print(f"{field}s_{language}: {len(made):,} bytes")


if __name__ == "__main__":
    main()
