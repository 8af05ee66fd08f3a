"""`python -m training.turns`: learns what a turn of a conversation wants and writes the weights.

They are the same bytes each time.
"""

from pathlib import Path
from typing import Final

from ion_mentoring.understanding.turns.reader import KINDS, TurnReader
from training.classifier import Row, fit, packed, trust
from training.turn_corpus import told, written

TARGET: Final = Path(__file__).parent.parent / "shared/ion_mentoring/understanding/turns/learned"
MATTER_WEIGHT: Final = 0.25
LANGUAGES: Final = ("en", "ko")


def learn(language: str) -> bytes:
    """The file of a language."""
    reader = TurnReader.load()
    by_author = [[Row(reader.features(text), KINDS.index(kind)) for kind, text in messages] for messages in written(language)]
    matters = [Row(reader.features(text), KINDS.index("matter"), MATTER_WEIGHT) for text in told(language)]
    believed = trust(by_author, matters)
    return packed(fit([*matters, *(row for rows in by_author for row in rows)]), {"kinds": KINDS}, believed)


def main() -> None:
    """The command."""
    for language in LANGUAGES:
        made = learn(language)
        (TARGET / f"{language}.bin").write_bytes(made)
        print(f"{language}: {len(made):,} bytes")


if __name__ == "__main__":
    main()
