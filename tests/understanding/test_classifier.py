"""A classifier is read from a file that is checked, and gives each class its probability."""

import json
import zlib

import pytest

from ion_mentoring.understanding.classifier import read_classifier

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
