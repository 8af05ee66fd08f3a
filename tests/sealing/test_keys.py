"""A key tells different questions apart and tells nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.errors import SettingsInvalid
from ion_mentoring.sealing.keys import CacheKeys

KEYS = CacheKeys(b"secret")
ANY_TEXT = st.text(st.characters(categories=None), max_size=20)  # halves of surrogate pairs, too: JSON lets them through
PARTS = st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=4)


@given(one=PARTS, other=PARTS)
def test_two_keys_are_equal_exactly_if_their_parts_are(one: dict[str, str], other: dict[str, str]) -> None:
    assert (KEYS.key(**one) == KEYS.key(**other)) == (one == other)


@given(texts=st.lists(ANY_TEXT, min_size=2, max_size=2), cut=st.integers(0, 40))
def test_where_one_part_ends_and_the_next_begins_matters(texts: list[str], cut: int) -> None:
    joined = "".join(texts)
    moved = (joined[:cut], joined[cut:])
    same = KEYS.key(a=texts[0], b=texts[1]) == KEYS.key(a=moved[0], b=moved[1])
    assert same == (tuple(texts) == moved)


def test_a_name_cannot_be_read_as_a_part() -> None:
    assert KEYS.key(ab="c") != KEYS.key(a="bc")
    assert KEYS.key(a="b", c="d") != KEYS.key(a="bcd")
    assert KEYS.key() != KEYS.key(a="")


def test_the_order_of_parts_does_not_matter_and_any_name_is_allowed() -> None:
    assert KEYS.key(a="1", self="2") == KEYS.key(self="2", a="1")


def test_a_key_is_of_at_least_128_bits_and_safe_in_a_url() -> None:
    keys = {KEYS.key(text=str(number)) for number in range(10_000)}
    assert len(keys) == 10_000
    assert all(len(key) == 24 and key.replace("-", "").replace("_", "").isalnum() for key in keys)


def test_another_secret_gives_other_keys_so_that_none_can_be_guessed() -> None:
    assert CacheKeys(b"secret").key(text="hello") == KEYS.key(text="hello")
    assert CacheKeys(b"other").key(text="hello") != KEYS.key(text="hello")
    assert CacheKeys(b"s" * 1_000).key(text="hello") != CacheKeys(b"s" * 999).key(text="hello")


def test_keys_under_no_secret_are_refused() -> None:
    with pytest.raises(SettingsInvalid, match="CACHE_KEY_SECRET"):
        CacheKeys(b"")
