"""A word is found as people write it, not inside another, and not where it is denied."""

import random
from pathlib import Path

import pytest

from ion_mentoring.errors import CardInvalid
from ion_mentoring.resources import read_data
from ion_mentoring.understanding.resonance.lexicon import Lexica, Lexicon, Words

LEXICA = Lexica()


def said(language: str, text: str) -> set[str]:
    return {feature.name for feature in LEXICA.of(language).features(text)}


@pytest.mark.parametrize("text", ["화가 나요", "화가나요", "너무 화가나요", "화 가 나"])
def test_korean_words_are_found_whatever_the_spaces(text: str) -> None:
    assert "화가나" in said("ko", text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("편지 표지를 골라요", "지표"),
        ("아직 수고 민원이 남았어요", "고민"),
        ("기대 박람회에 갔어요", "대박"),
        ("매우 리가 없다", "우리가"),
        ("똑같이었다", "같이"),
    ],
)
def test_a_korean_word_is_not_put_together_of_two_others(text: str, word: str) -> None:
    assert word in said("ko", word)
    assert word not in said("ko", text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a function of time", "fun"),
        ("the funeral", "fun"),
        ("nowhere", "now"),
        ("a coolant", "cool"),
        ("by plane", "plan"),
        ("because", "cause"),
        ("buggy", "bug"),
    ],
)
def test_a_whole_english_word_is_not_found_in_another(text: str, word: str) -> None:
    assert word in said("en", word)
    assert word not in said("en", text)


@pytest.mark.parametrize(("text", "word"), [("It was FUN!", "fun"), ("frustrating", "frustrat"), ("(worried)", "worried")])
def test_an_english_word_is_found_in_any_case_and_ending(text: str, word: str) -> None:
    assert word in said("en", text)


def test_a_longer_term_does_not_hide_the_shorter_one() -> None:
    assert {"how do i", "how do"} <= said("en", "how do i start")


def test_a_word_counts_once_however_often_it_is_said() -> None:
    once, often = (list(LEXICA.of("en").features(text)) for text in ("worried", "worried worried worried"))
    assert once == often


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("ko", "안 불안해", "불안"),
        ("ko", "안불안해", "불안"),
        ("ko", "별로 걱정 안 해", "걱정"),
        ("ko", "불안하지 않아요", "불안"),
        ("ko", "걱정하지 마세요", "걱정"),
        ("ko", "걱정이 없어요", "걱정"),
        ("ko", "걱정은 안 해요", "걱정"),
        ("ko", "전혀 답답하지 않습니다", "답답"),
        ("en", "I'm not worried at all", "worried"),
        ("en", "I am not really angry", "angry"),
        ("en", "don’t worry", "worry"),
        ("en", "without fear", "fear"),
    ],
)
def test_a_denied_word_does_not_count(language: str, text: str, word: str) -> None:
    assert word not in said(language, text)


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("ko", "그동안 불안했어요", "불안"),
        ("ko", "집안 걱정이 많아요", "걱정"),
        ("ko", "오랫동안 답답했어요", "답답"),
        ("en", "I can not sleep since monday and now I am worried", "worried"),
        ("en", "the knot is worrying", "worrying"),
    ],
)
def test_what_only_looks_like_a_denial_denies_nothing(language: str, text: str, word: str) -> None:
    assert word in said(language, text)


def test_a_language_without_a_lexicon_is_read_with_the_english_one() -> None:
    assert LEXICA.of("fr") is LEXICA.of("en")


def test_a_wrong_lexicon_is_refused_with_its_file_and_field(tmp_path: Path) -> None:
    path = tmp_path / "xx.toml"
    path.write_text(
        "negations = []\n[rhythm]\nburst_below = 1\nslow_from = 2\n[pace]\n[intent]\n[feeling]\n[[tone.purple]]\nterms=['a']\n"
    )
    with pytest.raises(CardInvalid, match=r"xx\.toml: .*'purple'.*tone"):
        read_data(Words, path)


def by_every_place(lexicon: Lexicon, run: str) -> list[tuple[int, str]]:
    """Where each entry begins, by trying every one at every place."""
    entries = [entry for own in lexicon._by_head.values() for entry in own]
    return sorted((at, entry.text) for at in range(len(run)) for entry in entries if run.startswith(entry.text, at))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_place_is_passed_over_where_a_word_may_stand(language: str) -> None:
    chance, lexicon = random.Random(7), LEXICA.of(language)  # a test draws the same each time
    texts = [entry.text for own in lexicon._by_head.values() for entry in own]
    for _ in range(60):
        parts = chance.choices([*texts, "xy", "'", ":", "?", "_", "가나"], k=chance.randrange(9))
        run = chance.choice(("", " ")).join(parts)
        found = sorted((start, entry.text) for start, entry in lexicon._beginning(run))
        every = by_every_place(lexicon, run)
        missed = [(at, text) for at, text in every if (at, text) not in found]
        assert set(found) <= set(every)
        assert all(language == "en" and lexicon_opens(lexicon, text) and within(run, at) for at, text in missed)


def lexicon_opens(lexicon: Lexicon, text: str) -> bool:
    return next(entry.opens for own in lexicon._by_head.values() for entry in own if entry.text == text)


def within(run: str, at: int) -> bool:
    return at > 0 and (run[at - 1].isalnum() or run[at - 1] in "'_")
