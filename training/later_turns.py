"""`python -m training.later_turns`: learns what a turn after a sign of danger is and writes the weights.

They are the same bytes each time.
"""

from pathlib import Path
from typing import Final

from ion_mentoring.understanding.safety.later.reader import KINDS, LaterReader
from training.classifier import Row, fit, packed, trust
from training.turn_corpus import LATER, signs, written

TARGET: Final = Path(__file__).parent.parent / "shared/ion_mentoring/understanding/safety/later/learned"
SIGN_WEIGHT: Final = 0.3
LANGUAGES: Final = ("en", "ko")


def learn(language: str) -> bytes:
    """The file of a language."""
    reader = LaterReader.load()
    by_author = [
        [Row(reader.features(text), KINDS.index(kind)) for kind, text in messages]
        for messages in written(language, LATER, KINDS)
    ]
    first = [Row(reader.features(text), KINDS.index("sign"), SIGN_WEIGHT) for text in signs(language)]
    rows = [row for own in by_author for row in own]
    sources = by_author if len(by_author) > 1 else [rows[::2], rows[1::2]]  # of one author, every other one is left out
    return packed(fit([*first, *rows]), {"kinds": KINDS}, trust(sources, first))


def main() -> None:
    """The command."""
    for language in LANGUAGES:
        made = learn(language)
        (TARGET / f"{language}.bin").write_bytes(made)
        print(f"{language}: {len(made):,} bytes")


if __name__ == "__main__":
    main()
