"""The vector of a text is the sum of its n-grams' rows, and texts that mean alike lie near each other."""

import json
import math
import random
from operator import mul

import pytest

from ion_mentoring.understanding.lanes import AT_ONCE, Lanes
from ion_mentoring.understanding.meaning.vectors import ZERO, load_vectors, read_vectors

BITS, SIZE = 5, 6


def test_the_sum_of_the_rows_is_what_adding_them_one_by_one_gives() -> None:
    chance = random.Random(5)  # a test draws the same each time
    for length in (1, 7, AT_ONCE, AT_ONCE + 1, 1_000):
        table, hashes = bytes(chance.choices(range(256), k=SIZE << BITS)), [chance.randrange(1 << 32) for _ in range(length)]
        rows = [table[(code % (1 << BITS)) * SIZE :][:SIZE] for code in hashes]
        sums = [sum(row[place] - ZERO for row in rows) for place in range(SIZE)]
        direction = read_vectors(json.dumps({"bits": BITS, "size": SIZE}).encode() + b"\n" + table).of_hashes(hashes)
        assert direction.numbers == tuple(sums)
        whole = math.sqrt(sum(one * one for one in sums))
        assert direction.length == pytest.approx(whole)
        assert direction.unit == pytest.approx([one / whole for one in sums])


@pytest.mark.parametrize("size", [1, 2, 5, 64])
@pytest.mark.parametrize("length", [0, 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE])
def test_lanes_hold_the_largest_sums(size: int, length: int) -> None:
    lanes = Lanes(b"\xff" * size + bytes(range(size)), size)
    assert lanes.sums([0] * length) == [255 * length] * size
    assert lanes.sums([1, 0] * length) == [(255 + column) * length for column in range(size)]


def test_a_text_without_letters_has_no_direction() -> None:
    nowhere = load_vectors("en").of("")
    assert nowhere == ((0,) * 64, 0.0)
    assert set(nowhere.unit) == {0.0}


@pytest.mark.parametrize("body", [b"", bytes(SIZE << BITS)[1:]])
def test_a_file_that_promises_more_than_it_has_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="are promised"):
        read_vectors(json.dumps({"bits": BITS, "size": SIZE}).encode() + b"\n" + body)


@pytest.mark.parametrize(
    ("language", "one", "alike", "another"),
    [
        ("ko", "돈이 하나도 없어요", "통장이 텅 비었어요", "상사가 소리를 질러요"),
        ("ko", "이미 말해 봤는데 안 들어요", "벌써 얘기했지만 소용없었어요", "몇 시간이나 걸릴까요"),
        ("en", "I already told him and he ignored it", "I've talked to my boss, nothing changed", "how long does it take"),
        ("en", "I'm scared they'll fire me", "what if I lose my job over this", "who pays for the course"),
    ],
)
def test_what_means_alike_lies_nearer(language: str, one: str, alike: str, another: str) -> None:
    vectors = load_vectors(language)
    here = vectors.of(one)
    others = (vectors.of(alike), vectors.of(another))
    near, far = (sum(map(mul, here.numbers, there.numbers)) / there.length for there in others)
    assert near > far
