"""A model behind its breaker: bounded, retried where it may help, left alone where not."""

import asyncio

import pytest

from ion_mentoring.errors import ModelBusy, ModelMisused, ModelRefused, ModelUnavailable
from ion_mentoring.models.guarded import GuardedModel, ModelTooLate
from ion_mentoring.models.protocol import Completion, Delta, Model, Prompt, Say
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.resilience.retries import RetryBudget
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.usage.meter import UsageMeter
from tests.fakes import BrokenModel, Clock, ScriptedModel, StuckModel, until
from tests.listening import pieces
from tests.models.prompts import prompt

PROMPT = prompt()
WELL = "one two three"


@pytest.fixture
def clock() -> Clock:
    return Clock(0.0)


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=2, rest_s=30, now=clock)


def guarded(model: Model, breaker: Breaker, lines: list[str] | None = None, timeout_s: float = 5) -> GuardedModel:
    log = EventLog("test", write=(lines if lines is not None else []).append)
    return GuardedModel(model, breaker, RetryBudget(), log, timeout_s)


class OnceBroken(ScriptedModel):
    """Drops the first connection, then answers."""

    async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
        if not self.calls:
            self.calls += 1
            raise ModelUnavailable("reset")
        return await super().answer(prompt, meter, say)


async def test_an_answer_comes_through_whole_and_in_pieces(breaker: Breaker) -> None:
    model = guarded(ScriptedModel(lambda _: WELL), breaker)
    meter = UsageMeter()
    assert (await model.answer(PROMPT, meter, None)).text == WELL
    got = [piece async for piece in pieces(model, PROMPT, meter)]
    assert [piece.text for piece in got] == ["one ", "two ", "three", WELL]
    assert (model.name, breaker.state, meter.usage.output_tokens) == ("scripted", "closed", 8)


@pytest.mark.parametrize("streaming", [False, True])
async def test_a_dropped_call_is_retried_before_its_first_piece(breaker: Breaker, streaming: bool) -> None:
    lines: list[str] = []
    model = guarded(OnceBroken(lambda _: WELL), breaker, lines)
    if streaming:
        assert [piece async for piece in pieces(model, PROMPT, UsageMeter())][-1].text == WELL
    else:
        assert (await model.answer(PROMPT, UsageMeter(), None)).text == WELL
    assert '"model_retried"' in lines[0]


async def test_a_stream_that_has_begun_is_not_retried(breaker: Breaker) -> None:
    broken = BrokenModel(after=["half a "])
    assert await until(ModelUnavailable, pieces(guarded(broken, breaker), PROMPT, UsageMeter())) == [Delta("half a ")]
    assert broken.calls == 1


@pytest.mark.parametrize("error", [ModelRefused("filter"), ModelMisused("key"), ModelBusy("429", retry_after_s=9)], ids=str)
async def test_what_will_not_go_better_is_not_retried(breaker: Breaker, error: ModelUnavailable) -> None:
    broken = BrokenModel(error)
    with pytest.raises(type(error)):
        await guarded(broken, breaker).answer(PROMPT, UsageMeter(), None)
    assert broken.calls == 1


async def test_a_silent_model_is_given_up_after_its_time_and_its_call_is_ended(breaker: Breaker) -> None:
    stuck = StuckModel()
    with pytest.raises(ModelTooLate):
        await guarded(stuck, breaker, timeout_s=0.02).answer(PROMPT, UsageMeter(), None)
    assert (stuck.calls, stuck.ended) == (1, 1)


async def test_a_model_that_fails_twice_is_left_alone_then_probed_once(breaker: Breaker, clock: Clock) -> None:
    broken = BrokenModel()
    model = guarded(broken, breaker)
    for _ in range(10):
        with pytest.raises(ModelUnavailable):
            await model.answer(PROMPT, UsageMeter(), None)
    assert broken.calls == 2
    clock.tick(30)
    for _ in range(10):
        with pytest.raises(ModelUnavailable):
            await model.answer(PROMPT, UsageMeter(), None)
    assert broken.calls == 3


@pytest.mark.parametrize("streaming", [False, True])
async def test_an_answer_between_two_failures_begins_the_count_again(breaker: Breaker, streaming: bool) -> None:
    breaker.failed()
    model = guarded(ScriptedModel(lambda _: WELL), breaker)
    if streaming:
        assert [piece async for piece in pieces(model, PROMPT, UsageMeter())]
    else:
        await model.answer(PROMPT, UsageMeter(), None)
    breaker.failed()
    assert breaker.state == "closed"


async def test_a_model_left_alone_says_until_when(breaker: Breaker, clock: Clock) -> None:
    breaker.failed()
    breaker.failed()
    clock.tick(12)
    with pytest.raises(ModelBusy) as left_alone:
        await guarded(ScriptedModel(lambda _: WELL), breaker).answer(PROMPT, UsageMeter(), None)
    assert left_alone.value.retry_after_s == 18


async def test_who_limits_itself_is_respected_and_not_broken(breaker: Breaker, clock: Clock) -> None:
    busy = BrokenModel(ModelBusy("429", retry_after_s=20))
    model = guarded(busy, breaker)
    for _ in range(10):
        with pytest.raises(ModelBusy):
            await model.answer(PROMPT, UsageMeter(), None)
    assert (busy.calls, breaker.state) == (1, "busy")
    clock.tick(20)
    assert breaker.state == "closed"


async def test_a_refusal_says_that_the_model_is_well(breaker: Breaker) -> None:
    model = guarded(BrokenModel(ModelRefused("filter")), breaker)
    for _ in range(5):
        with pytest.raises(ModelRefused):
            await model.answer(PROMPT, UsageMeter(), None)
    assert breaker.state == "closed"


async def test_leaving_a_stream_ends_the_call_and_says_nothing_of_the_model(breaker: Breaker) -> None:
    stuck = StuckModel()
    task = asyncio.ensure_future(anext(pieces(guarded(stuck, breaker), PROMPT, UsageMeter())))
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (stuck.ended, breaker.state) == (1, "closed")
