"""Who puts the mentor right is heard for what they say it is; who begins something new is not held to what was before."""

import pytest

from ion_mentoring.models.playbook.correcting import asks_for_words, begins_anew, carries_on, corrected
from ion_mentoring.models.playbook.finding import Found, Offered, found
from ion_mentoring.models.playbook.ranking import load_ranking
from tests.models.playbook.talking import talk


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("그건 비교 얘기잖아요 저는 발표할 때 떨리는 이유를 물어본 거예요", "저는 발표할 때 떨리는 이유를 물어본 거예요"),
        ("의견이 넘어간 게 아니라 제 자료를 가로챈 거예요. 다시 써주세요", "제 자료를 가로챈 거예요. 다시 써주세요"),
        ("보고서 말고 국어 비문학이요", "국어 비문학이요"),
        ("Lateness isn't the issue. How do I get them in one room?", "How do I get them in one room?"),
        ("no, not for a deadline. words for her, at 6am", "words for her, at 6am"),
        ("No!! I am a roofer. Rain equals no pay.", "I am a roofer. Rain equals no pay."),
        ("아니 군대 얘기가 아니고요 제가 사수예요", "제가 사수예요"),
        ("no", None),
        ("다른 방법 없어요?", None),
        ("I don't know what to do", None),
    ],
)
def test_what_is_meant_is_what_stands_after_what_is_not(text: str, meant: str | None) -> None:
    assert corrected(text) == meant


def test_what_was_ruled_out_is_not_found_again() -> None:
    ranking, text = load_ranking("en"), "My client has not paid my invoice for two months and ignores my mails"
    first = found(ranking, text)
    assert isinstance(first, Found)
    again = found(ranking, text, without={first.title.id})
    assert not isinstance(again, Found) or again.title != first.title
    assert not isinstance(again, Offered) or first.title not in again.titles


@pytest.mark.parametrize(
    "text", ["됐어요. 다른 거 물어볼게요. 4대보험 얘기예요", "new question: how do I revise moles", "새로운 고민이 있어요"]
)
def test_a_new_matter_is_announced(text: str) -> None:
    assert begins_anew(text)


@pytest.mark.parametrize("text", ["다른 방법 없어요?", "Any other way?", "another example please"])
def test_another_way_is_no_new_matter(text: str) -> None:
    assert not begins_anew(text)


@pytest.mark.parametrize(
    "text",
    [
        "원장님께 할 말을 써주세요",
        "뭐라고 답하면 돼요?",
        "What do I say when I walk in?",
        "Two sentences to say tomorrow, please",
    ],
)
def test_words_are_asked_for(text: str) -> None:
    assert asks_for_words(text)


@pytest.mark.parametrize("text", ["팀장님이 저한테만 뭐라고 해요", "he says I write too slowly", "x" * 5_000])
def test_words_are_only_spoken_of(text: str) -> None:
    assert not asks_for_words(text)


@pytest.mark.parametrize(
    "text", ["그래도 부모님께 말해야 하는데 뭐라고 하죠", "근데 안 되면요?", "But what do I say to him?", "ok, and then?"]
)
def test_one_carries_on_with_what_was_said(text: str) -> None:
    assert carries_on(text)


@pytest.mark.parametrize(
    "text", ["부모님이 결혼하라고 하세요", "My landlord kept my deposit", "butter is expensive", "Sophie is my boss"]
)
def test_one_begins_with_something(text: str) -> None:
    assert not carries_on(text)


async def test_a_word_or_two_that_answer_us_are_about_the_same_matter() -> None:
    first, then, after = await talk("lua", ["아이가 학교 가기 싫대요", "1학년이에요", "물어봐도 대답을 안 해요"])
    assert first.topics == then.topics == after.topics == ("child_at_school",)


async def test_a_language_that_somebody_has_to_write_in_asks_for_no_language() -> None:
    told = (await talk("lua", ["대학원생인데 교수님이 메일에 답을 안 하세요", "아 그리고 영어로 메일을 써야 해요"]))[-1]
    assert told.language == "ko"
    assert "language" not in told.plan


async def test_an_aside_does_not_change_the_matter() -> None:
    first, aside, then = await talk("elro", ["I am burnt out", "what should i cook for dinner btw", "what next?"])
    assert aside.plan == ("off_topic",)
    assert then.topics == first.topics == ("burnout",)
