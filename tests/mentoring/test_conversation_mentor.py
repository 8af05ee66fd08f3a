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


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("리리야, 신고하면 그다음엔 어떻게 돼요?", "riri"),
        ("Elro, which index would help?", "elro"),
        ("나나님, 순서를 정리해 주세요", "nana"),
    ],
)
def test_who_is_called_by_name_answers(text: str, named: str) -> None:
    assert decided(text, SAD) == named


LONGER = "My query takes ten seconds since the table grew, and I have no idea which index it needs now."


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"Let me talk to Elro. {LONGER}", "elro"),
        (f"{LONGER} What would Riri say?", "riri"),
        (
            "회의가 하루에 다섯 개씩 잡혀서 정작 일할 시간이 없고 다들 지쳐 있어요. 어떻게 줄이죠? 나나랑 얘기하고 싶어요.",
            "nana",
        ),
    ],
)
def test_a_mentor_is_asked_for_at_either_end_of_a_longer_turn(text: str, named: str) -> None:
    assert decided(text, SAD) == named


def test_a_colleague_of_that_name_in_a_longer_turn_is_not_asked_for() -> None:
    told = "My colleague Nana left. She did all of the reports, and now I am to do them besides my own work every single week."
    assert decided(told, SAD) == "lua"


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
