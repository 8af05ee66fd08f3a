"""A mentor in this process: its card asks, its models answer, and the reply says which of them did, for how much."""

from typing import Any

import pytest

from ion_mentoring.errors import ModelUnavailable
from ion_mentoring.mentoring.answering.mentor import LocalMentor
from ion_mentoring.models.fallback import FallbackModels
from ion_mentoring.models.protocol import Completion, Delta, Model, Prompt, Say, Started
from ion_mentoring.personas.contract import PersonaRequest, Reply
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.understanding.resonance.key import DEFAULT_KEY
from ion_mentoring.usage.meter import ModelCall, Usage, UsageMeter
from tests.fakes import BrokenModel, ScriptedModel
from tests.listening import pieces

QUESTION = PersonaRequest(text="hi", key=DEFAULT_KEY)
WELL = ScriptedModel(lambda prompt: f"answer to {prompt.question}")


def mentor(*models: Model) -> LocalMentor:
    return LocalMentor(load_roster()["elro"], FallbackModels(models[0].name, models, EventLog("test", write=lambda _: None)))


async def parts(asked: LocalMentor, meter: UsageMeter | None = None, *, streaming: bool = False) -> list[Any]:
    return [part async for part in pieces(asked, QUESTION, meter or UsageMeter(), streaming=streaming)]


async def test_the_model_answers_for_the_persona() -> None:
    (reply,) = await parts(mentor(WELL, BrokenModel()))
    assert reply == Reply(
        content="answer to hi", persona="elro", model="scripted", language="en", spent=(ModelCall("scripted", Usage(3, 4)),)
    )


async def test_a_streamed_answer_costs_what_a_whole_one_costs() -> None:
    *said, reply = await parts(mentor(WELL), streaming=True)
    assert said == [Delta("answer "), Delta("to "), Delta("hi")]
    assert [reply] == await parts(mentor(WELL))


@pytest.mark.parametrize("streaming", [False, True])
async def test_a_model_that_fails_is_replaced_and_said_so(streaming: bool) -> None:
    reply = (await parts(mentor(BrokenModel(), WELL), streaming=streaming))[-1]
    assert isinstance(reply, Reply)
    assert (reply.degraded, reply.model, reply.content) == (("model",), "scripted", "answer to hi")


async def test_a_model_that_breaks_off_is_heard_of() -> None:
    got = await parts(mentor(BrokenModel(after=["half "]), WELL), streaming=True)
    assert got[:2] == [Delta("half "), Started()]


async def test_without_any_model_the_persona_is_unavailable() -> None:
    with pytest.raises(ModelUnavailable):
        await parts(mentor(BrokenModel(), BrokenModel()))


async def test_what_was_on_the_tab_before_is_not_this_replys_cost() -> None:
    meter = UsageMeter([ModelCall("other", Usage(100, 100))])
    (reply,) = await parts(mentor(WELL), meter)
    assert isinstance(reply, Reply)
    assert reply.usage == Usage(3, 4)
    assert meter.usage == Usage(103, 104)


async def test_an_answer_that_reached_its_limit_says_so() -> None:
    class Limited(ScriptedModel):
        async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
            return Completion("and then", self.name, "en", cut_short=True)

    (reply,) = await parts(mentor(Limited(str)))
    assert isinstance(reply, Reply)
    assert reply.cut_short
