"""What was tried is out from then on, and who doubts hears the reasons and how sure they are."""

import pytest

from ion_mentoring.models.playbook.pushback import Out, doubts, pushback, says_tried
from ion_mentoring.understanding.language import language_of
from tests.models.playbook.talking import talk

FOUR = ("lua", "elro", "riri", "nana")
BEGUN = {"ko": "동료가 제 험담을 하고 다녀서 너무 화가 나요", "en": "I am so angry at my colleague"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "이미 해 봤는데 안 통했어요",
            "둘이서 말하는 건 이미 해 봤다니까요",
            "그것도 벌써 다 해봤어",
            "말해 봤는데 소용없었어요",
        ),
        *(
            "I already tried that and it made things worse",
            "tried talking to him, no use",
            "we did that already, it didn't work",
        ),
    ],
)
def test_tried_in_vain_is_heard(text: str) -> None:
    assert says_tried(text, language_of(text))


@pytest.mark.parametrize(
    "text",
    [
        "해 봤는데 잘 됐어요!",
        "한번 해 볼게요",
        "이미 퇴사했어요",
        "I'll try that",
        "I tried it and it worked!",
        "요즘 힘들어요",
    ],
)
def test_other_news_are_none(text: str) -> None:
    assert not says_tried(text, language_of(text))


@pytest.mark.parametrize(
    "text", ["Why should I believe that?", "how do you know?", "are you sure?", "왜 믿어야 하죠?", "근거가 뭐예요?"]
)
def test_doubt_is_heard(text: str) -> None:
    assert doubts(text, language_of(text))


@pytest.mark.parametrize("text", ["I don't know how to start", "왜 그 사람은 저를 싫어할까요?", "are you a robot?"])
def test_other_questions_are_no_doubt(text: str) -> None:
    assert not doubts(text, language_of(text))


@pytest.mark.parametrize("persona", FOUR)
async def test_what_somebody_names_is_not_offered_again(persona: str) -> None:
    turns = [BEGUN["ko"], "둘이서 말하는 건 이미 해 봤다니까요", "그건 별로예요. 다른 방법은요?", "비교는 됐고 다음은 뭐 해요?"]
    told = await talk(persona, turns)
    assert told[1].plan[0] in ("tried", "expected")
    assert not any("둘이서 말하기:" in one.text for one in told[1:])


@pytest.mark.parametrize("persona", FOUR)
@pytest.mark.parametrize("text", ["이미 해 봤는데 안 통했어요", "I already tried that and it made things worse"])
async def test_each_time_it_is_said_and_another_way_is_named_until_none_is_left(persona: str, text: str) -> None:
    told = await talk(persona, [BEGUN[language_of(text)], *[text] * 9])
    lines = [line for one in told for line in one.text.split("\n\n") if len(line) > 12]
    assert len(lines) == len({*lines})
    language = language_of(text)
    honest = [one for one in told if any(line in one.text for line in pushback().no_more.in_(language))]
    assert honest
    assert all(one.text.rstrip().endswith("?") for one in honest)


async def test_in_a_theme_without_a_card_talking_gives_way_to_another_kind() -> None:
    *_, told = await talk("elro", ["팀장이 회의에서 제 의견을 자꾸 끊어요", "그건 팀장한테 이미 말해 봤는데 안 통했어요"])
    assert told.plan[0] in ("tried", "expected")
    assert "spent" not in told.plan


def test_the_same_in_other_words_is_out() -> None:
    out = Out.of(["Take five minutes for two lines: what the apology left out, and what you'd like to be different."], "en")
    assert out.has("Take five minutes for two lines: what it left out, and one thing you'd like to be different from now on.")
    assert not out.has("Ask a colleague who was there to come along.")
    assert Out.of(["둘이서 말하는"], "ko").has("둘이서 말하기: 상대가 모를 수 있을 때 맞아요.")


@pytest.mark.parametrize("persona", FOUR)
@pytest.mark.parametrize("text", ["Why should I believe that?", "왜 믿어야 하죠?"])
async def test_who_doubts_hears_a_reason_and_how_sure_it_is(persona: str, text: str) -> None:
    language = language_of(text)
    _, told = await talk(persona, [BEGUN[language], text])
    assert "sure" in told.plan
    assert "options" not in told.plan
    assert any(line in told.text for line in pushback().sure.in_(language))


async def test_a_way_that_holds_anywhere_gives_way_to_another_kind() -> None:
    told = await talk(
        "nana", ["room mate never cleans, i'm so done lol", "already told him like 5 times", "nah he just ignores texts too"]
    )
    assert [one.plan[0] for one in told] == ["anywhere", "tried", "tried"]
    assert "writing" in told[1].text
    assert "third person" in told[2].text or "third person" in told[1].text


async def test_who_talked_with_friends_told_nobody_what_is_wanted() -> None:
    *_, told = await talk("lua", ["남자친구랑 헤어졌어요", "친구들이랑 얘기하는 건 이미 해 봤어"])
    assert told.plan[:2] == ("tried", "option")
