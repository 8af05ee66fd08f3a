"""Danger is seen however it is written, in two tiers, and what only sounds like it is not taken for it for sure."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.understanding.safety.check import ASKED, SURE, UNSURE, DangerCheck
from ion_mentoring.understanding.safety.danger import GROUP_OF, KINDS
from ion_mentoring.understanding.safety.learned import LearnedCheck, Likelihood

HERE = Path(__file__).parent
CHECK = DangerCheck.load()


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def test_every_plain_sign_is_seen() -> None:
    missed = [text for _, text in rows(HERE / "signs.tsv") if CHECK.check(text) is None]
    assert missed == []


def test_idioms_hardly_ever_get_the_safe_answer() -> None:
    idioms = [text for (text,) in rows(HERE / "idioms.tsv")]
    taken = [text for text in idioms if (danger := CHECK.check(text)) and danger.sure]
    assert len(taken) <= 0.03 * len(idioms), taken


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("suicide", "I overdosed on sleeping pills"),
        ("self_injury", "I cut myself when I'm sad"),
        ("suicide", "주말에 한강에서 투신하려고요"),
        ("suicide", "죽.고.싶.다"),
        ("suicide", "쥭고시퍼"),
        ("suicide", "ㅈㅅ하고 싶다"),
        ("suicide", "su!cide is on my mind"),
        ("suicide", "死にたい"),
        ("suicide", "quiero morir"),
        ("suicide", "Ich möchte mich umbringen"),
        ("suicide", "j'ai envie de me suicider"),
        ("suicide", "tôi muốn chết"),
        ("suicide", "我想死"),
        ("home_violence", "남편이 때려요"),
        ("sexual", "I was raped"),
        ("stalking", "스토킹을 당하고 있어요"),
        ("eating", "먹고 토해요 매일"),
        ("harm_others", "팀장을 칼로 찌르고 싶어요"),
        ("work_violence", "my boss slapped me"),
    ],
)
def test_each_kind_is_named_for_sure(kind: str, text: str) -> None:
    danger = CHECK.check(text)
    assert danger is not None
    assert (danger.kind, danger.sure) == (kind, True)


@pytest.mark.parametrize(
    ("text", "other", "minor"),
    [
        ("죽고 싶어요", False, False),
        ("my friend wants to die", True, False),
        ("저 중2인데 죽고 싶어요", False, True),
        ("I'm 13 and I want to die", False, True),
        ("친구가 죽고 싶대요 어떻게 해야 하죠", True, False),
    ],
)
def test_it_is_told_of_whom_a_text_speaks(text: str, other: bool, minor: bool) -> None:
    danger = CHECK.check(text)
    assert danger is not None
    assert (danger.other, danger.minor) == (other, minor)


@given(st.sampled_from(["죽고 싶어요", "I want to kill myself"]), st.text("​‍⁠­", min_size=1, max_size=3), st.data())
def test_invisible_characters_hide_nothing(sign: str, invisible: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(min_value=0, max_value=len(sign)))
    assert CHECK.check(sign[:place] + invisible + sign[place:]) == CHECK.check(sign)


@pytest.mark.parametrize("sign", ["죽고 싶어요.", "I want to kill myself."])
@pytest.mark.parametrize(
    "around",
    ["엑셀 함수를 배우고 싶어요. {} 피벗 테이블은 어떻게 쓰나요?", "How do I use pivot tables? {} Thanks for your help."],
)
def test_a_sign_in_the_middle_of_a_question_is_seen(sign: str, around: str) -> None:
    danger = CHECK.check(around.format(sign))
    assert danger is not None
    assert danger.sure


@pytest.mark.parametrize(
    "text", ["안녕하세요", "thanks", "?", "...", "", "코드 리뷰는 어떻게 하나요", "How do I ask for a raise?", "😀", "1234"]
)
def test_ordinary_texts_are_none(text: str) -> None:
    assert CHECK.check(text) is None


@given(st.text(max_size=400))
def test_any_text_is_checked(text: str) -> None:
    danger = CHECK.check(text)
    assert danger is None or (danger.kind in KINDS and danger.group == GROUP_OF[danger.kind])


class Scored(LearnedCheck):
    """The learned check, with a score that the test gives."""

    def __init__(self, score: float, *, plain: bool = False) -> None:
        known = LearnedCheck.load()
        vars(self).update(vars(known))
        self._given = Likelihood(score, known.likelihood("stalking").part, plain)

    def likelihood(self, text: str) -> Likelihood:
        return self._given


@pytest.mark.parametrize(
    ("score", "plain", "tier"),
    [
        (SURE, False, "sure"),
        (SURE - 0.1, False, "asked"),
        (ASKED, False, "asked"),
        (ASKED - 0.1, False, "faint"),
        (UNSURE, False, "faint"),
        (UNSURE - 0.1, False, None),
        (ASKED - 0.1, True, "sure"),
        (UNSURE - 1, True, "asked"),
    ],
)
def test_the_less_speaks_for_danger_the_less_is_said_of_it(score: float, plain: bool, tier: str | None) -> None:
    danger = DangerCheck(Scored(score, plain=plain), CHECK.denials, CHECK.turns).check("these are three")
    seen = danger and ("sure" if danger.sure else "faint" if danger.faint else "asked")
    assert seen == tier


def test_more_is_asked_of_two_words_before_they_are_sure() -> None:
    check = DangerCheck(Scored(SURE), CHECK.denials, CHECK.turns)
    two, three = check.check("only two"), check.check("these are three")
    assert two is not None
    assert three is not None
    assert (two.sure, three.sure) == (False, True)


@pytest.mark.parametrize("word", ["rope", "poison", "Bridge", " pills "])
def test_a_single_word_is_asked_about_at_most(word: str) -> None:
    danger = CHECK.check(word)
    assert danger is None or not danger.sure
