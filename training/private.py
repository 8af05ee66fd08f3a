"""`python -m training.private`: learns which texts tell of a particular person or firm, and writes the weights.

The words are learned first, then how far they can be believed beside what a text means. They are the same bytes each time.
"""

from pathlib import Path
from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from ion_mentoring.understanding.meaning.vectors import load_vectors
from ion_mentoring.understanding.personal.detector import signs
from ion_mentoring.understanding.personal.learned_signs import KINDS, features, judged, margin
from training.classifier import Row, Trust, fit, packed
from training.private_corpus import HARMLESS, asked, written
from training.stacking import left_out

TARGET: Final = Path(__file__).parent.parent / "shared/ion_mentoring/understanding/personal/learned"
STRENGTH: Final = 10.0  # inverse of the regularisation of the words
JUDGED_STRENGTH: Final = 3.0  # and of what is set beside them
GENERAL_WEIGHT: Final = 0.05  # of a text that thousands may write, beside one of an author's
LANGUAGES: Final = ("en", "ko")
AS_IT_IS: Final = Trust(1.0, 0.0)


def rows_of(language: str) -> tuple[list[list[Row]], list[Row]]:
    """The rows of each author, and those of what is asked in general."""
    by_author = [[Row(features(text, signs(text)), KINDS.index(kind)) for kind, text in rows] for rows in written(language)]
    return by_author, [Row(features(text, ()), KINDS.index(HARMLESS)) for text in asked(language)]


def learn(language: str) -> bytes:
    """The file of a language."""
    by_author, general = rows_of(language)
    texts = [text for rows in written(language) for _, text in rows] + asked(language)
    private = [row.place != KINDS.index(HARMLESS) for rows in (*by_author, general) for row in rows]
    vectors = load_vectors(language)
    shares = left_out(by_author, general, STRENGTH)
    seen = [judged(margin(one), vectors.of(text).unit) for one, text in zip(shares, texts, strict=True)]
    judge = LogisticRegression(C=JUDGED_STRENGTH, max_iter=1000)
    weights = np.repeat([1.0, GENERAL_WEIGHT], [len(texts) - len(general), len(general)])
    judge.fit(np.array(seen), private, sample_weight=weights)
    head = {
        "kinds": KINDS,
        "judged": [round(float(one), 4) for one in judge.coef_[0]],
        "bias": round(float(judge.intercept_[0]), 4),
    }
    return packed(fit([*general, *(row for rows in by_author for row in rows)], STRENGTH), head, AS_IT_IS)


def main() -> None:
    """The command."""
    for language in LANGUAGES:
        made = learn(language)
        (TARGET / f"{language}.bin").write_bytes(made)
        print(f"{language}: {len(made):,} bytes")


if __name__ == "__main__":
    main()
