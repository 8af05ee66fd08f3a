"""Rhythm is counted as a reader would count it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.understanding.resonance.rhythm import rhythm_of


@pytest.mark.parametrize(
    ("text", "words", "sentences"),
    [
        ("One two three.", 3, 1),
        ("One. Two! Three?", 3, 3),
        ("하나 둘\n셋 넷", 4, 2),
        ("정말 힘들어요ㅠㅠ 도와주세요", 3, 2),
        ("좋아요~~ 네", 2, 2),
        ("version~1 is out", 4, 1),
        ("wait... what?!", 2, 2),
        ("don't stop", 2, 1),
        ("", 0, 1),
        ("!!!", 0, 1),
    ],
)
def test_words_and_sentences_are_counted(text: str, words: int, sentences: int) -> None:
    rhythm = rhythm_of(text)
    assert (rhythm.words, rhythm.sentences) == (words, sentences)
    assert rhythm.words_a_sentence == words / sentences


def test_marks_are_shares_of_sentences_and_characters() -> None:
    rhythm = rhythm_of("What? Yes! Fine.")
    assert rhythm.question_share == pytest.approx(1 / 3)
    assert rhythm.exclamation_share == pytest.approx(1 / 3)
    assert rhythm.punctuation_share == pytest.approx(3 / 16)


@pytest.mark.parametrize(("text", "repeated"), [("no!!! why???", 2), ("ㅋㅋㅋ 그래 ㅠㅠ", 2), ("plain.", 0), ("hmm... ok", 1)])
def test_repeated_marks_and_syllables_are_counted_once_a_run(text: str, repeated: int) -> None:
    assert rhythm_of(text).repeated == repeated


def test_line_breaks_are_counted() -> None:
    assert rhythm_of("a\nb\n\nc").line_breaks == 3


@given(st.text(max_size=300))
def test_shares_are_shares_for_any_text(text: str) -> None:
    rhythm = rhythm_of(text)
    assert rhythm.sentences >= 1
    assert all(0 <= share <= 1 for share in (rhythm.punctuation_share, rhythm.question_share, rhythm.exclamation_share))
