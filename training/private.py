"""`python -m training.private`: learns which texts tell of a particular person or firm, and writes the weights.

They are the same bytes each time.
"""

from pathlib import Path
from typing import Final

from ion_mentoring.understanding.personal.detector import signs
from ion_mentoring.understanding.personal.learned_signs import KINDS, features
from training.classifier import Row, fit, packed, trust
from training.private_corpus import HARMLESS, asked, written

TARGET: Final = Path(__file__).parent.parent / "shared/ion_mentoring/understanding/personal/learned"
STRENGTH: Final = 3.0  # inverse of the regularisation: of so few authors less is to be believed
LANGUAGES: Final = ("en", "ko")


def rows_of(language: str) -> tuple[list[list[Row]], list[Row]]:
    """The rows of each author, and those of what is asked in general."""
    by_author = [[Row(features(text, signs(text)), KINDS.index(kind)) for kind, text in rows] for rows in written(language)]
    return by_author, [Row(features(text, ()), KINDS.index(HARMLESS)) for text in asked(language)]


def learn(language: str) -> bytes:
    """The file of a language."""
    by_author, general = rows_of(language)
    believed = trust(by_author, general, STRENGTH)
    learned = fit([*general, *(row for rows in by_author for row in rows)], STRENGTH)
    return packed(learned, {"kinds": KINDS}, believed)


def main() -> None:
    """The command."""
    for language in LANGUAGES:
        made = learn(language)
        (TARGET / f"{language}.bin").write_bytes(made)
        print(f"{language}: {len(made):,} bytes")


if __name__ == "__main__":
    main()
