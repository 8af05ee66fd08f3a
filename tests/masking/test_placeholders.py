"""Placeholders go out and values come back, however a stream is cut and a model writes."""

import pytest

from ion_mentoring.masking.placeholders import Placeholders, Restoring
from tests.masking.corpus import ordinary, personal


def streamed(placeholders: Placeholders, text: str, size: int) -> str:
    restoring = Restoring(placeholders)
    pieces = [restoring.hear(text[at : at + size]) for at in range(0, len(text), size)]
    return "".join((*pieces, restoring.end()))


def test_what_goes_out_has_nothing_personal_and_comes_back_whole() -> None:
    for one in personal():
        placeholders = Placeholders()
        hidden = placeholders.hide(one.text)
        assert not one.leaks_into(hidden), one.text
        assert placeholders.restore(hidden) == one.text


@pytest.mark.parametrize("size", [1, 2, 3, 5, 11])
def test_a_stream_brings_them_back_however_it_is_cut(size: int) -> None:
    for one in personal()[::5]:
        placeholders = Placeholders()
        assert streamed(placeholders, placeholders.hide(one.text), size) == one.text


@pytest.mark.parametrize("size", [1, 3, 7])
def test_an_ordinary_text_is_streamed_as_it_is(size: int) -> None:
    for text in (*ordinary(), "a [link](x), [PHONE_1 never closed", "[[", "x[", "[PHONE_7]"):
        placeholders = Placeholders()
        placeholders.hide("call 010-2938-4756")
        assert streamed(placeholders, text, size) == text


def test_the_same_value_has_the_same_placeholder_and_another_another() -> None:
    placeholders = Placeholders()
    said = placeholders.hide("010-2938-4756, 010-1111-2222, 010-2938-4756, kim@example.com")
    assert said == "[PHONE_1], [PHONE_2], [PHONE_1], [EMAIL_1]"
    assert placeholders.hide("again 010-1111-2222") == "again [PHONE_2]"


@pytest.mark.parametrize("written", ["[phone_1]", "[PHONE 1]", "[Phone\\_1]", "[ PHONE_1 ]"])
def test_a_model_may_write_it_in_its_own_way(written: str) -> None:
    placeholders = Placeholders()
    placeholders.hide("010-2938-4756")
    assert placeholders.restore(f"call {written} now") == "call 010-2938-4756 now"


def test_a_placeholder_that_somebody_wrote_stays_what_it_was() -> None:
    placeholders = Placeholders()
    text = "what does [PHONE_1] mean? mine is 010-2938-4756"
    placeholders.taken_by(text)
    hidden = placeholders.hide(text)
    assert hidden == "what does [PHONE_1] mean? mine is [PHONE_2]"
    assert placeholders.restore(hidden) == text


def test_text_that_is_no_placeholder_does_not_wait() -> None:
    restoring = Restoring(Placeholders())
    assert restoring.hear("a plain piece ") == "a plain piece "
    assert restoring.hear("see [") == "see "
    assert restoring.hear("1] there") == "[1] there"
    restoring.hear("[PHO")
    restoring.begin()
    assert restoring.end() == ""
