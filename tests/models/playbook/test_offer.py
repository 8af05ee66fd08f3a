"""A list that the mentor wrote is chosen from by number, by word or by title, and by nothing else."""

import pytest

from ion_mentoring.models.playbook.offer import chosen, listed, listed_titles
from ion_mentoring.models.protocol import Message

TITLES = ("burning out", "a boss who is never content", "too many meetings")
LIST = f"Which of these is it?\n\n{listed(TITLES)}\n\nA number is enough."


def choice(said: str, before: str = LIST) -> str | None:
    return chosen(listed_titles((Message("user", "hm"), Message("assistant", before), Message("user", said))), said)


@pytest.mark.parametrize(
    "said", ["2", "2번", "2번이요", "no. 2 please", "두 번째", "두번째요", "the second one", "A BOSS who is never content"]
)
def test_the_second_is_chosen(said: str) -> None:
    assert choice(said) == TITLES[1]


@pytest.mark.parametrize(
    "said",
    [
        "4",
        "none of them",
        "다 아니에요",
        "첫 번째랑 두 번째요",
        "12",
        "",
        "I have 2 bosses and both of them want something else every day",
    ],
)
def test_nothing_is_chosen(said: str) -> None:
    assert choice(said) is None


def test_a_list_with_steps_is_chosen_from_alike() -> None:
    steps = ("Write down 3. or fewer tasks.", "2. is the number to ask for.", "Leave one out.")
    text = f"Which of these is it?\n\n{listed(TITLES, steps)}\n\nA number is enough."
    assert all(step in text for step in steps)
    assert choice("the second one", text) == TITLES[1]
    assert listed_titles((Message("user", "hm"), Message("assistant", text), Message("user", "2"))) == TITLES


def test_without_a_list_a_number_chooses_nothing() -> None:
    assert choice("2", "Tell me more.") is None
    assert listed_titles((Message("user", LIST), Message("user", "2"))) == ()
    assert listed_titles((Message("user", "2"),)) == ()
