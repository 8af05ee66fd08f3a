"""A classifier is read from a file that is checked, and gives each class its probability."""

import json
import math
import random
import struct
import zlib
from array import array
from collections.abc import Sequence

import pytest

from ion_mentoring.understanding.classifier import FULL, Classifier, read_classifier

HEAD = {"names": ["a", "b"], "bits": 1, "scale": 0.01, "biases": [0.0, 0.0, 0.0]}


def made(body: bytes) -> bytes:
    return json.dumps(HEAD).encode() + b"\n" + zlib.compress(body)


def test_the_weights_of_a_bucket_go_to_its_classes() -> None:
    classifier = read_classifier(made(b"\x01\x00\x02\x00" + b"\x01\x00\x02" + b"\xff\x80\x00"))
    assert classifier.head["names"] == ["a", "b"]
    first, second, third = classifier.shares([0])  # bucket 0 speaks for the second class
    assert second > first == third
    first, second, third = classifier.shares([1])  # bucket 1 says nothing of the first, and speaks against the third
    assert first == second > third
    assert sum(classifier.shares([])) == pytest.approx(1)


def test_a_file_that_promises_more_weights_than_it_has_is_refused() -> None:
    with pytest.raises(ValueError, match="are promised"):
        read_classifier(made(b"\x01\x00\x02\x00" + b"\x01\x00\x02" + b"\x80"))


BITS = 6


def drawn(chance: random.Random, classes: int) -> Classifier:
    """A classifier of random weights, in which some buckets have none, some few, and some one for every class."""
    held = [sorted(chance.sample(range(classes), chance.choice((0, 3, FULL, classes)))) for _ in range(1 << BITS)]
    places = struct.pack(f"<{sum(map(len, held))}{'B' if classes <= 256 else 'H'}", *(place for own in held for place in own))
    weights = bytes(chance.choice((0, 255, chance.randrange(256))) for own in held for _ in own)
    head = HEAD | {"bits": BITS, "biases": [chance.uniform(-1, 1) for _ in range(classes)]}
    body = array("H", map(len, held)).tobytes() + places + weights
    return read_classifier(json.dumps(head).encode() + b"\n" + zlib.compress(body))


def one_by_one(classifier: Classifier, hashes: Sequence[int]) -> list[float]:
    """The same probabilities, by adding each weight alone."""
    scores = list(classifier.biases)
    for code in hashes:
        bucket = code % (1 << classifier.bits)
        for at in range(classifier.starts[bucket], classifier.starts[bucket + 1]):
            scores[classifier.places[at]] += classifier.scale * (classifier.weights[at] - 128) / math.sqrt(len(hashes))
    powers = [math.exp(score - max(scores)) for score in scores]
    return [power / sum(powers) for power in powers]


@pytest.mark.parametrize("classes", [40, 256, 300])
@pytest.mark.parametrize("length", [1, 7, 255, 256, 257, 3_000])
def test_many_weights_added_at_once_give_what_they_give_one_by_one(length: int, classes: int) -> None:
    chance = random.Random(length)
    classifier = drawn(chance, classes)
    for _ in range(20):
        hashes = [chance.randrange(1 << 32) for _ in range(length)]
        assert classifier.shares(hashes) == pytest.approx(one_by_one(classifier, hashes))
    full = next(at for at in range(1 << BITS) if classifier.starts[at + 1] - classifier.starts[at] == classes)
    assert classifier.shares([full] * length) == pytest.approx(one_by_one(classifier, [full] * length))
