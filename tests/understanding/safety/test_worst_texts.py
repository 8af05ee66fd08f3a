"""In a conversation of danger no text, however odd, keeps everybody else waiting."""

import time

import pytest

from ion_mentoring.understanding.safety.answers import Listener
from ion_mentoring.understanding.safety.course import SafetyCourse
from ion_mentoring.understanding.safety.past import Turn
from ion_mentoring.understanding.safety.replies import SafetyReply

COURSE = SafetyCourse.load()
KO = Listener("ko")
LONGEST = 4_000
MOST_S = 2.0  # of the processor; an ordinary text of that length takes some 20 ms


@pytest.mark.parametrize("first", ["죽고 싶어요", "남편이 저를 때려요", "친구가 죽고 싶대요"])
@pytest.mark.parametrize(
    "piece", ["!?", " ", "\n", "ㅠ", "...", "네 ", "a ", "I ", "저는 ", "가", "안 ", "?!\n ", "“”", "no, ", "112 "]
)
def test_no_later_turn_takes_long(first: str, piece: str) -> None:
    answer = COURSE.next(first, [], KO)
    assert isinstance(answer, SafetyReply)
    history = [Turn("user", first), Turn("assistant", answer.text)]
    began = time.process_time()
    COURSE.next((piece * LONGEST)[:LONGEST], history, KO)
    assert time.process_time() - began < MOST_S
