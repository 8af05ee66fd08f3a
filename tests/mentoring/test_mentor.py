"""A mentor in this process: its model, and the one that stands in."""

import asyncio

import pytest

from ion_mentoring.errors import ModelUnavailable
from ion_mentoring.mentoring.mentor import LocalMentor
from ion_mentoring.models.protocol import Completion, Model, Prompt
from ion_mentoring.personas.contract import Question
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.resonance.key import DEFAULT_KEY
from ion_mentoring.telemetry.events import EventLog
from tests.fakes import BrokenModel, ScriptedModel

QUESTION = Question(text="hi", key=DEFAULT_KEY)
WELL = ScriptedModel(lambda prompt: f"answer to {prompt.question}")
SILENT = ScriptedModel(lambda prompt: "  ")


class StuckModel:
    name = "stuck"

    async def complete(self, prompt: Prompt) -> Completion:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets the event")


def mentor(model: Model, fallback: Model, lines: list[str] | None = None) -> LocalMentor:
    log = EventLog("test", write=(lines if lines is not None else []).append)
    return LocalMentor(load_roster()["elro"], model, fallback, log, timeout_s=0.05)


async def test_the_model_answers_for_the_persona() -> None:
    reply = await mentor(WELL, BrokenModel()).answer(QUESTION)
    assert (reply.persona, reply.model, reply.content, reply.degraded) == ("elro", "scripted", "answer to hi", ())


@pytest.mark.parametrize("model", [BrokenModel(), StuckModel(), SILENT], ids=["broken", "stuck", "silent"])
async def test_a_model_that_fails_is_replaced_and_said_so(model: Model) -> None:
    lines: list[str] = []
    reply = await mentor(model, WELL, lines).answer(QUESTION)
    assert reply.degraded == ("model",)
    assert reply.content == "answer to hi"
    assert '"model_replaced"' in lines[0]


async def test_without_any_model_the_persona_is_unavailable() -> None:
    with pytest.raises(ModelUnavailable):
        await mentor(BrokenModel(), SILENT).answer(QUESTION)
