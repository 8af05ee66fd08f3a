"""What was answered already and is asked or told again gets the next words: not the same text, and none beside it."""

from itertools import pairwise

import pytest

from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.replies import SafetyReply
from tests.understanding.safety.test_emergencies import last
from tests.understanding.safety.test_later import talk

KO, US = Listener("ko"), Listener("en", "US")


@pytest.mark.parametrize(
    ("texts", "said", "to"),
    [
        (["my husband hits me", "do I have to give my name", "do they need my name?"], "asking that again", US),
        (["남편이 때려요", "신고하면 잡혀가요?", "신고하면 진짜 잡혀가나요?"], "같은 걸 다시 묻는", KO),
        (["나 12살인데 아빠가 때려요", "이름 말해야 돼요?", "이름 꼭 말해야 돼요?"], "아까 답으로는 모자랐구나", KO),
        (["I want to die", "it's my fault", "it's all my fault"], "comes up again", US),
        (["죽고 싶어요", "전화 못해요", "전화 못하겠어요"], "전화는 안 해도 돼요", KO),
        (["I want to die", "thanks", "thanks", "thanks"], "You're welcome", US),
    ],
)
def test_what_comes_again_gets_words_for_that(texts: list[str], said: str, to: Listener) -> None:
    assert said in last(texts, to)


def test_another_question_after_that_is_answered() -> None:
    asked = ["my husband hits me", "do I have to give my name", "do they need my name?", "how much does it cost?"]
    assert "same question" not in last(asked, US)


def test_a_wish_to_die_that_is_said_again_is_followed_by_what_keeps_safe() -> None:
    assert "out of reach" in last(["I want to die", "I want to die", "I want to die"], US)


@pytest.mark.parametrize(
    ("texts", "to"),
    [
        (["my husband hits me", *["he's outside the door"] * 5], US),
        (["자꾸 손목을 그어요", *["방금 그었어요"] * 5], KO),
        (["I want to die", *["i have the pills in my hand"] * 5], US),
        (["my husband hits me", *["my neck hurts"] * 5], US),
        (["my husband hits me", *["do they need my name?"] * 5], US),
        (["죽고 싶어요", *["다 내 탓이에요"] * 5], KO),
    ],
)
def test_no_text_comes_twice_running(texts: list[str], to: Listener) -> None:
    said = [step.text for step in talk(texts, to) if isinstance(step, SafetyReply)]
    assert len(said) == len(texts)
    assert all(one != other for one, other in pairwise(said))
    assert len(set(said)) >= 4
