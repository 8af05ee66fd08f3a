"""The scores of a text are the sums of its rows, a column for each value, and a file has what it promises."""

import json
import math
import random
import zlib

import pytest

from ion_mentoring.understanding.resonance.learned import ZERO, LearnedParts, read_models

BITS, VALUES = 4, ("calm", "urgent", "playful", "")
PART = {
    "name": "tone",
    "bits": BITS,
    "values": VALUES,
    "scales": [0.5, 0.25, 0.1],
    "mixing": [[1.0, 0.0, 0.0, 0.1], [0.0, 1.0, 0.0, 0.2], [0.0, 0.0, 1.0, 0.3], [0.0, 0.0, 0.0, 0.0]],
    "leaning": [0.0, 0.0, 0.0, 0.0],
    "sure": [[0.0, 0.1], [1.0, 0.9]],
}


def file_of(rows: bytes) -> bytes:
    return json.dumps({"parts": [PART]}).encode() + b"\n" + zlib.compress(rows)


@pytest.mark.parametrize("length", [0, 1, 2, 255, 256, 3_000])
def test_the_scores_are_the_sums_of_the_columns(length: int) -> None:
    chance = random.Random(length)  # a test draws the same each time
    rows = bytes(chance.choices(range(256), k=3 << BITS))
    hashes = [chance.randrange(1 << 32) for _ in range(length)]
    sums = [sum(rows[code % (1 << BITS) * 3 + place] - ZERO for code in hashes) for place in range(3)]
    scores = read_models(file_of(rows))["tone"].scores(hashes)
    assert scores == pytest.approx(
        [scale * one / math.sqrt(max(1, length)) for scale, one in zip((0.5, 0.25, 0.1), sums, strict=True)]
    )


def test_what_a_row_says_is_read() -> None:
    loud = bytes([ZERO, ZERO + 100, ZERO]) + bytes([ZERO] * ((3 << BITS) - 3))
    model = read_models(file_of(loud))["tone"]
    assert model.read([0, 0]).value == "urgent"
    assert model.read([1]).value != "urgent"
    assert sum(model.read([]).distribution.values()) == pytest.approx(1)


def test_a_file_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="the weights end at byte 47"):
        read_models(file_of(bytes(47)))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_part_has_a_row_for_each_bucket(language: str) -> None:
    for model in LearnedParts().of(language).values():
        assert len(model.rows) == (len(model.values) - 1) << model.bits
