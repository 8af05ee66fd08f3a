"""Thanks end a conversation, and thanks with a question do not; nobody is congratulated on what went to somebody else."""

import pytest

from tests.models.playbook.talking import talk

EXAM = "I have an exam on Friday and I don't know how to study for it"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (EXAM, "great, thank you. do I begin with the notes today or tomorrow?"),
        (EXAM, "thanks a lot! how long should one round of it be?"),
        ("금요일에 시험이 있는데 어떻게 공부해야 할지 모르겠어요", "감사합니다. 근데 기출은 오늘 풀어 볼까요?"),
    ],
)
async def test_thanks_with_a_question_get_an_answer(first: str, last: str) -> None:
    *_, answer = await talk("riri", [first, last])
    assert "thanks" not in answer.plan
    assert answer.topics


@pytest.mark.parametrize(("first", "last"), [(EXAM, "Thanks, that helps!"), (EXAM, "cheers, ok?")])
async def test_thanks_alone_are_thanks(first: str, last: str) -> None:
    *_, answer = await talk("riri", [first, last])
    assert answer.plan == ("thanks",)


async def test_nobody_is_congratulated_on_what_went_to_another() -> None:
    *_, answer = await talk(
        "lua",
        [
            "How do I get on with a colleague who ignores me?",
            "Maria is the one who wanted the place and didn't get it. She feels passed over.",
        ],
    )
    assert "good_news" not in answer.plan


async def test_what_was_reached_is_celebrated() -> None:
    *_, answer = await talk("lua", ["How do I get ready for the driving test?", "I passed the test today!!"])
    assert answer.plan == ("good_news",)


@pytest.mark.parametrize("text", ["ㄱㅅ", "ㅇㅋ ㄱㅅ", "ok thx", "감사합니다!"])
async def test_thanks_in_a_word_are_heard(text: str) -> None:
    begun = {"ko": "번아웃이 왔어요", "en": "I am burnt out"}
    *_, told = await talk("elro", [begun["en" if text.isascii() else "ko"], text])
    assert told.plan == ("thanks",)
