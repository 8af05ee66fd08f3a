"""The stories in which people come with a danger: the first answer to each keeps the rules, and is given to who tells it."""

import re

import pytest

from ion_mentoring.understanding.safety.answers import SafetyAnswers
from ion_mentoring.understanding.safety.danger import KINDS, Danger, Kind
from ion_mentoring.understanding.safety.filling import Listener
from ion_mentoring.understanding.safety.openings.openings import GENERAL, OPENINGS, opening_answer
from ion_mentoring.understanding.safety.replies import SafetyReply
from tests.understanding.safety.test_later import talk

KO, US = Listener("ko"), Listener("en", "US")
SLOT = re.compile(r"\{(\w+)\}")
POLITE = re.compile(r"(?:요|죠)[.?]?$")
LONGEST = {"ko": 900, "en": 1_700}
BRIDGE = {
    "ko": "출근길에 다리를 건널 때마다 뛰어내리고 싶은 생각이 들어요",
    "en": "every time I drive over the bridge I think about jumping, I want to die",
}


@pytest.mark.parametrize("scope", OPENINGS.scopes())
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_first_answer_keeps_the_rules(scope: str, language: str) -> None:
    assert scope in {f"{kind}_{whose}" for kind in KINDS for whose in ("self", "minor", "other")}
    for answer in (story.in_(language).answer for story in OPENINGS.turns(scope)):
        if answer == GENERAL:
            continue
        assert len(answer) <= LONGEST[language]
        assert set(SLOT.findall(answer)) <= {"help", "emergency", "police", "ambulance"}
        assert answer.count("\n{help}\n") == answer.count("{help}") == 1, "the lines stand by themselves"
        assert "AI" in answer
        assert "?" in answer, "it asks"
        assert not re.search(r"[!—–]|\d{3}", answer), "no number but those of the listener's country"


@pytest.mark.parametrize(("to", "text"), [(KO, BRIDGE["ko"]), (US, BRIDGE["en"])])
def test_who_tells_a_story_gets_its_answer_with_the_lines_of_their_country(to: Listener, text: str) -> None:
    first, second = talk([text, "음" if to is KO else "hm"], to)
    assert isinstance(first, SafetyReply)
    told = opening_answer(first.danger, text, to.language)
    assert told is not None
    assert first.text.startswith(told.split("{")[0])
    assert ("109" if to is KO else "988") in first.text
    assert "{" not in first.text
    assert isinstance(second, SafetyReply)
    assert second.text != first.text


def test_a_story_that_nobody_wrote_down_gets_the_answer_to_its_kind() -> None:
    answers = SafetyAnswers.load()
    danger = Danger("suicide", sure=True)
    assert opening_answer(danger, "zxqv", "en") is None
    assert answers.first(danger, US, "zxqv") == answers.first(danger, US)


@pytest.mark.parametrize(
    ("kind", "text"), [("suicide", "I want to die"), ("suicide", "죽고 싶어요"), ("home_violence", "my husband hits me")]
)
def test_what_is_said_plainly_gets_the_answer_to_its_kind(kind: Kind, text: str) -> None:
    assert opening_answer(Danger(kind, sure=True), text, "ko" if text[0] > "z" else "en") is None


def test_a_child_who_worries_for_another_is_spoken_to_as_a_child() -> None:
    answers = SafetyAnswers.load()
    child = Listener("ko", child=True)
    danger = Danger("suicide", sure=True, other=True)
    assert answers.first(danger, child, "엄마가 죽고 싶대") == answers.first(danger, child)
