"""`python -m training.urgent`: learns what needs action now and of whom, and writes the weights.

They are the same bytes each time.
"""

from pathlib import Path
from typing import Final

from training.private_corpus import asked
from training.stacking import learned
from training.urgent_corpus import NONE, near, written

TARGET: Final = Path(__file__).parent.parent / "shared/ion_mentoring/understanding/safety/urgent/learned"
GENERAL_WEIGHT: Final = 0.05  # of an ordinary message to a mentor, beside one of an author's
NEAR_WEIGHT: Final = 0.3  # and of one that is near to danger in form alone
LANGUAGES: Final = ("en", "ko")


def learn(language: str, field: str) -> bytes:
    """The file of a language."""
    if field == "role":
        return learned(language, written(language, field))
    usual = [(text, NONE) for text in asked(language)]
    resembling = [(text, NONE) for text in near(language)]
    return learned(language, written(language, field), [(usual, GENERAL_WEIGHT), (resembling, NEAR_WEIGHT)])


def main() -> None:
    """The command."""
    for language in LANGUAGES:
        for field in ("kind", "role"):
            made = learn(language, field)
            (TARGET / f"{field}s_{language}.bin").write_bytes(made)
            print(f"{field}s_{language}: {len(made):,} bytes")


if __name__ == "__main__":
    main()
