"""`python -m training.later_turns`: learns what a turn after a sign of danger is and writes the weights.

They are the same bytes each time.
"""

from pathlib import Path
from typing import Final

from ion_mentoring.understanding.safety.later.reader import ALL, LaterReader
from training.classifier import Row, fit, packed, trust
from training.turn_corpus import LATER, signs, written

TARGET: Final = Path(__file__).parent.parent / "shared/ion_mentoring/understanding/safety/later/learned"
SIGN_WEIGHT: Final = 0.3
LANGUAGES: Final = ("en", "ko")


def learn(language: str, reader: LaterReader) -> bytes:
    """The file of a language for a reader, from the turns of its kinds; signs are one of the kinds of `LaterReader.load`."""
    place: dict[str, int] = {kind: number for number, kind in enumerate(reader.kinds)}
    several = [
        [Row(reader.features(text), place[kind]) for kind, text in messages if kind in place]
        for messages in written(language, LATER, ALL)
    ]
    by_author = [own for own in several if own]
    first = [Row(reader.features(text), place["sign"], SIGN_WEIGHT) for text in signs(language)] if "sign" in place else []
    return packed(fit([*first, *(row for own in by_author for row in own)]), {"kinds": reader.kinds}, trust(by_author, first))


def main() -> None:
    """The command."""
    for reader, name in ((LaterReader.load(), "{}.bin"), (LaterReader.of_matters(), "matters_{}.bin")):
        for language in LANGUAGES:
            made = learn(language, reader)
            (TARGET / name.format(language)).write_bytes(made)
            print(f"{name.format(language)}: {len(made):,} bytes")


if __name__ == "__main__":
    main()
