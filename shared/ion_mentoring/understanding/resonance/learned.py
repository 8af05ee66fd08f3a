"""The probable tone, pace and intent of a text, by linear models over hashed features.

Each value of a part has weights by bucket of features; what comes of them is mixed into one distribution over the values and
`NOTHING`. The weights are made by `make train` and lie in one file a language: a line of JSON, then the rows, compressed. A row
has what a bucket says for every value, side by side: a text asks some hundreds of rows, far apart in memory, and each once.
"""

import json
import math
import zlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from operator import mul
from typing import Any, Final

from msgspec import Struct

from ion_mentoring.resources import paths, read_bytes

WEIGHTS: Final = "ion_mentoring/understanding/resonance/learned/*.bin"
ZERO: Final = 128  # the byte of a weight that says nothing
NOTHING: Final = ""  # the value of a part that nothing tells


class Reading(Struct, frozen=True):
    """A reading of one part: the likeliest value (`NOTHING` if none is likely enough), how sure that is in [0, 1], and
    the distribution over all values, which adds up to 1."""

    value: str
    confidence: float
    distribution: Mapping[str, float]


NO_READING: Final = Reading(NOTHING, 0.0, {})


class Model(Struct, frozen=True):
    """The model of one part: `rows` has 2 ** `bits` rows of a byte for each value but the last, which is `NOTHING`.

    `mixing` makes logits of the scores, a row a value; `leaning` is added to the logarithm of a probability when one is
    chosen; `sure` maps the probability of what was chosen to how often that is right.
    """

    values: tuple[str, ...]
    bits: int
    rows: bytes
    scales: tuple[float, ...]
    mixing: tuple[tuple[float, ...], ...]
    leaning: tuple[float, ...]
    sure: tuple[tuple[float, float], ...]

    def read(self, hashes: Sequence[int]) -> Reading:
        """The reading of a text by its features."""
        scores = self.scores(hashes)
        logits = [row[-1] + sum(map(mul, row, scores)) for row in self.mixing]
        top = max(logits)
        shares = [math.exp(logit - top) for logit in logits]
        total = sum(shares)
        likely = [share / total for share in shares]
        chosen = max(range(len(likely)), key=lambda place: math.log(likely[place] + 1e-12) + self.leaning[place])
        value = self.values[chosen]
        confidence = self._sure(likely[chosen]) if value else 0.0
        return Reading(value, confidence, dict(zip(self.values, likely, strict=True)))

    def scores(self, hashes: Sequence[int]) -> list[float]:
        """The score of each value, by the root of the number of features."""
        rows, size, mask = self.rows, len(self.scales), (1 << self.bits) - 1
        asked = b"".join([rows[at : at + size] for at in [(code & mask) * size for code in hashes]])
        root, nothing = math.sqrt(max(1, len(hashes))), ZERO * len(hashes)
        return [scale * (sum(asked[place::size]) - nothing) / root for place, scale in enumerate(self.scales)]

    def _sure(self, likely: float) -> float:
        place = bisect_right(self.sure, (likely, math.inf))
        if place == 0:
            return self.sure[0][1]
        if place == len(self.sure):
            return self.sure[-1][1]
        (x0, y0), (x1, y1) = self.sure[place - 1], self.sure[place]
        return y0 + (y1 - y0) * (likely - x0) / (x1 - x0)


class LearnedParts:
    """The models of all parts by language, each language's read at its first use."""

    def __init__(self) -> None:
        self._files = {path.stem: path for path in paths(WEIGHTS)}
        self._read: dict[str, dict[str, Model]] = {}

    def of(self, language: str) -> Mapping[str, Model]:
        """The models for a language by part; those for English where it has none."""
        known = language if language in self._files else "en"
        if known not in self._read:
            self._read[known] = read_models(read_bytes(WEIGHTS.replace("*", known)))
        return self._read[known]


def read_models(data: bytes) -> dict[str, Model]:
    """The models of a file of weights; ValueError if it is not one."""
    head, _, packed = data.partition(b"\n")
    described: list[dict[str, Any]] = json.loads(head)["parts"]
    body = zlib.decompress(packed)
    models, start = {}, 0
    for part in described:
        end = start + (len(part["scales"]) << part["bits"])
        models[part["name"]] = Model(
            values=tuple(part["values"]),
            bits=part["bits"],
            rows=body[start:end],
            scales=tuple(part["scales"]),
            mixing=tuple(map(tuple, part["mixing"])),
            leaning=tuple(part["leaning"]),
            sure=tuple(map(tuple, part["sure"])),
        )
        start = end
    if start != len(body):
        raise ValueError(f"the weights end at byte {len(body)}, not at {start}")
    return models
