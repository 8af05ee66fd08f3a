"""A text's language is told by its script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.understanding.language import SCRIPTS, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hello", "en"),
        ("안녕", "ko"),
        ("ㅋㅋㅋ", "ko"),
        ("おはよう世界", "ja"),
        ("カメラ", "ja"),
        ("你好世界", "zh"),
        ("привет", "ru"),
        ("مرحبا", "ar"),
        ("שלום", "he"),
        ("สวัสดี", "th"),
        ("नमस्ते", "hi"),
        ("γειά", "el"),
        ("café", "en"),
    ],
)
def test_a_language_is_told_by_its_script(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["이 API의 latency가 높아요", "deploy가 fail 나요 CI pipeline", "React useEffect 왜 두 번"])
def test_a_korean_sentence_with_code_words_is_korean(text: str) -> None:
    assert language_of(text) == "ko"


def test_an_english_sentence_about_one_korean_word_is_english() -> None:
    assert language_of("What is the meaning of the particle 은 in sentences that already have a subject, please?") == "en"


@pytest.mark.parametrize("text", ["", "12 34 !?", "😀😀", "。、", "\x00\u200b"])
def test_a_text_without_letters_is_english(text: str) -> None:
    assert language_of(text) == "en"


def test_a_script_that_nobody_listed_is_taken_for_english() -> None:
    assert language_of("ⵣⵣⵣ") == "en"


@given(st.text(max_size=300))
def test_any_text_has_a_language_that_we_name(text: str) -> None:
    assert language_of(text) in set(SCRIPTS.values())
