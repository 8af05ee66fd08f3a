"""A matter that the person says it is not is left and not come back to; a list is shown once, and chosen from in any words."""

import pytest

from ion_mentoring.models.playbook.correcting import affirmed, negated, of_manner, rejects
from ion_mentoring.models.playbook.finding import Found, find
from ion_mentoring.models.playbook.offer import listed
from ion_mentoring.models.playbook.ranking import load_ranking
from ion_mentoring.models.protocol import Message
from tests.models.playbook.talking import talk

FIRED = {
    "en": "I have to let an employee go next week and don't know how to say it",
    "ko": "팀원을 다음 주에 내보내야 하는데 어떻게 말해야 할지 모르겠어요",
}


@pytest.mark.parametrize(
    ("text", "is_not", "it_is"),
    [
        (
            "I'm not leaving, I want to be paid for the night shifts",
            "I'm not leaving",
            "I want to be paid for the night shifts",
        ),
        ("해고하려는 게 아니고요 일찍 오게 하고 싶어요", "해고하려는 게 아니고요", "일찍 오게 하고 싶어요"),
    ],
)
def test_a_correction_is_read_for_what_it_is_and_for_what_it_is_not(text: str, is_not: str, it_is: str) -> None:
    assert negated(text) == is_not
    assert affirmed(text) == it_is


@pytest.mark.parametrize(
    "text",
    [
        "That's not my question",
        "that isn't what I asked",
        "You're not following me at all",
        "What severance?",
        "그 얘기가 왜 나와요?",
        "말을 못 알아들으시네요",
        "엉뚱한 답이에요",
    ],
)
def test_a_wrong_matter_is_pointed_out(text: str) -> None:
    assert rejects(text)


@pytest.mark.parametrize(
    "text", ["what next?", "그건 못 하겠어요", "No, in spring already", "I keep thinking about it", "이미 해 봤어요"]
)
def test_a_no_to_something_else_is_no_rejection_of_the_matter(text: str) -> None:
    assert not rejects(text)


def test_a_complaint_about_repetition_is_about_the_manner() -> None:
    assert of_manner("you keep saying the same")
    assert of_manner("왜 자꾸 같은 말만 해요")


@pytest.mark.parametrize(
    "text",
    [
        "That's not it at all. I'm not firing anybody.",
        "나는 아무도 해고하려는 게 아니에요",
        "제가 내보낸다는 얘기가 왜 나와요",
    ],
)
async def test_what_it_is_not_is_left_and_named_and_one_question_is_asked(text: str) -> None:
    language = "ko" if any("가" <= char <= "힣" for char in text) else "en"
    first, then = await talk("nana", [FIRED[language], text])
    assert first.topics == ("letting_somebody_go",)
    assert then.plan == ("left", "ask")
    assert then.text.count("?") + then.text.count("적어 주세요") <= 1
    assert not then.topics


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        (
            "en",
            "That's not it, nobody leaves. My client hasn't paid my invoice for two months and ignores my mails.",
            "client_does_not_pay",
        ),
        ("ko", "그 얘기가 아니에요. 회의가 하루에 여섯 개라서 일할 시간이 없어요", "too_many_meetings"),
    ],
)
async def test_the_rest_of_a_correction_may_tell_which_matter_it_is(language: str, text: str, found: str) -> None:
    *_, then = await talk("elro", [FIRED[language], text])
    assert then.plan[0] == "left"
    assert then.topics == (found,)


@pytest.mark.parametrize(
    ("language", "no", "again"),
    [
        ("en", "That's not it. I'm not firing her.", "I only want her to come on time"),
        ("ko", "아니요 해고하려는 게 아니에요", "그냥 아침에 제때 오게 하고 싶은 거예요"),
    ],
)
async def test_what_was_left_is_not_come_back_to(language: str, no: str, again: str) -> None:
    *_, then, last = await talk("nana", [FIRED[language], no, again])
    assert "letting_somebody_go" not in (*then.topics, *last.topics)
    assert last.text != then.text


async def test_a_detail_that_is_put_right_leaves_the_matter_in_hand() -> None:
    first, then = await talk(
        "lua", ["나 번아웃 온 것 같아요. 아무것도 하기 싫어요", "월요일이 아니라 일요일 저녁이 제일 힘들어요"]
    )
    assert then.topics == first.topics


@pytest.mark.parametrize("text", ["No, it's the second time already", "아니요, 작년부터 그랬어요"])
async def test_a_no_to_our_question_is_an_answer_and_no_correction(text: str) -> None:
    language = "ko" if any("가" <= char <= "힣" for char in text) else "en"
    begun = {"en": "My colleague presented my analysis as his own", "ko": "동료가 제 분석을 자기 것처럼 발표했어요"}[language]
    first, then = await talk("nana", [begun, text])
    assert first.text.rstrip().endswith("?")
    assert then.plan[0] != "no"
    assert then.topics == first.topics


def offered(ids: tuple[str, ...], answer: str, question: str = "hm") -> object:
    ranking = load_ranking("en")
    titles = [title for name in ids for title in ranking.titles if title.id == name]
    said = f"Which is it?\n\n{listed([title.title for title in titles])}"
    return find(ranking, (Message("user", question), Message("assistant", said), Message("user", answer)))


def test_one_of_a_list_may_be_chosen_in_other_words() -> None:
    found = offered(("exam_failed", "parents_pressure"), "my thing is that i failed the exam")
    assert isinstance(found, Found)
    assert (found.title.id, found.ground) == ("exam_failed", "chosen")


def test_none_of_them_is_never_the_second_of_them() -> None:
    found = offered(("burnout", "two_options"), "none of those, it's about two of my tenants")
    assert not (isinstance(found, Found) and found.title.id in ("burnout", "two_options"))


async def test_a_list_is_shown_once_in_a_conversation() -> None:
    texts = ["cant focus. at all", "none of these", "hm it is hard to say", "something with the days"]
    told = await talk("lua", texts)
    assert sum(bool(one.offered) for one in told) <= 1


async def test_who_passes_over_a_list_and_goes_on_is_met_about_one_of_its_matters() -> None:
    first, then = await talk("nana", ["I don't know about work any more", "is it too late to say so now"])
    assert first.offered
    assert then.plan[0] == "answer"
    assert then.topics[0] in {title.id for one in first.offered if (title := load_ranking("en").titled(one))}


@pytest.mark.parametrize("text", ["what else could i do", "그럼 뭘 해야 해요"])
async def test_a_few_words_of_a_question_begin_no_matter(text: str) -> None:
    hello = "hello" if text.isascii() else "안녕하세요"
    *_, then = await talk("lua", [hello, text])
    assert then.topics == ()
