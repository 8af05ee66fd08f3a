"""Where the playbook alone answers, each of several mentors hears those before: the second adds, and repeats nothing."""

import pytest

from ion_mentoring.access.caller import Caller
from ion_mentoring.mentoring.answering.panel import Panel
from ion_mentoring.mentoring.answering.stage import Spoken
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.models.playbook.layout.wanted import layout_book
from ion_mentoring.models.protocol import Delta
from ion_mentoring.resilience import deadline
from ion_mentoring.settings.cache import Cache
from ion_mentoring.settings.deployment import Deployment
from ion_mentoring.settings.models import ModelChoice
from ion_mentoring.settings.personas import Personas
from ion_mentoring.settings.store import Store
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.answering import answering

CALLER = Caller("program", everybody=True)


@pytest.fixture
def panel() -> Panel:
    log = EventLog("test", lambda line: None)
    store = Store(store="sqlite:///:memory:")
    made = answering(Deployment(), ModelChoice.read({}), Personas(), Cache(), store, log, someone_waits=False)
    return Panel(made.answer)


@pytest.mark.parametrize("heard", [False, True])
async def test_the_second_and_the_third_add_to_those_before(panel: Panel, heard: bool) -> None:
    deadline.CURRENT.set(deadline.Deadline.after(30))
    said: list[Spoken] = []
    request = AnswerRequest(text="팀장이 회의에서 제 의견을 자꾸 무시해요", caller=CALLER)
    joint = await panel(request, ("lua", "elro", "nana"), said.append if heard else None)
    first, *others = [part.answer.content for part in joint.parts if part.answer]
    openings = layout_book().second.ko
    assert len(others) == 2
    assert all(any(text.startswith(line) for line in openings) for text in others)
    assert not any(first.startswith(line) for line in openings)
    lines = [line for text in (first, *others) for line in text.splitlines() if len(line) > 12]
    assert len(lines) == len({*lines})
    if heard:
        told = "".join(one.event.text for one in said if isinstance(one.event, Delta))
        assert all(text in told for text in (first, *others))


async def test_the_first_words_of_a_conversation_thank_for_nothing(panel: Panel) -> None:
    deadline.CURRENT.set(deadline.Deadline.after(30))
    text = "Our conversion dropped 20% since yesterday, where do I look? Give me a numbered list."
    joint = await panel(AnswerRequest(text=text, caller=CALLER), ("riri", "nana"))
    assert [part.card.id for part in joint.parts] == ["riri", "nana"]
    assert "Thank you" not in joint.whole.content
    assert joint.whole.content.count("\n1. ") == 2
