"""`python -m training.scopes`: learns of which danger, and of whose, a turn of a conversation tells, and writes the weights.

They are the same bytes each time.
"""

from pathlib import Path
from typing import Final

import numpy as np

from ion_mentoring.understanding.safety.scopes.reader import SCOPES
from training.scopes_corpus import first, later, ordinary
from training.stacking import learned

TARGET: Final = Path(__file__).parent.parent / "shared/ion_mentoring/understanding/safety/scopes/learned"
ORDINARY_WEIGHT: Final = 0.5  # of an ordinary turn, beside one of a danger
LANGUAGES: Final = ("en", "ko")


def learn(language: str) -> bytes:
    """The file of a language."""
    authors, general = [*later(language), *first(language)], ordinary(language)
    weights = np.zeros(len(SCOPES) + 1)
    for several, weight in [*((own, 1.0) for own in authors), *((own, ORDINARY_WEIGHT) for own in general)]:
        np.add.at(weights, [place for _, place in several], weight)
    usual = [round(float(one), 6) for one in weights / weights.sum()]
    return learned(language, authors, [(own, ORDINARY_WEIGHT) for own in general], {"usual": usual}, np.float32)


def main() -> None:
    """The command."""
    for language in LANGUAGES:
        made = learn(language)
        (TARGET / f"{language}.bin").write_bytes(made)
        print(f"{language}: {len(made):,} bytes")


if __name__ == "__main__":
    main()
