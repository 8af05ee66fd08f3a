"""A streamed answer: who begins it, its pieces, and one end, whatever breaks on the way; followed, kept and paid for once."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ion_mentoring.errors import PersonaUnavailable
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.values import Answer, AnswerEvent, AnswerRequest, Routed
from ion_mentoring.models.protocol import Delta, Say
from ion_mentoring.personas.contract import PersonaRequest, Reply
from ion_mentoring.records.ledger.protocol import Ledger, month_of
from ion_mentoring.understanding.resonance.key import ResonanceKey
from ion_mentoring.usage.meter import ModelCall, Usage, UsageMeter
from tests.fakes import DownMentor, SpyMentor, until
from tests.listening import heard as heard_one_by_one
from tests.mentoring.changes import changed

LUAS = ResonanceKey.parse("frustrated-burst-seek_advice")
Spies = dict[str, SpyMentor]
Make = Callable[..., AnswerRequest]


Part = AnswerEvent | Answer


def parts_of(use_case: AnswerQuestion, ask: AnswerRequest) -> AsyncGenerator[Part]:
    return heard_one_by_one(lambda tell: use_case(ask, tell))


async def streamed(use_case: AnswerQuestion, ask: AnswerRequest) -> list[Part]:
    return [part async for part in parts_of(use_case, ask)]


def heard(parts: Sequence[Part]) -> str:
    """What a reader has before him at the end."""
    text = ""
    for part in parts:
        text = "" if isinstance(part, Routed) else text + part.text if isinstance(part, Delta) else text
    return text


class Gated(SpyMentor):
    """Says its first word, and the rest when it may."""

    def __init__(self, persona: str) -> None:
        super().__init__(persona)
        self.go = asyncio.Event()

    async def answer(self, question: PersonaRequest, meter: UsageMeter, say: Say | None) -> Reply:
        with meter.calling("spy", ["12345678"]) as call:
            call.heard.append("first ")
            if say:
                say(Delta("first "))
            await self.go.wait()
            call.billed = False
        return await super().answer(question, meter, None)


async def test_it_begins_with_who_answers_and_ends_with_the_answer(use_case: AnswerQuestion, ask: Make) -> None:
    began, *pieces, answer = await streamed(use_case, ask(key=LUAS))
    assert isinstance(began, Routed)
    assert isinstance(answer, Answer)
    assert (began.persona.id, answer.content, heard(pieces)) == ("lua", "lua says 1", "lua says 1")
    assert began.reasoning == answer.reasoning


async def test_a_cached_answer_streams_the_same_events(use_case: AnswerQuestion, ask: Make) -> None:
    await streamed(use_case, ask(key=LUAS))
    began, delta, answer = await streamed(use_case, ask(key=LUAS))
    assert isinstance(began, Routed)
    assert isinstance(answer, Answer)
    assert delta == Delta("lua says 1")
    assert (answer.cache_layer, answer.usage, answer.cost.nano_usd) == ("L1", Usage(), 0)


async def test_an_answer_in_danger_streams_too_and_is_never_kept(use_case: AnswerQuestion, ask: Make) -> None:
    for _ in range(2):
        began, delta, answer = await streamed(use_case, ask("요즘 너무 힘들어서 죽고 싶어요"))
        assert isinstance(answer, Answer)
        assert (answer.safety, answer.cache_layer, delta) == ("suicide", None, Delta(answer.content))
        assert isinstance(began, Routed)


async def test_it_costs_what_the_whole_answer_costs(use_case: AnswerQuestion, ask: Make) -> None:
    whole = await use_case(ask("one", key=LUAS))
    answer = (await streamed(use_case, ask("two", key=LUAS)))[-1]
    assert isinstance(answer, Answer)
    assert (answer.usage, answer.cost) == (whole.usage, whole.cost)
    assert answer.cost.nano_usd == 10 * 1_000 + 20 * 2_000


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.lists(st.sampled_from(["a ", "b", "한글 "]), max_size=3), max_size=3), st.booleans())
async def test_whoever_breaks_off_there_is_one_end_and_its_text_was_heard(
    use_case: AnswerQuestion, ask: Make, broken: list[list[str]], resort: bool
) -> None:
    ranked = use_case.routing.decide(ask(key=LUAS)).route.ranked
    mentors = dict(use_case.failover.mentors)
    for persona, after in zip(ranked, broken, strict=False):
        mentors[persona] = DownMentor(after=after)
    if resort:
        mentors = {persona: DownMentor(after=["half "]) for persona in mentors}
    parts = await streamed(changed(use_case, mentors=mentors), ask(key=LUAS, use_cache=False))
    assert [part for part in parts if isinstance(part, Answer)] == parts[-1:]
    assert isinstance(parts[-1], Answer)
    assert heard(parts) == parts[-1].content
    began = [part for part in parts if isinstance(part, Routed)]
    assert began[-1].persona == parts[-1].persona
    assert ("persona" in parts[-1].degraded) == (len(began) > 1)


async def test_a_stream_that_breaks_for_good_is_an_error_and_not_kept(
    use_case: AnswerQuestion, spies: Spies, ask: Make
) -> None:
    nobody = dict.fromkeys(spies, DownMentor(after=["half "]))
    down = changed(use_case, mentors=nobody, last_resort=nobody)
    parts = await until(PersonaUnavailable, parts_of(down, ask(key=LUAS)))
    assert not any(isinstance(part, Answer) for part in parts)
    assert (await use_case(ask(key=LUAS))).cache_layer is None


async def test_whoever_comes_later_follows_from_the_first_word_on(use_case: AnswerQuestion, spies: Spies, ask: Make) -> None:
    gated = Gated("lua")
    gate = changed(use_case, mentors={**spies, "lua": gated})
    early = asyncio.create_task(streamed(gate, ask(key=LUAS)))
    await asyncio.sleep(0.01)
    late = asyncio.create_task(streamed(gate, ask(key=LUAS)))
    await asyncio.sleep(0.01)
    gated.go.set()
    first, second = await asyncio.gather(early, late)
    assert [part for part in first if isinstance(part, Delta)] == [part for part in second if isinstance(part, Delta)]
    assert len(gated.asked) == 1
    assert isinstance(first[-1], Answer)
    assert isinstance(second[-1], Answer)
    assert (first[-1].usage, second[-1].usage) == (Usage(10, 20), Usage()), "it is paid once"


@pytest.mark.parametrize("use_cache", [True, False])
async def test_when_the_client_leaves_the_call_is_ended_and_still_paid_for(
    use_case: AnswerQuestion, spies: Spies, ask: Make, ledger: Ledger, use_cache: bool
) -> None:
    gated = Gated("lua")
    parts = parts_of(changed(use_case, mentors={**spies, "lua": gated}), ask(key=LUAS, use_cache=use_cache))
    assert isinstance(await anext(parts), Routed)
    assert await anext(parts) == Delta("first ")
    await parts.aclose()
    spending = await ledger.spending(month_of(use_case.metering.now()))
    assert (spending.total.answers, spending.total.estimated_tokens) == (1, 4 + 2)
    assert gated.asked == [], "it never came to its end"
    assert (await use_case(ask(key=LUAS))).cache_layer is None


async def test_one_of_two_leaving_changes_nothing_for_the_other(use_case: AnswerQuestion, spies: Spies, ask: Make) -> None:
    gated = Gated("lua")
    gate = changed(use_case, mentors={**spies, "lua": gated})
    leaving, staying = parts_of(gate, ask(key=LUAS)), parts_of(gate, ask(key=LUAS))
    for parts in (leaving, staying):
        await anext(parts)
        await anext(parts)
    await leaving.aclose()
    gated.go.set()
    assert isinstance([part async for part in staying][-1], Answer)


async def test_a_session_remembers_what_was_streamed(use_case: AnswerQuestion, spies: Spies, ask: Make) -> None:
    await streamed(use_case, ask("one", key=LUAS, session_id="s"))
    await use_case(ask("two", key=LUAS, session_id="s"))
    assert [message.content for message in spies["lua"].asked[1].history] == ["one", "lua says 1"]


async def test_the_tab_of_one_answer_is_not_that_of_another(use_case: AnswerQuestion, ask: Make, ledger: Ledger) -> None:
    answers = await asyncio.gather(*(use_case(ask(f"question {number}", key=LUAS)) for number in range(20)))
    assert {answer.usage for answer in answers} == {Usage(10, 20)}
    total = (await ledger.spending(month_of(use_case.metering.now()))).total
    assert (total.answers, total.input_tokens, total.output_tokens) == (20, 200, 400)
    assert ModelCall("spy", Usage(10, 20)) == ModelCall("spy", answers[0].usage)


async def test_an_answer_that_was_given_before_under_its_entry_is_given_again_in_place_of_another(
    use_case: AnswerQuestion, ask: Make
) -> None:
    first = await use_case(ask(key=LUAS, session_id="s", entry="e", use_cache=False))
    parts = await streamed(use_case, ask(key=LUAS, session_id="s", entry="e", use_cache=False))
    assert (first.content, heard(parts[:-1])) == ("lua says 1", "lua says 1")
    assert isinstance(parts[-1], Answer)
    assert parts[-1].content == "lua says 1"
    assert sum(isinstance(part, Routed) for part in parts) == 2, "what was streamed of another one is void"
    assert len((await use_case.memory.recall(ask(session_id="s")))[0]) == 2
