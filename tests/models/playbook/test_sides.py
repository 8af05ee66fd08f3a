"""Words to say are for the person who asks: who criticises or is criticised, who dismisses or is dismissed."""

import pytest

from ion_mentoring.models.playbook.ranking import load_ranking
from ion_mentoring.models.playbook.sides.sides import _sides, other_side
from ion_mentoring.models.playbook.situation import load_situations
from ion_mentoring.understanding.language import language_of
from tests.models.playbook.talking import talk

COUNSELS = {one.id: one for one in load_situations()}


@pytest.mark.parametrize(
    ("situation", "text", "other"),
    [
        ("letting_somebody_go", "I was let go on Tuesday without a word", "laid_off"),
        ("letting_somebody_go", "My best waiter is never on time", "giving_hard_feedback"),
        ("letting_somebody_go", "He is late each day and I have to let him go", None),
        ("letting_somebody_go", "우리 막내가 자꾸 지각을 해요", "giving_hard_feedback"),
        ("receiving_an_apology", "How do I apologise to a colleague I snapped at?", "apology_owed"),
        ("receiving_an_apology", "제가 후배한테 화를 냈는데 사과하고 싶어요", "apology_owed"),
        ("receiving_an_apology", "He said sorry and I can't forgive it", None),
        ("learning_a_trade", "My apprentice sulks whenever I correct him", "giving_hard_feedback"),
        ("learning_a_trade", "내가 가르치는 사람인데 후배한테 말이 안 먹혀", "giving_hard_feedback"),
        ("harsh_feedback_received", "I have to tell my junior that the report is a mess", "giving_hard_feedback"),
        ("giving_hard_feedback", "팀장님한테 보고서가 엉망이라고 혼났어요", "harsh_feedback_received"),
        ("lent_money", "I borrowed from my cousin and can't look at him", "debt_pressure"),
        ("bullying_or_unfair_treatment", "There was a complaint filed against me", ""),
        ("unpaid_wages", "I can't pay my staff this month", ""),
        ("burnout", "I was let go", None),
    ],
)
def test_the_words_show_on_which_side_somebody_stands(situation: str, text: str, other: str | None) -> None:
    assert other_side(situation, text, language_of(text)) == other


@pytest.mark.parametrize(
    ("texts", "topic"),
    [
        (["My best baker is late four mornings a week and I need her on time. How do I tell her?"], "giving_hard_feedback"),
        (["일 제일 잘하는 직원이 매일 지각해요. 뭐라고 말해야 할까요?"], "staff_absent_or_leaving"),
        (
            ["I'm learning a trade and get shouted at", "No, I'm the foreman, I'm the one who shouts at my apprentice"],
            "giving_hard_feedback",
        ),
    ],
)
async def test_the_counsel_is_for_the_side_of_whoever_asks(texts: list[str], topic: str) -> None:
    *_, told = await talk("nana", texts)
    assert told.topics == (topic,)


@pytest.mark.parametrize(
    "texts",
    [
        ["My employee says I bully her, and there's a complaint against me. What do I say to HR?"],
        ["I'm the owner and I can't pay my staff this month, the wages are late. What do I tell them?"],
    ],
)
async def test_where_no_counsel_is_for_that_side_its_words_are_not_given(texts: list[str]) -> None:
    *_, told = await talk("nana", texts)
    assert not any(COUNSELS[topic].en.message in told.text for topic in told.topics)


def test_every_side_names_situations_that_there_are() -> None:
    known = {title.id for title in load_ranking("en").titles}
    assert {side.id for side in _sides()} | {side.other for side in _sides() if side.other} <= known
