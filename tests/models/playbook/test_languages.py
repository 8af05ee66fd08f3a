"""The language of an answer is the one that was asked for, or the one of the conversation."""

import pytest

from ion_mentoring.models.playbook.languages import asked_language, spoken_language
from ion_mentoring.models.protocol import Message


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
