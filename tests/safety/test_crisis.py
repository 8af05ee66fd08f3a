"""A sign of danger is seen however it is written, and what only sounds like one is not taken for it."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.safety.crisis import Crisis, CrisisSign, Kind

HERE = Path(__file__).parent
CRISIS = Crisis.load()


def rows(name: str) -> list[list[str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


@pytest.mark.parametrize(("kind", "text"), rows("signs.tsv"))
def test_a_sign_is_seen(kind: str, text: str) -> None:
    sign = CRISIS.check(text)
    assert sign is not None
    assert sign.kind == kind


@pytest.mark.parametrize("text", [text for (text,) in rows("idioms.tsv")])
def test_what_only_sounds_like_a_sign_is_none(text: str) -> None:
    assert CRISIS.check(text) is None


@given(st.sampled_from(["죽고 싶어요", "I want to kill myself"]), st.text("​‍⁠­", min_size=1, max_size=3), st.data())
def test_invisible_characters_hide_nothing(sign: str, invisible: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(min_value=0, max_value=len(sign)))
    assert CRISIS.check(sign[:place] + invisible + sign[place:]) == CrisisSign("self_harm")


@pytest.mark.parametrize("between", ["\u200b", "\u200c", "\u2060", "\ufeff", "\u200e", "\x00", "\u200b\u200b"])
def test_words_that_something_invisible_parts_are_words(between: str) -> None:
    for sign in ("I just want to die", "I want to kill myself", "죽고 싶어요"):
        assert CRISIS.check(sign.replace(" ", between)) == CrisisSign("self_harm")


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_sign_is_seen_in_the_middle_of_anything_said(before: str, after: str) -> None:
    assert CRISIS.check(f"{before}. 죽고 싶어요. {after}") is not None


def test_the_gravest_of_several_signs_is_named() -> None:
    assert CRISIS.check("아빠가 때려요. 죽고 싶어요") == CrisisSign("self_harm")


@pytest.mark.parametrize(
    ("kind", "language", "country", "numbers"),
    [
        ("self_harm", "ko", None, ["109", "1577-0199", "1388", "112", "119"]),
        ("abuse", "ko", None, ["1366", "112"]),
        ("self_harm", "en", None, ["988", "911", "findahelpline.com"]),
        ("self_harm", "en", "GB", ["116 123", "999"]),
        ("abuse", "en", None, ["1-800-799-7233"]),
        ("self_harm", "en", "gb", ["116 123", "999"]),
        ("self_harm", "en", "IE", ["116 123", "112", "999"]),
        ("abuse", "en", "IE", ["1800 341 900"]),
        ("self_harm", "de", "DE", ["116 123", "112", "findahelpline.com"]),
        ("abuse", "fr", "FR", ["112", "findahelpline.com"]),
        ("self_harm", "en", "BR", ["findahelpline.com"]),
        ("self_harm", "ko", "US", ["988", "911"]),
        ("abuse", "ko", None, ["1366", "1388", "112", "119"]),
        ("self_harm", "en", "KR", ["109"]),
    ],
)
def test_the_answer_says_where_to_turn(kind: str, language: str, country: str | None, numbers: list[str]) -> None:
    answer = CRISIS.answer(CrisisSign(kind), language, country)  # type: ignore[arg-type]
    for number in numbers:
        assert number in answer
    assert "?" in answer, "it asks whether the person is safe"
    assert "{" not in answer


@pytest.mark.parametrize("kind", ["self_harm", "abuse"])
def test_who_writes_in_korean_is_told_no_line_abroad(kind: Kind) -> None:
    answer = CRISIS.answer(CrisisSign(kind), "ko")
    assert "findahelpline" not in answer
    assert answer.count("\n- ") >= 3


def test_no_place_is_named_twice() -> None:
    for country in ("GB", "US", "BR", None):
        places = [line for line in CRISIS.answer(CrisisSign("self_harm"), "en", country).splitlines() if line.startswith("- ")]
        assert len(places) == len(set(places)) >= 2


def test_an_idiom_hides_no_sign_beside_it() -> None:
    assert CRISIS.check("this deadline is killing me and I want to kill myself") == CrisisSign("self_harm")
    assert CRISIS.check("배고파 죽겠고 혼자 살아요. 그냥 죽고 싶어요") == CrisisSign("self_harm")


def test_what_stood_around_an_idiom_makes_no_sign_together() -> None:
    assert CRISIS.check("죽고 배고파 죽겠 싶어요") is None


@given(st.text(max_size=400))
def test_any_text_is_checked(text: str) -> None:
    sign = CRISIS.check(text)
    assert sign is None or sign.kind in ("self_harm", "abuse")
