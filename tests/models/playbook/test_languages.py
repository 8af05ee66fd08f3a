"""The language of an answer is the one that was asked for, or the one of the conversation."""

import pytest

from ion_mentoring.models.playbook.languages import asked_language, beside_language, spoken_language
from ion_mentoring.models.protocol import Message
from tests.models.playbook.talking import talk


def said(*texts: str) -> list[Message]:
    return [Message("user", text) for text in texts]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("영어로 답해 주세요", "en"),
        ("English please", "en"),
        ("english", "en"),
        ("영어 말고 한글로 해 줘", "ko"),
        ("please answer in Korean", "ko"),
        ("not korean pls, speak english", "en"),
        ("I have an English exam tomorrow", None),
        ("영어 시험을 망쳤어요", None),
        ("my English is bad", None),
        ("영어로 발표해야 하는데 너무 떨려요", None),
        ("팀장이 영어로 메일을 써 달라고 해요", None),
        ("My boss talks to me in Korean and I don't understand him", None),
        ("I have to give a presentation in English next week", None),
        ("could you explain that in Korean?", "ko"),
        ("한국어와 영어로 둘 다 해 줘, in english and in korean", None),
    ],
)
def test_a_request_for_a_language_is_read(text: str, language: str | None) -> None:
    assert asked_language(said(text)) == language


def test_the_last_request_counts() -> None:
    assert asked_language(said("in english please", "한국어로 해 줘", "고마워")) == "ko"


def test_a_line_without_words_does_not_change_the_language() -> None:
    assert spoken_language(said("회의가 너무 많아요", "...")) == "ko"
    assert spoken_language(said("회의가 너무 많아요", "ok")) is None
    assert spoken_language(said("...")) is None


def test_what_is_asked_beside_a_language_is_kept() -> None:
    assert beside_language("How do I ask for a raise? Answer in Korean please.") == "How do I ask for a raise?"
    assert beside_language("한국어로 답해 주세요") == ""
    assert beside_language("I failed my exam") == ""


@pytest.mark.parametrize("persona", ["lua", "elro", "riri", "nana"])
async def test_the_last_answer_is_given_in_the_language_that_is_asked_for(persona: str) -> None:
    first, then, after = await talk(persona, ["I am burnt out", "한국어로 답해 주세요", "그다음은 뭐 해요?"])
    assert (first.language, then.language, after.language) == ("en", "ko", "ko")
    assert then.topics == after.topics == first.topics
    assert "expected" in then.plan
    back = (await talk(persona, ["번아웃이 왔어요", "영어로 답해 주세요"]))[-1]
    assert back.language == "en"
    assert len(back.text) > 100


async def test_three_lines_are_given_in_the_other_language_too() -> None:
    _, then = await talk(
        "riri", ["How do I decide between a monolith and microservices?", "한국어로 답해 주세요"], mode="summary_light"
    )
    assert len(then.text.splitlines()) == 3
    assert then.language == "ko"


async def test_a_question_in_one_language_is_answered_in_the_one_it_asks_for() -> None:
    (told,) = await talk("riri", ["How do I ask my boss for a raise? Answer in Korean please."])
    assert told.language == "ko"
    assert told.topics == ("salary_negotiation",)
