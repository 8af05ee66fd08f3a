"""A text is read in the ways in which people hide or draw out what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.understanding.safety.views import VIEWS, views_of


@pytest.mark.parametrize(
    ("text", "views"),
    [
        ("혼자 살아요!", [("ko_words", "혼자 살아요"), ("ko", "혼자살아요"), ("ko_sound", "hwnjasaraw")]),
        ("죽 고 싶 다", [("ko_words", "죽고싶다"), ("ko", "죽고싶다"), ("ko_sound", "juggwsibda")]),
        ("죽1고ㅠㅠ싶다아아아", [("ko_words", "죽고싶다"), ("ko", "죽고싶다"), ("ko_sound", "juggwsibda"), ("en", "1")]),
        ("끝.시작", [("ko_words", "끝 시작"), ("ko", "끝시작"), ("ko_sound", "gidsijag")]),
        ("I don’t WANT it", [("en", "i don t want it")]),
        ("diiie", [("en", "diie"), ("en", "die")]),
        ("h e l p me", [("en", "h e l p me"), ("en", "help me")]),
        ("he\u200blp\u00ad", [("en", "help"), ("en", "he lp")]),
        ("to\u200b\u200bgo", [("en", "togo"), ("en", "to go")]),
        ("go \u200bon\ufeff", [("en", "go on")]),
        ("h̶e̶l̶p̶", [("en", "help")]),
        ("API가 좋아", [("ko_words", "가 좋아"), ("ko", "가좋아"), ("ko_sound", "gajwha"), ("en", "api")]),
        ("", []),
        ("!?😀", []),
        ("привет", []),
    ],
)
def test_a_text_has_its_views(text: str, views: list[tuple[str, str]]) -> None:
    assert list(views_of(text)) == views


@given(st.text(max_size=300))
def test_any_text_has_views_that_are_known_and_not_empty(text: str) -> None:
    for view, reading in views_of(text):
        assert view in VIEWS
        assert reading == reading.strip() != ""
