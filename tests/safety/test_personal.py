"""A text with anything of somebody in it is personal; an ordinary question is not."""

import pytest

from ion_mentoring.safety.personal import is_personal


@pytest.mark.parametrize(
    "text",
    [
        "my mail is kim.minsu@example.com",
        "write to @minsu_kim",
        "call me at 010-1234-5678",
        "주민번호는 900101-1234567이에요",
        "card 4111 1111 1111 1111",
        "see https://example.com/me",
        "My name is Minsu",
        "I'm John Smith and I need help",
        "제 이름은 김민수예요",
        "김민수라고 합니다",
        "서울시 강남구 테헤란로 152",
        "101동 1203호에 살아요",
        "내 계좌 번호 알려 줄까",
        "I live at 12 Baker street",
        "저 김영희 대리인데 박부장이 괴롭혀요",
        "이 팀장님이 힘들게 해요",
    ],
)
def test_a_personal_text_is_told(text: str) -> None:
    assert is_personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "How do I design an A/B test?",
        "I am tired of my job",
        "I'm so confused by recursion",
        "팀장이 회의에서 제 의견을 무시해요",
        "전환율이 20% 떨어졌어요",
        "마감이 3일 남았어요",
        "Python 3.11 or 3.12?",
        "우리 팀장님이 힘들게 해요",
        "저희 대표님께 어떻게 말하죠",
    ],
)
def test_an_ordinary_question_is_not(text: str) -> None:
    assert not is_personal(text)
