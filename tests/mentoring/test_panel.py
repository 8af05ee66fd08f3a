"""Several mentors at once: each is asked once, who fails is left out, and all of it is one bill and one turn of the session."""

import asyncio
import json
from collections.abc import Callable, Mapping

import pytest
from msgspec.structs import replace

from ion_mentoring.access.caller import Caller
from ion_mentoring.errors import BudgetExhausted, PersonaUnavailable
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.panel import Panel
from ion_mentoring.mentoring.answering.stage import Silent, Spoken
from ion_mentoring.mentoring.answering.values import AnswerRequest, Routed
from ion_mentoring.models.protocol import Delta, Say
from ion_mentoring.personas.contract import Mentor, PersonaRequest, Reply
from ion_mentoring.records.conversations.protocol import ConversationId
from ion_mentoring.records.ledger.protocol import Ledger, Spending, month_of
from ion_mentoring.resilience import deadline
from ion_mentoring.usage.meter import ModelCall, Usage, UsageMeter
from tests.fakes import DownMentor, SpyMentor
from tests.mentoring.changes import changed

Make = Callable[..., AnswerRequest]
PAIR = ("elro", "nana")


class Saying:
    """Says these pieces, waiting for `gate` before each but the first, at a cost of 10 and 20 tokens."""

    def __init__(self, persona: str, *pieces: str, gate: asyncio.Event | None = None) -> None:
        self.persona, self.pieces, self.gate = persona, pieces, gate

    async def answer(self, question: PersonaRequest, meter: UsageMeter, say: Say | None) -> Reply:
        meter.calls.append(ModelCall("spy", Usage(10, 20)))
        for place, piece in enumerate(self.pieces):
            if place and self.gate:
                await self.gate.wait()
            if say:
                say(Delta(piece))
        return Reply(content="".join(self.pieces), persona=self.persona, model="spy", language=question.language)


def panel(use_case: AnswerQuestion, mentors: Mapping[str, Mentor] | None = None, *, resort: bool = False) -> Panel:
    """The panel; without `resort` a mentor that is down has nobody in its place."""
    asked = changed(use_case, **({"mentors": mentors} if mentors else {}), **({} if resort else {"last_resort": {}}))
    return Panel(asked)


async def spent(ledger: Ledger, use_case: AnswerQuestion) -> Spending:
    return await ledger.spending(month_of(use_case.metering.now()))


async def test_each_says_its_own_under_its_name(use_case: AnswerQuestion, ask: Make, spies: dict[str, SpyMentor]) -> None:
    joint = await panel(use_case)(ask("How do I begin with this?"), PAIR)
    assert joint.whole.content == "📐 Elro\nelro says 1\n\n🤝 Nana\nnana says 1"
    assert [(part.card.id, part.answer and part.answer.content) for part in joint.parts] == [
        ("elro", "elro says 1"),
        ("nana", "nana says 1"),
    ]
    assert {name: len(spy.asked) for name, spy in spies.items()} == {"lua": 0, "elro": 1, "riri": 0, "nana": 1}


async def test_where_nobody_is_named_the_two_who_fit_best_answer(use_case: AnswerQuestion, ask: Make) -> None:
    joint = await panel(use_case)(ask("How do I begin with this?"))
    ranked = joint.whole.decision.route.ranked
    assert [card.id for card in joint.spoke] == list(ranked[:2])
    assert not any(part.answer and part.answer.decision.chosen for part in joint.parts)


async def test_who_fails_is_left_out_and_nobody_else_speaks_in_its_place(
    use_case: AnswerQuestion, ask: Make, spies: dict[str, SpyMentor]
) -> None:
    joint = await panel(use_case, {**spies, "elro": DownMentor()})(ask(), PAIR)
    assert joint.whole.content == "🤝 Nana\nnana says 1"
    assert joint.whole.degraded == ("persona:elro",)
    assert isinstance(joint.parts[0].error, PersonaUnavailable)
    assert not spies["lua"].asked


async def test_the_last_resort_speaks_in_the_name_of_who_is_down(
    use_case: AnswerQuestion, ask: Make, spies: dict[str, SpyMentor]
) -> None:
    joint = await panel(use_case, {**spies, "elro": DownMentor()}, resort=True)(ask(), PAIR)
    assert [card.id for card in joint.spoke] == ["elro", "nana"]
    assert joint.whole.degraded == ("persona:elro", "model")
    assert [part.answer and part.answer.degraded for part in joint.parts] == [("persona", "model"), ()]


async def test_a_run_that_somebody_began_who_takes_any_mentor_does_not_speak_for_another(
    use_case: AnswerQuestion, ask: Make, spies: dict[str, SpyMentor]
) -> None:
    gate = asyncio.Event()
    lame = changed(
        use_case,
        mentors={**spies, "elro": DownMentor(), **{one: Saying(one, "", "Well.", gate=gate) for one in ("lua", "riri")}},
    )
    alone = asyncio.create_task(lame(ask(persona="elro")))
    for _ in range(20):
        await asyncio.sleep(0)
    together = asyncio.create_task(Panel(lame)(ask(), PAIR))
    for _ in range(20):
        await asyncio.sleep(0)
    gate.set()
    assert (await alone).persona.id != "elro"
    joint = await together
    assert ([card.id for card in joint.spoke], joint.whole.degraded) == (["nana"], ("persona:elro",))


async def test_the_error_is_raised_where_all_fail(use_case: AnswerQuestion, ask: Make, spies: dict[str, SpyMentor]) -> None:
    with pytest.raises(PersonaUnavailable):
        await panel(use_case, dict.fromkeys(spies, DownMentor()))(ask(), PAIR)


async def test_who_never_ends_holds_up_no_other(use_case: AnswerQuestion, ask: Make, spies: dict[str, SpyMentor]) -> None:
    stuck = Saying("elro", "I", "...", gate=asyncio.Event())
    deadline.CURRENT.set(deadline.Deadline.after(2))
    joint = await panel(use_case, {**spies, "elro": stuck})(ask(), PAIR)
    assert (joint.whole.degraded, [card.id for card in joint.spoke]) == (("persona:elro",), ["nana"])


async def test_all_of_it_is_one_entry_of_the_ledger_and_the_sum_is_told(
    use_case: AnswerQuestion, ask: Make, ledger: Ledger
) -> None:
    joint = await panel(use_case)(ask(), ("nana", "elro", "lua"))
    spending = await spent(ledger, use_case)
    assert (spending.total.answers, list(spending.by_persona)) == (1, ["elro+lua+nana"])
    assert joint.whole.usage == Usage(30, 60)
    assert (joint.whole.cost.nano_usd, spending.total.nano_usd) == (150_000, 150_000)
    again = await panel(use_case)(ask(), ("nana", "elro", "lua"))
    assert (again.whole.cache_layer, again.whole.usage) == ("L1", Usage())
    assert (await spent(ledger, use_case)).total.answers == 1


async def test_what_one_mentor_was_asked_before_is_known_to_the_panel(use_case: AnswerQuestion, ask: Make) -> None:
    await use_case(ask(persona="elro"))
    joint = await panel(use_case)(ask(), PAIR)
    assert [part.answer and part.answer.cache_layer for part in joint.parts] == ["L1", None]
    assert (joint.whole.cache_layer, joint.whole.usage) == (None, Usage(10, 20))


class Watched:
    """A ledger that remembers what was reserved."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.reserved = ledger, []
        self.settle, self.spending = ledger.settle, ledger.spending

    async def reserve(self, caller: str, entry_id: str, month: str, tokens: int, limit: int) -> object:
        self.reserved.append(tokens)
        return await self.ledger.reserve(caller, entry_id, month, tokens, limit)


async def test_a_budget_is_asked_once_for_all(use_case: AnswerQuestion, ledger: Ledger) -> None:
    watched = Watched(ledger)
    paying = changed(use_case, ledger=watched)
    alone = AnswerRequest("one", Caller("key:acme", monthly_tokens=100_000), persona="elro")
    await paying(alone)
    await panel(paying)(replace(alone, text="two", persona=None), PAIR)
    single, both = watched.reserved
    assert both > 1.5 * single
    poor = AnswerRequest("three", Caller("key:acme", monthly_tokens=90))
    with pytest.raises(BudgetExhausted):
        await panel(paying)(poor, PAIR)
    assert len(watched.reserved) == 3, "who is refused is refused once"
    used = (await spent(ledger, use_case)).by_caller["key:acme"]
    assert used.input_tokens + used.output_tokens == 90, "and what was reserved is free again"


async def test_a_call_that_is_left_is_written_down_as_one(use_case: AnswerQuestion, ask: Make, ledger: Ledger) -> None:
    gate = asyncio.Event()
    mentors = {name: Saying(name, "well", "...", gate=gate) for name in PAIR}
    task = asyncio.create_task(panel(use_case, {**use_case.failover.mentors, **mentors})(ask(), PAIR))
    for _ in range(20):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    for _ in range(1_000):
        if (total := (await spent(ledger, use_case)).total).answers:
            break
        await asyncio.sleep(0.01)
    assert (total.answers, total.input_tokens) == (1, 20)


async def test_the_session_has_it_once_and_the_mentors_know_the_session(
    use_case: AnswerQuestion, ask: Make, spies: dict[str, SpyMentor]
) -> None:
    first = await panel(use_case)(ask("one thing", session_id="s"), PAIR)
    await panel(use_case)(ask("another thing", session_id="s"), PAIR)
    turns = await use_case.memory.conversations.recent(ConversationId(ask().caller.owner(None), "s"), 10)
    assert [turn.content for turn in turns[:2]] == ["one thing", first.whole.content]
    assert len(turns) == 4
    assert [message.content for message in spies["nana"].asked[1].history] == ["one thing", first.whole.content]


async def test_speakers_are_heard_one_after_the_other_and_say_nothing_twice(use_case: AnswerQuestion, ask: Make) -> None:
    gate, heard = asyncio.Event(), list[Spoken]()
    mentors = {
        "elro": Saying("elro", "Write it down ", "today.", gate=gate),
        "nana": Saying("nana", "Ask your team about it.\n\nOne thing. Write it down today."),
        "riri": Saying("riri", "Write it ", "down today."),
    }
    asked = panel(use_case, {**use_case.failover.mentors, **mentors})
    task = asyncio.create_task(asked(ask(), ("elro", "nana", "riri"), heard.append))
    for _ in range(20):
        await asyncio.sleep(0)
    assert [one.speaker and one.speaker.id for one in heard] == [None, "elro", "elro"], "Nana is there, and waits"
    gate.set()
    joint = await task
    assert [one.speaker and one.speaker.id for one in heard if isinstance(one.event, Routed)] == [None, "elro", "nana", "riri"]
    for part in joint.parts:
        texts = [one.event.text for one in heard if one.speaker is part.card and isinstance(one.event, Delta)]
        assert part.answer
        assert "".join(texts) == part.answer.content
    assert [part.answer and part.answer.content for part in joint.parts] == [
        "Write it down today.",
        "Ask your team about it.",
        "Riri says the same, and has nothing to add.",
    ]


async def test_who_breaks_off_while_it_speaks_is_told_of_and_its_words_are_nobodys(use_case: AnswerQuestion, ask: Make) -> None:
    heard: list[Spoken] = []
    mentors = {"elro": DownMentor(after=["Write it down today."]), "nana": Saying("nana", "Write it down today.")}
    joint = await panel(use_case, {**use_case.failover.mentors, **mentors})(ask(), PAIR, heard.append)
    (silent,) = [one for one in heard if isinstance(one.event, Silent)]
    assert (silent.speaker and silent.speaker.id, silent.event) == ("elro", Silent("PERSONA_UNAVAILABLE"))
    assert joint.whole.content == "🤝 Nana\nWrite it down today."


async def test_danger_gets_the_one_safe_answer(
    use_case: AnswerQuestion, ask: Make, spies: dict[str, SpyMentor], lines: list[str]
) -> None:
    heard: list[Spoken] = []
    joint = await panel(use_case)(ask("죽고 싶어요"), ("elro", "riri", "nana"), heard.append)
    assert (joint.whole.safety, [part.card.id for part in joint.parts]) == ("suicide", ["lua"])
    assert [type(one.event) for one in heard] == [Routed, Delta]
    assert not any(spy.asked for spy in spies.values())
    assert sum(1 for line in lines if json.loads(line).get("message") == "DangerEvent") == 1


async def test_a_caring_question_is_asked_once_for_all(use_case: AnswerQuestion, ask: Make) -> None:
    heard: list[Spoken] = []
    joint = await panel(use_case)(ask("what is the point of all this"), (), heard.append)
    assert joint.whole.care
    assert joint.spoke[0].id == "lua"
    assert all(part.answer and part.answer.care == joint.whole.care for part in joint.parts)
    common = [one.event.text for one in heard if one.speaker is None and isinstance(one.event, Delta)]
    assert joint.whole.content.startswith(common[0])
    assert joint.whole.content.count(common[0].strip()) == 1
