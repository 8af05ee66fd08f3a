"""In an ordinary conversation a false alarm ends as soon as the person says so, or goes on with their own matter."""

import pytest

from ion_mentoring.understanding.safety.answers import Listener
from ion_mentoring.understanding.safety.course import SafetyCourse
from ion_mentoring.understanding.safety.past import Turn
from ion_mentoring.understanding.safety.replies import Caring, SafetyReply

COURSE = SafetyCourse.load()
EN = Listener("en", "GB")


def replies(*texts: str) -> list[SafetyReply | Caring | None]:
    """The replies to the turns of a conversation, in which ordinary answers are asked further."""
    history: list[Turn] = []
    told = []
    for text in texts:
        told.append(reply := COURSE.next(text, history, EN))
        said = reply.text if isinstance(reply, SafetyReply) else f"{reply.opening if reply else ''} What have you tried?"
        history += [Turn("user", text), Turn("assistant", said)]
    return told


@pytest.mark.parametrize(
    "texts",
    [
        (
            "everything at the office just feels grey lately",
            "no, not thinking about suicide. just flat, nobody reads what I write",
            "it's nothing urgent. I'm a planner, the same table every week. how do I tell my boss?",
        ),
        (
            "how do I report sick?",
            "my wrist hurts from the packing line",
            "I don't want to hurt myself, it was a box. do I have to report it?",
        ),
        (
            "I don't want to burn the bridge with my old team",
            "I'm not hurting myself?? I only want to leave on good terms",
            "nobody is hurting me and I'm not going to hurt anybody. what do I write to them?",
        ),
    ],
)
def test_a_plain_no_is_never_answered_as_a_wish_to_die(texts: tuple[str, ...]) -> None:
    assert not any(isinstance(reply, SafetyReply) for reply in replies(*texts))


def test_after_a_plain_no_the_safe_answer_ends_at_once() -> None:
    *_, last = replies(
        "I just want it all to stop, I can't go on living like this",
        "I said no. I'm not suicidal. I'm fed up with my job, can we talk about that?",
    )
    assert isinstance(last, Caring)
    assert last.opening.startswith("Then I misread you")


def test_danger_beside_a_no_is_heard() -> None:
    *_, last = replies("everything feels grey lately", "I'm not suicidal, but I swallowed all my pills an hour ago to end it")
    assert isinstance(last, SafetyReply)
