"""The ways in which a reader is made lighter: fewer levels of a weight, fewer weights, and fewer n-grams of a text."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from ion_mentoring.understanding import ngrams
from ion_mentoring.understanding.resonance.learned import ZERO, Model, read_models

LEARNED: Final = Path(__file__).parent.parent / "build" / "lighter"
FEW: Final = {"15 levels": (4, 6, 10, 16, 27, 46, 127), "9 levels": (10, 20, 45, 127)}  # steps of a weight on either side
KEPT: Final = (0.67, 0.5, 0.33)  # shares of the weights, the largest ones
BEGINNING: Final = 5  # letters of a word

Change = Callable[[bytes], bytes]  # of a table of weights, a byte each


def leveled(steps: Sequence[int]) -> Change:
    """The change that leaves each weight the nearest of these steps, or nothing."""
    every = (0, *steps, *(-step for step in steps))
    levels = bytes(min((ZERO + step for step in every), key=partial(_gap, byte)) for byte in range(256))
    return lambda table: table.translate(levels)


def _gap(one: int, other: int) -> int:
    return abs(one - other)


def pruned(share: float) -> Change:
    """The change that keeps this share of a table's weights, the largest ones."""

    def change(table: bytes) -> bytes:
        sizes = sorted((abs(byte - ZERO) for byte in table if byte != ZERO), reverse=True)
        least = sizes[int(share * len(sizes))] if sizes else 0
        return table.translate(bytes(byte if abs(byte - ZERO) > least else ZERO for byte in range(256)))

    return change


def changes() -> dict[str, Change]:
    """Every change of weights by name."""
    several = {name: leveled(steps) for name, steps in FEW.items()} | {f"{one} of the weights": pruned(one) for one in KEPT}
    fewer, larger = several["15 levels"], several["0.67 of the weights"]
    return several | {"15 levels of 0.67 of the weights": lambda table: fewer(larger(table))}


def _alone(words: list[str]) -> list[int]:
    """A text's words, and each two of them."""
    encoded = [word.encode() for word in words]
    found = [crc32(word, ngrams._WORD) for word in encoded]
    found += [crc32(first + b" " + second, ngrams._PAIR) for first, second in pairwise(encoded)]
    return [*found, crc32(b"^" + encoded[0], ngrams._EDGE), crc32(b"$" + encoded[-1], ngrams._EDGE)]


def _begun(words: list[str]) -> list[int]:
    """The same with how each longer word begins, in place of every run of letters."""
    begun = [crc32(word.encode()[:BEGINNING], ngrams._LETTERS) for word in words if len(word) > BEGINNING]
    return begun + _alone(words)


FEWER: Final[Mapping[str, Mapping[str, Mapping[str, Any]]]] = {  # by language, what stands in which place of `ngrams`
    "en": {"words without runs of letters": {"_words": _alone}, "how words begin, without runs": {"_words": _begun}},
    "ko": {"runs of four jamo alone": {"JAMO_RUNS": (4,)}},
}


def learned_with_fewer(name: str, language: str, data: Path) -> dict[str, Model]:
    """The models of keys with fewer n-grams, learned once and kept under build/; to be called with them in place."""
    path = LEARNED / f"{language}-{name.replace(' ', '-').replace(',', '')}.bin"
    if not path.is_file():
        from training.keys import learn, packed  # wants numpy, which nothing else here does

        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(packed(learn(language, data)))
    return read_models(path.read_bytes())
