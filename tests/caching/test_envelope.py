"""Only what was packed for a key under this secret, and is whole, is an entry; nothing can be read out of it without."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.caching.entry import Entry, Epoch
from ion_mentoring.caching.envelope import LAYOUT, Envelopes

KEY = "some-key"
ENTRY = Entry(b'{"content": "hi"}', 1_000_060.5, 1_000_001.5, Epoch(77, 3))
ENVELOPES = Envelopes(b"secret")
PACKED = ENVELOPES.pack(KEY, ENTRY)


@given(
    value=st.binary(max_size=200),
    expires_at=st.floats(allow_nan=False),
    key=st.text(st.characters(codec="utf-8"), max_size=20),
    salt=st.binary(max_size=20),
)
def test_what_was_packed_comes_back_the_same(value: bytes, expires_at: float, key: str, salt: bytes) -> None:
    entry = Entry(value, expires_at, 5.0, Epoch(2**40 - 1, 9))
    assert ENVELOPES.unpack(key, ENVELOPES.pack(key, entry, salt), salt) == entry


@given(st.binary(max_size=200))
def test_other_bytes_are_no_entry(stored: bytes) -> None:
    assert ENVELOPES.unpack(KEY, stored) is None
    assert ENVELOPES.unpack(KEY, LAYOUT + stored) is None


@given(at=st.integers(0, len(PACKED) - 1), flipped=st.integers(1, 255))
def test_one_changed_byte_anywhere_even_in_its_times_makes_it_none(at: int, flipped: int) -> None:
    stored = bytearray(PACKED)
    stored[at] ^= flipped
    assert ENVELOPES.unpack(KEY, bytes(stored)) is None


@given(st.integers(0, len(PACKED) - 1))
def test_an_entry_that_was_cut_off_is_none(length: int) -> None:
    assert ENVELOPES.unpack(KEY, PACKED[:length]) is None


@pytest.mark.parametrize(
    ("envelopes", "key", "salt"),
    [(ENVELOPES, "other-key", b""), (Envelopes(b"another secret"), KEY, b""), (ENVELOPES, KEY, b"somebody's")],
    ids=["of another key", "under another secret", "somebody's own"],
)
def test_it_opens_with_its_own_key_secret_and_salt_alone(envelopes: Envelopes, key: str, salt: bytes) -> None:
    assert envelopes.unpack(key, PACKED, salt) is None


def test_an_owners_entry_is_none_without_the_owners_salt() -> None:
    packed = ENVELOPES.pack(KEY, ENTRY, b"salt")
    assert ENVELOPES.unpack(KEY, packed) is None
    assert ENVELOPES.unpack(KEY, packed, b"salt") == ENTRY


def test_the_value_cannot_be_read_and_looks_different_each_time() -> None:
    assert b"content" not in PACKED
    assert ENVELOPES.pack(KEY, ENTRY) != PACKED


def test_a_pickle_is_none_and_does_not_run() -> None:
    class Trap:
        def __reduce__(self) -> tuple:
            return (run, ())

    assert ENVELOPES.unpack(KEY, LAYOUT + pickle.dumps(Trap())) is None


def run() -> None:
    raise AssertionError("the pickle ran")
