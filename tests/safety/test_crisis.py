"""A sign of danger is seen however it is written, and what only sounds like one is not taken for it."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.safety.crisis import Crisis, CrisisSign

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


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_sign_is_seen_in_the_middle_of_anything_said(before: str, after: str) -> None:
    assert CRISIS.check(f"{before}. 죽고 싶어요. {after}") is not None


def test_the_gravest_of_several_signs_is_named() -> None:
    assert CRISIS.check("아빠가 때려요. 죽고 싶어요") == CrisisSign("self_harm")


@pytest.mark.parametrize(
    ("kind", "language", "country", "numbers"),
    [
        ("self_harm", "ko", None, ["109", "1577-0199", "1388"]),
        ("abuse", "ko", None, ["1366", "112"]),
        ("self_harm", "en", None, ["988", "findahelpline.com"]),
        ("self_harm", "en", "GB", ["116 123", "999"]),
        ("abuse", "en", None, ["1-800-799-7233"]),
        ("abuse", "fr", "FR", ["findahelpline.com"]),
        ("self_harm", "en", "KR", ["109"]),
    ],
)
def test_the_answer_says_where_to_turn(kind: str, language: str, country: str | None, numbers: list[str]) -> None:
    answer = CRISIS.answer(CrisisSign(kind), language, country)  # type: ignore[arg-type]
    for number in numbers:
        assert number in answer
    assert "?" in answer, "it asks whether the person is safe"
    assert "{" not in answer
