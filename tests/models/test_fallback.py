"""Models in order: who fails is replaced, who is late is hedged, and nobody's text is mixed with another's."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.errors import ModelFiltered, ModelRefused, ModelUnavailable
from ion_mentoring.models.fallback import FallbackModels
from ion_mentoring.models.protocol import Completion, Delta, Model, Prompt, Say, Started
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.usage.meter import UsageMeter
from tests import listening
from tests.fakes import BrokenModel, ScriptedModel, StuckModel
from tests.models.prompts import prompt

PROMPT = prompt()
WELL = ScriptedModel(lambda _: "all is well")


def models(*models: Model, lines: list[str] | None = None, hedge_after_s: float | None = None) -> FallbackModels:
    log = EventLog("test", write=(lines if lines is not None else []).append)
    return FallbackModels(models[0].name, models, log, hedge_after_s)


async def pieces(asked: FallbackModels, *, streaming: bool = True, meter: UsageMeter | None = None) -> list[object]:
    return [piece async for piece in listening.pieces(asked, PROMPT, meter or UsageMeter(), streaming=streaming)]


def heard(pieces: Sequence[object]) -> str:
    """What a reader has before him at the end."""
    text = ""
    for piece in pieces:
        text = "" if isinstance(piece, Started) else text + piece.text if isinstance(piece, Delta) else text
    return text


@pytest.mark.parametrize("streaming", [False, True])
async def test_the_first_answers_if_it_can(streaming: bool) -> None:
    other = ScriptedModel(lambda _: "not me")
    got = await pieces(models(WELL, other), streaming=streaming)
    assert isinstance(got[-1], Completion)
    assert got[-1].text == "all is well"
    assert other.calls == 0


@pytest.mark.parametrize("streaming", [False, True])
async def test_the_next_answers_for_one_that_fails_and_the_log_knows(streaming: bool) -> None:
    lines: list[str] = []
    got = await pieces(models(BrokenModel(), BrokenModel(), WELL, lines=lines), streaming=streaming)
    assert got[-1].model == "scripted"  # type: ignore[attr-defined]
    assert not any(isinstance(piece, Started) for piece in got)
    assert len(lines) == 2


async def test_a_stream_that_broke_off_begins_anew() -> None:
    got = await pieces(models(BrokenModel(after=["half ", "a "]), WELL))
    assert got[:3] == [Delta("half "), Delta("a "), Started()]
    assert heard(got) == "all is well"


@given(st.lists(st.lists(st.text(max_size=5), max_size=4), max_size=4))
async def test_what_is_heard_since_the_last_restart_is_the_answer(broken: list[list[str]]) -> None:
    got = await pieces(models(*(BrokenModel(after=after) for after in broken), WELL))
    assert heard(got) == got[-1].text  # type: ignore[attr-defined]
    assert [piece for piece in got if isinstance(piece, Completion)] == got[-1:]


async def test_when_all_fail_the_last_ones_error_is_told() -> None:
    with pytest.raises(ModelUnavailable, match="second"):
        await pieces(models(BrokenModel(ModelUnavailable("first")), BrokenModel(ModelUnavailable("second"))))


@pytest.mark.parametrize("streaming", [False, True])
async def test_a_late_model_is_hedged_and_its_call_is_ended(streaming: bool) -> None:
    stuck, lines = StuckModel(), list[str]()
    got = await pieces(models(stuck, WELL, lines=lines, hedge_after_s=0.01), streaming=streaming)
    assert got[-1].model == "scripted"  # type: ignore[attr-defined]
    assert stuck.ended == 1
    assert '"model_hedged"' in lines[0]


async def test_a_quick_model_is_not_hedged() -> None:
    other = ScriptedModel(lambda _: "not me")
    await pieces(models(WELL, other, hedge_after_s=5))
    assert other.calls == 0


async def test_without_the_setting_nobody_is_hedged() -> None:
    other = ScriptedModel(lambda _: "not me")
    task = asyncio.create_task(pieces(models(StuckModel(), other)))
    await asyncio.sleep(0.03)
    assert other.calls == 0
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_late_model_may_still_win_where_its_hedge_fails() -> None:
    class Late(ScriptedModel):
        async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
            await asyncio.sleep(0.05)
            return await super().answer(prompt, meter, say)

    got = await pieces(models(Late(lambda _: "late", name="late"), BrokenModel(), WELL, hedge_after_s=0.01))
    assert got[-1].model == "late"  # type: ignore[attr-defined]


async def test_both_calls_of_a_hedge_are_on_the_tab() -> None:
    class Slow(StuckModel):
        async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
            with meter.calling("slow", ["12345678"]) as call:
                call.heard.append("1234")
                return await super().answer(prompt, meter, say)

    meter = UsageMeter()
    await pieces(models(Slow(), WELL, hedge_after_s=0.01), meter=meter)
    assert {(spent.model, spent.usage.input_tokens, spent.usage.estimated) for spent in meter.calls} == {
        ("slow", 4, True),
        ("scripted", 3, False),
    }


async def test_leaving_ends_all_calls_under_way() -> None:
    stuck, other = StuckModel(), StuckModel()
    task = asyncio.create_task(pieces(models(stuck, other, hedge_after_s=0.01)))
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (stuck.ended, other.ended) == (1, 1)


async def test_whoever_stands_in_for_a_filtered_answer_says_so() -> None:
    stood_in = (await pieces(models(BrokenModel(ModelFiltered("filter")), WELL)))[-1]
    assert stood_in.filtered  # type: ignore[attr-defined]
    assert not (await pieces(models(BrokenModel(ModelRefused("too long")), WELL)))[-1].filtered  # type: ignore[attr-defined]
