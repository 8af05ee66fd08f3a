"""Only what was packed for a key, and is whole, is an entry."""

import pickle
import struct
import zlib

from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.caching.envelope import LAYOUT, Entry, pack, unpack

KEY = "some-key"
ENTRY = Entry(b'{"content": "hi"}', 1_000_060.5)


@given(value=st.binary(max_size=200), expires_at=st.floats(allow_nan=False), key=st.text(max_size=20))
def test_what_was_packed_comes_back_the_same(value: bytes, expires_at: float, key: str) -> None:
    assert unpack(key, pack(key, Entry(value, expires_at))) == Entry(value, expires_at)


@given(st.binary(max_size=200))
def test_other_bytes_are_no_entry(stored: bytes) -> None:
    assert unpack(KEY, stored) is None


@given(at=st.integers(0, len(pack(KEY, ENTRY)) - 1), flipped=st.integers(1, 255))
def test_one_changed_byte_anywhere_and_the_expiry_too_makes_it_none(at: int, flipped: int) -> None:
    stored = bytearray(pack(KEY, ENTRY))
    stored[at] ^= flipped
    assert unpack(KEY, bytes(stored)) is None


@given(st.integers(0, len(pack(KEY, ENTRY)) - 1))
def test_an_entry_that_was_cut_off_is_none(length: int) -> None:
    assert unpack(KEY, pack(KEY, ENTRY)[:length]) is None


def test_an_entry_of_another_key_is_none() -> None:
    assert unpack("other-key", pack(KEY, ENTRY)) is None


def test_an_entry_of_another_version_is_none_though_it_is_whole() -> None:
    body = struct.pack(">d", ENTRY.expires_at) + ENTRY.value
    other = struct.pack(">4sI", b"ION\x02", zlib.crc32(body, zlib.crc32(KEY.encode()))) + body
    assert unpack(KEY, other) is None
    assert unpack(KEY, LAYOUT + other[4:]) == ENTRY


def test_a_pickle_is_none_and_does_not_run() -> None:
    class Trap:
        def __reduce__(self) -> tuple:
            return (run, ())

    assert unpack(KEY, pickle.dumps(Trap())) is None


def run() -> None:
    raise AssertionError("the pickle ran")
