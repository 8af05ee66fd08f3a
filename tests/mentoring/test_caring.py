"""Where little speaks for a danger: a whole story is answered first and asked about last, a bare sigh is asked about first."""

from collections.abc import Callable

import pytest

from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.values import AnswerEvent, AnswerRequest
from ion_mentoring.models.protocol import Delta
from ion_mentoring.understanding.safety.answers import SafetyAnswers

Make = Callable[..., AnswerRequest]
STORIES = (
    "I sold our bakery last spring and every night I ask myself whether that was the mistake of my life",
    "엄마 가게를 물려받지 않고 떠난 게 평생 후회될까 봐 매일 밤 그 생각만 하다가 울면서 잠들어요 어떻게 결정해야 할까요",
)
SIGHS = ("what is the point of all this", "아무 의미가 없는 것 같아요")


async def said(use_case: AnswerQuestion, asked: AnswerRequest) -> tuple[str, str, str | None]:
    """The answer, what was heard of it, and the kind of danger that it asks about."""
    events: list[AnswerEvent] = []
    answer = await use_case(asked, events.append)
    return answer.content, "".join(one.text for one in events if isinstance(one, Delta)), answer.care


@pytest.mark.parametrize("text", STORIES)
async def test_a_story_is_answered_before_the_open_question(use_case: AnswerQuestion, ask: Make, text: str) -> None:
    content, heard, care = await said(use_case, ask(text))
    assert (heard, care) == (content, "suicide")
    answer, question, *_ = content.split("\n\n")
    assert answer.startswith("lua says")
    assert SafetyAnswers.load().asked(question)


@pytest.mark.parametrize("text", SIGHS)
async def test_a_sigh_is_asked_about_first(use_case: AnswerQuestion, ask: Make, text: str) -> None:
    content, heard, care = await said(use_case, ask(text))
    assert (heard, care) == (content, "suicide")
    assert SafetyAnswers.load().asked(content.split("\n\n")[0])
