"""Turns that are expected in a situation: their texts keep the rules, and a conversation gets their answers."""

import re
from collections import Counter

import pytest

from ion_mentoring.models.playbook.expected.expected import EXPECTED
from ion_mentoring.models.playbook.openings.openings import OPENINGS
from ion_mentoring.models.playbook.openings.themes import load_themes
from ion_mentoring.models.playbook.situation import load_situations
from ion_mentoring.understanding.expected.turn import ExpectedTurn
from tests.models.playbook.talking import talk

SITUATIONS = {situation.id: situation for situation in load_situations()}
QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")
POLITE = re.compile(r"(?:요|죠)$")
LONGEST = {"ko": 330, "en": 560}


def test_every_situation_has_turns_that_are_expected_and_else_only_themes() -> None:
    assert set(SITUATIONS) <= set(EXPECTED.scopes()) <= set(SITUATIONS) | {theme.id for theme in load_themes()}


@pytest.mark.parametrize("theme", [theme.id for theme in load_themes() if EXPECTED.turns(theme.id)])
def test_the_turns_of_a_theme_come_after_its_stories(theme: str) -> None:
    stories = [story.about for story in OPENINGS.turns(theme)]
    after = Counter(turn.after for turn in EXPECTED.turns(theme))
    assert set(after) <= set(stories)
    assert all(3 <= count <= 5 for count in after.values())
    for language in ("ko", "en"):
        for turn in EXPECTED.turns(theme):
            assert len(turn.in_(language).answer) <= LONGEST[language]
            assert wrong_in(turn, language) == []


@pytest.mark.parametrize("situation", sorted(SITUATIONS))
def test_the_turns_of_a_situation_keep_the_rules(situation: str) -> None:
    turns = EXPECTED.turns(situation)
    assert 17 <= len(turns) <= 22
    for language in ("ko", "en"):
        for turn in turns:
            assert len(turn.in_(language).answer) <= LONGEST[language]
            assert wrong_in(turn, language) == []
    questions = SITUATIONS[situation].en.questions
    assert all(turn.answers <= len(questions) for turn in turns)


def wrong_in(turn: ExpectedTurn, language: str) -> list[str]:
    """What is wrong with the form of an answer."""
    answer = turn.in_(language).answer
    bare = QUOTED.sub("", answer)
    sentences = [part.strip().rstrip(".?! ") for part in re.split(r"(?<=[.?!])\s+", bare)]
    wrong = [f"more than one question: {answer}"] if bare.count("?") > 1 else []
    wrong += [f"a mark that nobody types: {mark}" for mark in "—–{}\n" if mark in bare]
    if language == "ko":
        wrong += [f"not polite: {one}" for one in sentences if one and not POLITE.search(one)]
    return wrong


@pytest.mark.parametrize(
    ("texts", "about"),
    [
        (["월급이 두 달째 밀렸어요.", "전부 말로만 약속해서 남은 게 하나도 없어요"], "ko"),
        (["My boss hasn't paid me for two months.", "there's nothing in writing, we only ever talked about it"], "en"),
    ],
)
async def test_a_turn_that_is_expected_gets_its_answer_once(texts: list[str], about: str) -> None:
    told = await talk("nana", [*texts, texts[-1]])
    assert told[1].plan == ("expected",)
    assert told[1].topics == ("unpaid_wages",)
    answers = [turn.in_(about).answer for turn in EXPECTED.turns("unpaid_wages")]
    assert told[1].text in answers
    assert told[2].text != told[1].text, "said once more, it is answered otherwise"


@pytest.mark.parametrize("text", ["고마워요!", "세 줄로 말해 줘", "엘로한테 물어볼래"])
async def test_what_asks_for_another_form_is_no_expected_turn(text: str) -> None:
    told = await talk("nana", ["월급이 두 달째 밀렸어요.", text])
    assert "expected" not in told[1].plan
