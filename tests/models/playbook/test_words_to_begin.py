"""Words to begin a hard conversation with, where none can be made of the person's own."""

import re

import pytest

from ion_mentoring.models.playbook.asking.purposes import PURPOSES, words_for
from ion_mentoring.resources import paths
from tests.models.playbook.talking import talk

BANNED = re.compile(r"[—–{}\n]|!")


def told(language: str, *texts: str, over_card: bool = False) -> list[str]:
    return [one.words for one in words_for(texts, language, over_card=over_card)]


@pytest.mark.parametrize(
    ("language", "before", "text", "begins"),
    [
        ("en", "my boss thinks the report is done", "I lied about it. how do I tell him", "There's something I should have"),
        ("ko", "적금을 몰래 깼어요", "남편한테 뭐라고 말하죠", "진작 말했어야 하는데"),
        ("en", "I booked the wrong hall for the wedding", "what do I say to my manager", "I have to tell you about a mistake"),
        ("ko", "빌려준 돈을 석 달째 못 받았어요", "문자 한 줄만 써 주세요", "약속한 날짜가 지난"),
    ],
)  # fmt: skip
def test_what_the_last_two_turns_tell_of_chooses_the_words(language: str, before: str, text: str, begins: str) -> None:
    assert told(language, before, text)[0].startswith(begins)


def test_where_no_purpose_is_told_there_are_no_words() -> None:
    assert told("en", "we have a stand at the fair", "a sentence for the sign please") == []
    assert told("ko", "박람회에 부스를 내요", "간판에 쓸 문장 하나요") == []


def test_the_last_turn_goes_before_the_one_before_it() -> None:
    first, *others = told("en", "he owes me for the van", "I want to apologise to him first")
    assert "sorry" in first
    assert any("by Friday" in one for one in others)


def test_family_is_spoken_to_as_such_in_both_languages() -> None:
    assert told("ko", "회사에서 잘렸어요", "아내한테 뭐라고 하죠")[0].endswith("말하는 거야.")
    assert told("ko", "팀 회식이 취소됐어요", "팀원들한테 뭐라고 공지하죠")[0].endswith("받겠습니다.")
    assert told("en", "I lost my job", "what do I say to my wife")[0].startswith("I have something hard to tell you")


@pytest.mark.parametrize(
    "text", ["he lied to me about the hours. what do I say", "my boss made a mistake and blames the courier. what do I write"]
)
def test_what_somebody_else_did_is_nothing_to_own_up_to(text: str) -> None:
    assert told("en", "I work at a depot", text, over_card=True) == []


def test_over_a_card_only_what_it_has_no_words_for_is_said() -> None:
    assert told("en", "they keep calling me", "how do I say no", over_card=True) == []
    assert told("en", "money is tight", "my wife doesn't know. how do I tell her", over_card=True)


async def test_a_turn_that_asks_for_words_again_gets_words_and_no_question_to_whom() -> None:
    texts = [
        "I was laid off nine weeks ago and I've sent sixty applications",
        "I leave every morning and sit in the library. My wife doesn't know.",
        "that is for a friend. I mean my wife, tonight at the kitchen table. First sentence please",
    ]
    *_, last = await talk("riri", texts)
    assert "begin_with" in last.plan
    assert "ashamed" in last.text


async def test_the_same_words_are_not_given_twice() -> None:
    texts = ["빌려준 돈을 못 받고 있어요", "뭐라고 말해요?", "다시 써 주세요, 뭐라고 말하죠?", "그래서 뭐라고 말해요?"]
    answers = await talk("lua", texts)
    assert any("begin_with" in one.plan for one in answers)
    assert len({one.text for one in answers}) == len(answers)


def test_the_words_keep_the_form_of_prepared_answers() -> None:
    text = paths(PURPOSES)[0].read_text(encoding="utf-8")
    said = re.findall(r"^(?:en|ko) = '''(.*?)'''$", text, re.MULTILINE)
    prepared = [one for one in said if "(?:" not in one and "\\b" not in one]
    assert len(prepared) >= 80
    assert [one for one in prepared if BANNED.search(one)] == []


@pytest.mark.parametrize(
    "texts",
    [
        [
            "lent my friend 1800 in january and every time I bring it up he says next paycheck",
            "no, I'm not being asked for a loan, I want the money back. what do I text him",
        ],
        [
            "친구가 돈을 빌려 달라고 하는데 어떻게 거절해야 할지 모르겠어요",
            "빌려 달라는 게 아니라 이미 빌려준 돈을 안 갚는 거예요. 갚으라고 어떻게 말하죠",
        ],
    ],
)
async def test_who_puts_right_what_it_is_gets_another_story_of_the_same_matter(texts: list[str]) -> None:
    first, second = await talk("lua", texts)
    assert first.topics == second.topics == ("lent_money",)
    assert "left" not in second.plan
    assert first.text != second.text


@pytest.mark.parametrize(
    "text",
    [
        "the quarry sends the wrong gravel each time the foreman is away and I am the one at the gate, how do I handle that",
        "옆 배 선장이 제가 쳐 둔 부표 위에 자꾸 그물을 겹쳐 놓고 모른 척하는데 이런 건 어떻게 풀어 가야 하나요",
    ],
)
async def test_no_way_of_doing_things_answers_a_whole_story_that_nobody_wrote_down(text: str) -> None:
    (only,) = await talk("elro", [text])
    assert "answer" not in only.plan
