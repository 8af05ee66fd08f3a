"""A text's language is told by its script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.understanding.language import SCRIPTS, language_of
from ion_mentoring.understanding.latin import LITTLE_WORDS


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
    assert language_of(text) in {*SCRIPTS.values(), *LITTLE_WORDS, "vi"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Mi jefe me ignora en las reuniones, ¿qué puedo hacer?", "es"),
        ("no sé cómo decirle a mi jefe que estoy agotado", "es"),
        ("Ich habe meine Prüfung nicht bestanden und weiß nicht weiter", "de"),
        ("wie sage ich meinem Chef dass ich kündige", "de"),
        ("Je n'arrive pas à dormir à cause du travail", "fr"),
        ("comment demander une augmentation à mon chef", "fr"),
        ("Não sei como falar com o meu chefe sobre isso", "pt"),
        ("Non so come dire al mio capo che sono stanco", "it"),
        ("Tôi bị sếp mắng trước mặt mọi người", "vi"),
        ("My café manager was so naive about the résumé", "en"),
        ("I can't sleep because of work", "en"),
        ("burnout", "en"),
        ("Ha ha, that's so fair :)", "en"),
        ("I guess so, nobody can help it ¯\\_(ツ)_/¯", "en"),
        ("die Hard is a movie", "en"),
        ("he said no, me and my team can go", "en"),
        ("The word 'pero' in Spanish, how is it used?", "en"),
    ],
)
def test_a_language_in_latin_letters_is_told_by_its_little_words(text: str, language: str) -> None:
    assert language_of(text) == language
