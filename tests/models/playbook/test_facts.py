"""The person's own words that an answer takes up are short, theirs, and never a link or code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.models.playbook import facts


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("서류 63개 광탈했어요. 뭐가 문제일까요?", "서류 63개 광탈했어요"),
        ("I work 71 hours a week, and nobody sees it.", "I work 71 hours a week"),
        ("팀장이 저를 무시해요", None),
        ("My landlord is ignoring me", None),
        ("see https://example.com/2024", None),
        ("x" * 60 + " 3 days", None),
    ],
)
def test_the_clause_with_a_figure_is_taken_up(text: str, figure: str | None) -> None:
    assert facts.figure(text) == figure


def test_without_a_figure_the_last_clause_that_is_no_question_is_taken_up() -> None:
    assert facts.said("팀장이 저를 무시해요. 어떡하죠?") == "팀장이 저를 무시해요"
    assert facts.said("What should I do?") is None


@given(st.text(max_size=400))
def test_what_is_taken_up_stands_in_the_text(text: str) -> None:
    for clause in facts.clauses(text):
        assert clause in text
        assert len(clause) <= facts.LONGEST


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("I'm 45 and thinking about leaving insurance", None),
        ("I'm an electrician, 7 years in, $31 an hour.", "$31 an hour"),
        ("27살이고 서류만 60군데 떨어졌어요", "60군데 떨어졌어요"),
        ("3년차 개발자인데 연봉이 3200이에요", "연봉이 3200이에요"),
    ],
)
def test_who_somebody_is_is_no_figure_to_take_up(text: str, clause: str | None) -> None:
    assert facts.figure(text) == clause


@pytest.mark.parametrize(
    ("clause", "whole"),
    [
        ("서류 63개 광탈했어요", True),
        ("벌써 네 번째입니다", True),
        ("편의점 야간 2년찬데", False),
        ("월세가 80만 원이고", False),
        ("three of them left", True),
        ("they cut my pay by 12 percent", True),
        ("now says my contract ends in two weeks", False),
    ],
)
def test_a_chopped_korean_clause_is_not_repeated(clause: str, whole: bool) -> None:
    assert facts.whole(clause) is whole
