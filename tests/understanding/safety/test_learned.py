"""The learned check reads what the training program writes, and every part of a text for itself."""

import json
import math

import pytest

from ion_mentoring.resources import read_bytes
from ion_mentoring.understanding.safety.features import Concepts, features, sentences
from ion_mentoring.understanding.safety.learned import WEIGHTS, LearnedCheck, PartReader, Table, read_tables
from ion_mentoring.understanding.safety.sound import sound_of

READER = PartReader.load()


def test_the_weights_are_smaller_than_half_a_megabyte() -> None:
    assert len(read_bytes(WEIGHTS)) < 512 * 1024


def test_a_score_is_the_sum_of_weights_by_the_root_of_their_number() -> None:
    table = Table(bytes([128 + 10, 128 - 4]), bits=1, scale=0.5, bias=-1.0)
    assert table.score((0, 1)) == pytest.approx(-1.0 + 0.5 * 6 / math.sqrt(2))
    assert table.score(()) == -1.0


def test_a_file_that_is_cut_is_refused() -> None:
    head = json.dumps({"tables": [{"name": "danger", "bits": 2, "scale": 1.0, "bias": 0.0}]}).encode()
    assert read_tables(head + b"\n" + bytes(4))["danger"].weights == bytes(4)
    with pytest.raises(ValueError, match="end at byte 3"):
        read_tables(head + b"\n" + bytes(3))


@pytest.mark.parametrize(
    ("text", "parts"),
    [("One sentence", 1), ("One. Two.", 3), ("One. Two. Three.", 6), (" ".join(f"Word {n}." for n in "abcdefgh"), 15), ("", 1)],
)
def test_a_text_is_scored_by_sentence_by_pairs_and_as_a_whole_if_it_is_short(text: str, parts: int) -> None:
    assert len(READER.parts(text)) == parts


def test_the_most_telling_part_counts() -> None:
    check = LearnedCheck.load()
    alone = check.likelihood("죽고 싶어요")
    among = check.likelihood(
        "엑셀을 배우고 싶어요. 죽고 싶어요. 피벗 테이블이 궁금해요. 차트도요. 필터도요. 정렬도요. 함수도요."
    )
    assert among.score >= alone.score - 1e-9


@pytest.mark.parametrize(
    ("spelled", "well"),
    [("쥭고시퍼", "죽고 싶어"), ("살기시러", "살기 싫어"), ("주거버릴래", "죽어 버릴래"), ("ㅈㅓㅁㅅㅣㅁ", "점심")],
)
def test_what_is_spelled_as_one_hears_it_sounds_the_same(spelled: str, well: str) -> None:
    assert sound_of(spelled) == sound_of(well)


def test_other_characters_have_no_sound() -> None:
    assert sound_of("abc 1!") == ""


def test_the_same_text_has_the_same_features_and_an_empty_one_has_none() -> None:
    concepts = Concepts({"a": ["die", "want to"]}, {"a": ["죽고"]})
    assert features("i want to die", concepts) == features("i want to die", concepts)
    assert features("", concepts) == []
    assert len(features("i want to die", concepts, "self_harm")) == len(features("i want to die", concepts)) + 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("안녕하세요. 반가워요", ["안녕하세요", "반가워요"]),
        ("죽.고.싶.다", ["죽고싶다"]),
        ("su!cide", ["suicide"]),
        ("힘들어요 이제 그만할래요", ["힘들어요", "이제 그만할래요"]),
        ("제 의견을 무시해요 (13)", ["제 의견을 무시해요"]),
        ("13", [""]),
        ("", [""]),
    ],
)
def test_a_text_falls_into_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected
