"""Entries come out of a pack as they went in, and out of anything else nothing breaks."""

from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.caching.pack import packed, unpacked

ENTRIES = st.lists(st.tuples(st.text(st.characters(codec="utf-8"), max_size=30), st.binary(max_size=60)), max_size=8)


@given(ENTRIES)
def test_they_come_out_as_they_went_in(entries: list[tuple[str, bytes]]) -> None:
    assert list(unpacked(packed(entries))) == entries


@given(ENTRIES, st.integers(0, 200))
def test_the_first_that_fit_are_packed(entries: list[tuple[str, bytes]], most: int) -> None:
    whole = packed(entries, most)
    assert len(whole) <= most
    assert list(unpacked(whole)) == entries[: len(list(unpacked(whole)))]


@given(st.binary(max_size=200))
def test_other_bytes_are_no_trouble(whole: bytes) -> None:
    for _, stored in unpacked(whole):
        assert len(stored) <= len(whole)
