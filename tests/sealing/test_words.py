"""What is sealed opens at its own place and under its own keys alone, and tells nothing else."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ion_mentoring.sealing.form import PREFIX, holder_of, is_sealed
from ion_mentoring.sealing.names import Names
from ion_mentoring.sealing.words import UserKeys, unwrapped, wrapped

NAMES = Names(b"n" * 32)
ADA, BOB = (UserKeys.drawn(NAMES.of("user", name)) for name in ("ada", "bob"))
ANY_TEXT = st.text(st.characters(categories=None), max_size=40)  # halves of surrogate pairs, too: JSON lets them through


@given(text=ANY_TEXT, place=ANY_TEXT)
def test_any_text_comes_back_from_its_place(text: str, place: str) -> None:
    sealed = ADA.seal(text, place, "content")
    assert ADA.open(sealed, place, "content") == text
    assert is_sealed(sealed)
    assert holder_of(sealed) == ADA.holder


@given(places=st.lists(st.lists(ANY_TEXT, max_size=3).map(tuple), min_size=2, max_size=2, unique=True))
def test_moved_to_another_place_it_does_not_open(places: list[tuple[str, ...]]) -> None:
    assert ADA.open(ADA.seal("words", *places[0]), *places[1]) is None


def test_under_another_holders_keys_it_does_not_open_even_if_they_were_the_same() -> None:
    sealed = ADA.seal("words", "here")
    assert BOB.open(sealed, "here") is None
    assert UserKeys(BOB.holder, ADA.secrets).open(sealed, "here") is None
    moved = base64.urlsafe_b64decode(sealed.removeprefix(PREFIX))
    theirs = PREFIX + base64.urlsafe_b64encode(bytes.fromhex(BOB.holder) + moved[18:]).decode()
    assert UserKeys(BOB.holder, ADA.secrets).open(theirs, "here") is None


def test_a_changed_character_anywhere_is_noticed() -> None:
    sealed = ADA.seal("words", "here")
    for place in range(len(PREFIX), len(sealed)):
        other = "A" if sealed[place] != "A" else "B"
        assert ADA.open(sealed[:place] + other + sealed[place + 1 :], "here") is None, place


def test_the_same_words_look_different_each_time() -> None:
    assert ADA.seal("words", "here") != ADA.seal("words", "here")
    assert "words" not in ADA.seal("words", "here")


def test_a_renewed_key_seals_and_the_older_ones_still_open() -> None:
    old = ADA.seal("before", "here")
    renewed = ADA.renewed()
    new = renewed.seal("after", "here")
    assert (renewed.open(old, "here"), renewed.open(new, "here"), ADA.open(new, "here")) == ("before", "after", None)
    assert replace(renewed, secrets=renewed.secrets[:1]).open(old, "here") is None


@pytest.mark.parametrize("text", ["", "ion1.", "ion1.!!", "ion1.AAAA", "ion2." + "A" * 200, '{"a": 1}', "ion1." + "A" * 99])
def test_what_was_not_sealed_is_nobodys(text: str) -> None:
    assert ADA.open(text, "here") is None
    assert holder_of(text) is None or holder_of(text) == "00" * 18


def test_keys_come_back_from_their_wrapping_and_from_no_other() -> None:
    data = wrapped(b"k" * 32, ADA.renewed().packed, ADA.holder, "2026-W48")
    assert len(UserKeys.unpacked(ADA.holder, unwrapped(b"k" * 32, data, ADA.holder, "2026-W48") or b"").secrets) == 2
    assert unwrapped(b"x" * 32, data, ADA.holder, "2026-W48") is None
    assert unwrapped(b"k" * 32, data, ADA.holder, "2026-W49") is None
    assert unwrapped(b"k" * 32, data[:5], ADA.holder, "2026-W48") is None


def test_names_of_another_kind_secret_or_parting_are_others() -> None:
    names = {NAMES.of("user", "ab"), NAMES.of("user", "a", "b"), NAMES.of("session", "ab"), Names(b"o" * 32).of("user", "ab")}
    assert len(names) == 4
    assert NAMES.of("user", "ab") == Names(b"n" * 32).of("user", "ab")
