"""A conversation stays with one mentor, until another is asked for."""

import pytest

from ion_mentoring.access.caller import Caller
from ion_mentoring.mentoring.answering.routing import Routing
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.models.protocol import Message
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.personas.routing import RoutingTable
from ion_mentoring.understanding.resonance.detector import Detector
from ion_mentoring.understanding.resonance.key import DEFAULT_KEY
from ion_mentoring.understanding.turns.reader import TurnReader

ROSTER = load_roster()
ROUTING = Routing(ROSTER, RoutingTable(ROSTER), Detector.load(), PlaybookModel(), TurnReader.load())
CALLER = Caller("key:test")
SAD = "헤어진 뒤로 아무것도 손에 안 잡혀요. 너무 외로워요"
TECHNICAL = "이 쿼리가 느린데 인덱스를 어떻게 걸어야 할까요?"


def conversation(*texts: str) -> tuple[Message, ...]:
    """A history in which each text was answered."""
    return tuple(message for text in texts for message in (Message("user", text), Message("assistant", "...")))


def decided(text: str, *before: str, **asked: object) -> str:
    request = AnswerRequest(text, CALLER, **asked)  # type: ignore[arg-type]
    return ROUTING.decide(request, conversation(*before)).persona.id


def test_who_began_goes_on() -> None:
    alone = decided(TECHNICAL)
    assert alone != "lua"
    assert decided(TECHNICAL, SAD) == decided(SAD) == "lua"


@pytest.mark.parametrize(("text", "named"), [("엘로한테 물어볼게요", "elro"), ("can I talk to nana?", "nana")])
def test_who_was_asked_for_stays(text: str, named: str) -> None:
    assert decided(text, SAD) == named
    assert decided("그다음은요?", SAD, text, "네 해볼게요") == named


def test_the_last_one_who_was_asked_for_counts() -> None:
    assert decided("그다음은요?", SAD, "엘로한테 물어볼게요", "리리로 바꿔 주세요") == "riri"


def test_the_caller_chooses_over_the_conversation() -> None:
    assert decided(TECHNICAL, SAD, persona="riri") == "riri"
    assert decided("hello", SAD, key=DEFAULT_KEY) == ROUTING.table.route(DEFAULT_KEY).primary


def test_the_reason_says_that_the_conversation_stays() -> None:
    decision = ROUTING.decide(AnswerRequest(TECHNICAL, CALLER), conversation(SAD))
    assert decision.stays
    assert "루아" in ROUTING.reasoning(decision, decision.persona)


def test_texts_that_nobody_answered_are_no_conversation() -> None:
    request = AnswerRequest(TECHNICAL, CALLER)
    assert not ROUTING.decide(request, (Message("user", SAD),)).stays
