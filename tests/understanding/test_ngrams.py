"""Texts are hashed into what their reading is learned from: the same each time, bounded, and told apart by kind."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ion_mentoring.understanding.ngrams import READ, hashed_ngrams


@settings(max_examples=200)
@given(st.text(max_size=500))
def test_any_text_gives_distinct_hashes_of_32_bits(text: str) -> None:
    hashes = hashed_ngrams(text)
    assert len(hashes) == len(set(hashes))
    assert all(0 <= one < 2**32 for one in hashes)
    assert hashes == hashed_ngrams(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("괜찮아요", "괜찬아요"),
        ("I can't sleep", "I cant sleep"),
        ("힘들어요ㅠㅠㅠㅠ", "힘들어요ㅠㅠㅠ"),
        ("FLAKY tests", "flaky tests"),
    ],
)
def test_what_is_nearly_the_same_shares_many_features(one: str, other: str) -> None:
    first, second = set(hashed_ngrams(one)), set(hashed_ngrams(other))
    assert len(first & second) >= 0.2 * len(first | second)


def test_what_is_known_by_name_is_a_feature_of_its_own() -> None:
    assert set(hashed_ngrams("hello", ("tone:calm",))) - set(hashed_ngrams("hello")) != set()
    assert hashed_ngrams("", ("tone:calm",)) != hashed_ngrams("tone:calm")


def test_of_a_long_text_the_beginning_and_the_end_are_read() -> None:
    middle = "zyxwv " * READ
    assert hashed_ngrams(f"{'a b c ' * READ}") == hashed_ngrams(f"{'a b c ' * (2 * READ)}")
    long = set(hashed_ngrams(f"first {middle} last"))
    assert set(hashed_ngrams("first", ())) & long
    assert set(hashed_ngrams("last", ())) & long


def test_the_longest_text_takes_a_few_milliseconds() -> None:
    began = time.process_time()
    hashed_ngrams("가나다라" * 1_000)
    assert time.process_time() - began < 0.1
