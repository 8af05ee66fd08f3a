"""Words to say are made of what the person wants to have said, in direct speech and to the right person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.models.playbook.composing.composer import Composer

COMPOSER = Composer.load()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("사장님께 주 5일로 바꿔달라고 할 말을 써주세요", "사장님, 잠깐 말씀드려도 될까요? 주 5일로 바꿔 주실 수 있을까요?"),
        ("팀장님께 이번 주까지는 못 끝낸다고 메일 써 주세요", "이번 주까지는 못 끝냅니다."),
        ("교수님께 휴학하겠다고 어떻게 말씀드려야 할까요", "휴학하겠습니다."),
        (
            "담임 선생님한테 자리 바꿔 달라고 하고 싶은데 뭐라고 해요",
            "선생님, 잠깐 말씀드려도 될까요? 자리 바꿔 주실 수 있을까요?",
        ),
        ("선배한테 코드 리뷰 언제 되는지 물어보려고 하는데 뭐라고 하죠", "코드 리뷰 언제 되는지 여쭤봐도 될까요?"),
        ("거래처에 단가가 오른다고 메일 써주세요", "단가가 오릅니다."),
        ("팀원들에게 제가 실수한 거라고 말하고 싶어요", "제가 실수한 거예요."),
        ("룸메한테 밤에 통화하지 말라고 말하고 싶은데 뭐라고 해?", "밤에 통화하지 말아 줄래?"),
        ("친구한테 빌려준 돈 갚아달라고 카톡 써줘", "빌려준 돈 갚아 줄 수 있어?"),
        ("엄마한테 이번 명절엔 못 간다고 문자 보내고 싶어요 문장 좀", "이번 명절엔 못 가."),
        ("남자친구한테 주말에 만나자고 카톡 보낼 멘트", "주말에 만나면 어때?"),
        ("동생한테 나도 잘 모른다고 말하고 싶어", "나도 잘 몰라."),
        ("부장님한테 회식 빠지고 싶다고 말하고 싶어요 어떻게 말하죠", "회식 빠지고 싶어요."),
    ],
)
def test_korean_is_said_as_one_says_it_to_that_person(text: str, words: str) -> None:
    said = COMPOSER.words([text], "ko")
    assert said
    assert words in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I'd like to ask my boss for a raise. What do I say?", "I'd like to ask you for a raise."),
        ("How do I ask my landlord to fix the heater?", "Could you fix the heater?"),
        ("Help me ask him to stop calling me after work", "Could you please stop calling me after work?"),
        ("how do I ask her not to share my slides", "Could you please not share my slides?"),
        ("give me words to ask my manager if I can leave early on Fridays", "Could I leave early on Fridays?"),
        ("how should i ask my coworker when he will finish his part", "I wanted to ask when you will finish your part."),
        (
            "How do I tell my brother to pay me back the 200 dollars he owes me",
            "Could you pay me back the 200 dollars you owe me?",
        ),
        ("what do I say to tell my mother that I can't come for Christmas", "I can't come for Christmas."),
        ("What's a polite way to say no to the extra shift?", "I can't take on the extra shift this time."),
        ("Help me ask him to stop shouting because I learn better when he doesn't", "because I learn better when you don't?"),
        ("How do I tell Ana that I want to thank her for covering my shift?", "I want to thank you for covering my shift."),
        ("How do I ask my boss why she wasn't there yesterday?", "why you weren't there yesterday."),
        (
            "What do I say to the agency? I want eight weeks' notice and my deposit.",
            "I'd like eight weeks' notice and my deposit.",
        ),
        ("I need her here by six, so how do I word that?", "I'd like you here by six."),
        (
            "I want the words to tell her to stop showing my drawings as hers",
            "Could you please stop showing my drawings as yours?",
        ),
        ("how do I tell Tom that he's late too often", "You're late too often."),
    ],
)
def test_english_is_said_to_their_face(text: str, words: str) -> None:
    said = COMPOSER.words([text], "en")
    assert said
    assert words in said


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("원장님께 할 말을 써주세요", "ko"),
        ("상사한테 뭐라고 말해야 할지 문장으로 써주세요", "ko"),
        ("팀장님이 저한테 다시 해 달라고 말해서 속상해요", "ko"),
        ("취업이 너무 안 돼요", "ko"),
        ("How do I bring it up with her?", "en"),
        ("What do I say to the team in the first five minutes?", "en"),
        ("I told my boss that I quit and now I regret it", "en"),
    ],
)
def test_where_nobody_says_what_to_say_nothing_is_made_up(text: str, language: str) -> None:
    assert COMPOSER.words([text], language) is None


def test_one_sentence_is_one_sentence() -> None:
    assert (
        COMPOSER.words(["다음부터는 제 이름 넣어달라고 하고 싶어요. 한 문장으로요"], "ko")
        == "다음부터는 제 이름 넣어 주실 수 있을까요?"
    )


@pytest.mark.parametrize(
    ("texts", "language", "why"),
    [
        (
            ["사장님께 주 5일로 바꿔달라고 할 말을 써주세요", "몸이 안 버텨서요. 그 이유도 넣어줘요"],
            "ko",
            "몸이 안 버텨서 드리는 말씀이에요.",
        ),
        (["친구한테 돈 갚아달라고 카톡 써줘", "이번 달 월세를 내야 해서 급해"], "ko", "이번 달 월세를 내야 해서 그래."),
        (["How do I ask my boss for a raise?", "because I run jobs alone"], "en", "I'm asking because I run jobs alone."),
    ],
)
def test_a_reason_given_later_goes_into_the_words(texts: list[str], language: str, why: str) -> None:
    said = COMPOSER.words(texts, language)
    assert said
    assert why in said


def test_who_was_asked_to_whom_may_answer_in_a_word() -> None:
    assert COMPOSER.words(["my wife: I want to leave my job"], "en") is None
    said = COMPOSER.words(["my wife: I want to leave my job"], "en", told=True)
    assert said
    assert "I want to leave my job." in said


@pytest.mark.parametrize(
    "text", ["I want to write better emails", "I need help with a message", "I want to know what to say to him"]
)
def test_a_wish_is_said_only_where_words_are_asked_for(text: str) -> None:
    assert COMPOSER.words([text], "en") is None


@given(st.text(max_size=400), st.sampled_from(["ko", "en"]))
def test_any_text_is_read(text: str, language: str) -> None:
    assert COMPOSER.words([text], language, told=True) != ""


def test_two_words_told_to_nobody_are_no_words_to_say() -> None:
    assert COMPOSER.words(["아니 붙었다고 어떻게 말해야돼 진짜"], "ko") is None


@pytest.mark.parametrize(
    "text",
    [
        "밥을 안 먹는다는 얘기가 아니라 인수인계 때 혼난다는 건데요. 그 자리에서 뭐라고 하면 될까요?",
        "아뇨 죽고싶다는게 아니라 혼날까봐 무섭다는 말이에요. 누구한테 뭐라고 하는지 알려주세요",
        "와이프가 항암 중이라 요즘 정신이 없다고 하시더라고요. 다시 가서 뭐라고 해야 할까요",
        "아들이 학원을 다 끊겠다고 해요. 뭐라고 말해야 할까요",
    ],
)
def test_what_was_not_meant_or_somebody_else_said_is_nothing_to_say(text: str) -> None:
    assert COMPOSER.words([text], "ko") is None
