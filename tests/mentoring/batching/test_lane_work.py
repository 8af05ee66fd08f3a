"""A batch is answered as a whole and once, whatever its messages and its workers do."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from ion_mentoring.errors import PersonaUnavailable, StoreUnavailable
from ion_mentoring.mentoring.batching.fanout import STALE
from ion_mentoring.mentoring.batching.lane_work import HELD, PATIENCE, TRIES
from ion_mentoring.models.protocol import Say
from ion_mentoring.personas.contract import PersonaRequest, Reply
from ion_mentoring.records.batches.results import ItemResult
from ion_mentoring.records.batches.submissions import Batch, Owner
from ion_mentoring.usage.meter import UsageMeter
from tests.fakes import SpyMentor
from tests.mentoring.batching.evening import ACME, Evening
from tests.mentoring.changes import changed

Spies = dict[str, SpyMentor]


def questions(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"user_input": f"question {number}", **more} for number in range(1, count + 1)]


def asked(spies: Spies) -> list[str]:
    return [request.text for spy in spies.values() for request in spy.asked]


async def results(evening: Evening, batch: Batch) -> list[ItemResult]:
    return sorted(await evening.kept.batches.of(batch.id), key=lambda one: one.name)


def used(found: list[ItemResult]) -> int:
    """The tokens that results say they have used."""
    usages = [one.answer["metadata"]["usage"] for one in found if one.answer]
    return sum(usage["input_tokens"] + usage["output_tokens"] for usage in usages)


async def agrees(evening: Evening, batch: Batch) -> bool:
    """True if the ledger and the results agree to the token."""
    charged = await evening.charged()
    return charged.input_tokens + charged.output_tokens == used(await results(evening, batch)) > 0


class Moody:
    """Answers by what its question says: fails where that has a word of `fails`, and does `before` each answer."""

    def __init__(self, fails: set[str] | None = None, before: Any = None) -> None:
        self.fails = fails or set()
        self.before = before
        self.spy = SpyMentor("lua")

    async def answer(self, question: PersonaRequest, meter: UsageMeter, say: Say | None) -> Reply:
        if any(word in question.text for word in self.fails):
            raise PersonaUnavailable("poison", retry_after_s=1)
        if self.before:
            await self.before(question.text)
        return await self.spy.answer(question, meter, say)


def answered_by(evening: Evening, mentor: Moody) -> None:
    mentors = dict.fromkeys(evening.answer.failover.mentors, mentor)
    evening.answer = changed(evening.answer, mentors=mentors, last_resort={})


async def test_a_batch_is_answered_in_lanes_and_its_end_is_told_once(any_evening: Evening, spies: Spies) -> None:
    evening = any_evening
    batch = await evening.submit(*questions(70), webhook="https://example.com/")
    assert len(evening.topics.messages) == 16
    await evening.work()
    assert await evening.states(batch) == {"answered": 70, "completed": 1}
    assert [one.item_id for one in await results(evening, batch)] == [f"i{n}" for n in range(1, 71)]
    assert len(asked(spies)) == 70
    assert (await evening.charged()).answers == 70
    assert await agrees(evening, batch)
    assert [one["counts"]["answered"] for one in evening.topics.done] == [70]
    assert evening.receiver.taken == [(f"{batch.id}-0", "completed")]
    assert await evening.kept.submissions.outbox() == ()


async def test_each_message_three_times_at_once_in_any_order_is_one_result_one_charge_one_notice(
    any_evening: Evening, spies: Spies
) -> None:
    evening, dice = any_evening, random.Random(7)
    batch = await evening.submit(*questions(60), webhook="https://example.com/")
    while evening.topics.messages:
        messages, evening.topics.messages[:] = evening.topics.messages * 3, []
        dice.shuffle(messages)
        await evening.storm(messages)
    assert await evening.states(batch) == {"answered": 60, "completed": 1}
    assert sorted(asked(spies)) == sorted(one["user_input"] for one in questions(60))
    assert await agrees(evening, batch)
    assert len(evening.topics.done) == len(evening.receiver.taken) == 1


async def test_items_of_a_session_are_answered_in_their_order_and_others_go_on_beside_them(evening: Evening) -> None:
    order: list[str] = []

    async def note(text: str) -> None:
        await asyncio.sleep(random.random() / 100)
        order.append(text)

    answered_by(evening, Moody(before=note))
    mine = questions(40, context={"user_id": "u", "session_id": "s"})
    others = [{"user_input": f"other {number}"} for number in range(40)]
    batch = await evening.submit(*(one for pair in zip(mine, others, strict=True) for one in pair))
    while evening.topics.messages:
        messages, evening.topics.messages[:] = list(evening.topics.messages), []
        await evening.storm(messages)
    assert await evening.states(batch) == {"answered": 80, "completed": 1}
    assert [text for text in order if text.startswith("question")] == [one["user_input"] for one in mine]


async def test_what_was_not_published_is_published_by_the_outbox(evening: Evening) -> None:
    evening.topics.away = True
    batch = await evening.submit(*questions(20))
    assert evening.topics.messages == []
    evening.topics.away = False
    assert await evening.fanout.tend() == 0, "it may still be on its way"
    evening.time += STALE
    assert await evening.fanout.tend() == 5
    await evening.work()
    assert await evening.states(batch) == {"answered": 20, "completed": 1}


async def test_a_lane_whose_next_message_was_lost_goes_on(evening: Evening) -> None:
    batch = await evening.submit(*questions(60, context={"session_id": "s"}))
    worker = evening.worker()
    for _ in range(2):
        await evening.deliver(worker, evening.topics.messages.pop())
        evening.topics.messages.clear()
        evening.time += STALE
        assert await evening.fanout.tend() == 1
    await evening.work()
    assert await evening.states(batch) == {"answered": 60, "completed": 1}


async def test_an_end_that_nobody_said_is_said(evening: Evening) -> None:
    """Whoever finished the last lane died before it said that the batch is over."""
    batch = await evening.submit(*questions(5))
    dies = structs.replace(evening.end, submissions=Dies())  # type: ignore[arg-type]
    with pytest.raises(StoreUnavailable):
        await evening.work(evening.worker(end=dies))
    evening.topics.messages.clear()
    assert await evening.states(batch) == {"answered": 5, "running": 1}
    evening.time += STALE
    assert await evening.fanout.tend() == 1
    await evening.work()
    assert await evening.states(batch) == {"answered": 5, "completed": 1}
    assert len(evening.topics.done) == 1


class Dies:
    """A store that is gone."""

    async def get(self, batch_id: str) -> None:
        raise StoreUnavailable("gone")


async def test_a_lane_is_worked_on_by_one_and_taken_over_when_that_one_is_dead(evening: Evening, spies: Spies) -> None:
    batch = await evening.submit(*questions(3))
    (message,) = evening.topics.messages
    lane = await evening.kept.submissions.lane(batch.id, message["lane"])
    assert lane is not None
    dead = replace(lane, holder="dead", held_until=evening.now() + HELD)
    assert await evening.kept.submissions.move(batch.id, dead)
    with pytest.raises(PersonaUnavailable):
        await evening.deliver(evening.worker(), message)
    assert asked(spies) == []
    evening.time += HELD
    await evening.work()
    assert await evening.states(batch) == {"answered": 3, "completed": 1}


async def test_a_frozen_worker_that_wakes_up_changes_nothing_and_charges_nothing(evening: Evening) -> None:
    """It held the lane, was stopped in the middle of its answers, and goes on when another one has done its work."""
    frozen, woken, stopped = asyncio.Event(), asyncio.Event(), 0

    async def freeze(_text: str) -> None:
        nonlocal stopped
        if frozen.is_set():
            return
        stopped += 1
        if stopped == 3:
            frozen.set()
        await woken.wait()

    answered_by(evening, Moody(before=freeze))
    batch = await evening.submit(*questions(3))
    (message,) = evening.topics.messages
    sleeper = asyncio.create_task(evening.deliver(evening.worker(), message))
    await frozen.wait()
    evening.time += HELD
    await evening.work()
    found = await results(evening, batch)
    woken.set()
    assert (await sleeper)["lane"] == "lost"
    assert (await evening.charged("platform")).answers == 3, "what came too late was spent, and is on our own account"
    assert await results(evening, batch) == found
    assert await agrees(evening, batch)
    assert len(evening.topics.done) == 1


async def test_a_worker_that_dies_between_result_and_charge_is_charged_for_by_the_next(evening: Evening) -> None:
    batch = await evening.submit(*questions(3))
    (message,) = evening.topics.messages

    class Away:
        async def settle(self, *_: Any, **__: Any) -> bool:
            raise StoreUnavailable("gone")

    worker = evening.worker()
    dying = structs.replace(worker, items=structs.replace(worker.items, answer=changed(evening.answer, ledger=Away())))
    with pytest.raises(StoreUnavailable):
        await evening.deliver(dying, message)
    assert (await evening.charged()).answers == 0
    assert await results(evening, batch) != []
    await evening.work()
    assert (await evening.charged()).answers == 3
    assert await agrees(evening, batch)


async def test_poison_does_not_stop_its_neighbours_and_is_buried_while_they_are_answered(evening: Evening) -> None:
    answered_by(evening, Moody(fails={"poison"}))
    batch = await evening.submit({"user_input": "poison"}, *questions(40))
    await fed(evening, rounds=TRIES - 1)
    assert await evening.states(batch) == {"answered": 40, "pending": 1, "running": 1}
    other = await evening.submit(*questions(1), owner=ACME)
    await fed(evening, rounds=1)
    assert (await evening.states(other))["answered"] == 1
    assert (await evening.states(batch))["pending"] == 1, "nobody else of its batch was answered since: there is hope"
    evening.time += PATIENCE
    await fed(evening, rounds=1)
    assert await evening.states(batch) == {"answered": 40, "failed": 1, "completed": 1}
    failed = [one for one in await results(evening, batch) if one.state == "failed"]
    assert [(one.item_id, one.reason) for one in failed] == [("i1", "PERSONA_UNAVAILABLE")]


async def test_poison_is_buried_soon_where_the_others_of_its_batch_are_answered_meanwhile(evening: Evening) -> None:
    answered_by(evening, Moody(fails={"poison"}))
    session = {"context": {"session_id": "s"}}
    batch = await evening.submit({"user_input": "poison"}, *questions(3), *questions(140, **session))
    for _ in range(TRIES):
        await fed(evening, rounds=1, once=True)
    await fed(evening, rounds=3)
    assert await evening.states(batch) == {"answered": 143, "failed": 1, "completed": 1}


async def test_where_everything_is_down_nothing_is_given_up_until_the_morning(evening: Evening) -> None:
    mentor = Moody(fails={"question"})
    answered_by(evening, mentor)
    batch = await evening.submit(*questions(20))
    await fed(evening, rounds=3 * TRIES)
    assert await evening.states(batch) == {"pending": 20, "running": 1}
    mentor.fails = set()
    await fed(evening, rounds=1)
    assert await evening.states(batch) == {"answered": 20, "completed": 1}


async def fed(evening: Evening, *, rounds: int, once: bool = False) -> None:
    """Delivers what waits so many times: what is handed back waits for the next round, as the platform has it."""
    worker = evening.worker()
    for _ in range(rounds):
        evening.time += timedelta(minutes=1)
        waiting, evening.topics.messages[:] = list(evening.topics.messages), []
        back: list[dict[str, Any]] = []
        while waiting:
            message = waiting.pop(0)
            try:
                await evening.deliver(worker, message)
            except PersonaUnavailable:
                back.append(message)
            if not once:
                waiting += evening.topics.messages
                evening.topics.messages.clear()
        evening.topics.messages += back


async def test_failed_items_are_tried_again_and_charged_for_once(evening: Evening) -> None:
    batch = await evening.submit({"user_input": "a", "persona": "nobody"}, *questions(5))
    await evening.work()
    assert await evening.states(batch) == {"answered": 5, "failed": 1, "completed": 1}
    assert [one["state"] for one in evening.topics.done] == ["completed"]
    completed = await evening.kept.submissions.get(batch.id)
    assert completed is not None
    again = await evening.end.replay(completed)
    assert (again.state, again.round, again.replayed) == ("running", 1, 1)
    await evening.work()
    assert await evening.states(batch) == {"answered": 5, "failed": 1, "completed": 1}
    assert [one["id"] for one in evening.topics.done] == [f"{batch.id}-0", f"{batch.id}-1"]
    assert await agrees(evening, batch)


async def test_what_a_replay_can_answer_is_answered(evening: Evening) -> None:
    mentor = Moody(fails={"2"})
    answered_by(evening, mentor)
    batch = await evening.submit(*questions(6))
    await fed(evening, rounds=TRIES)
    evening.time += PATIENCE
    await fed(evening, rounds=1)
    assert await evening.states(batch) == {"answered": 5, "failed": 1, "completed": 1}
    mentor.fails = set()
    completed = await evening.kept.submissions.get(batch.id)
    assert completed is not None
    await evening.end.replay(completed)
    await evening.work()
    assert await evening.states(batch) == {"answered": 6, "completed": 1}
    assert await agrees(evening, batch)


async def test_how_long_the_rest_takes_is_told_by_the_speed_so_far(evening: Evening) -> None:
    batch = await evening.submit(*questions(80))
    assert (await evening.progress(batch)).left_s is None, "nothing was answered yet"
    await evening.deliver(evening.worker(), evening.topics.messages.pop(0))
    began = (await evening.kept.batches.counts(batch.id)).began_at
    assert began is not None
    evening.time = began + timedelta(seconds=10)
    progress = await evening.progress(batch)
    assert (progress.counts.answered, progress.pending) == (5, 75)
    assert progress.left_s == pytest.approx(10 / 5 * 75, abs=0.1)
    await evening.work()
    ended = await evening.kept.submissions.get(batch.id)
    assert ended is not None
    assert (await evening.progress(ended)).left_s == 0


async def test_a_cancelled_batch_stops_under_way(evening: Evening) -> None:
    running = asyncio.Event()

    async def slow(_text: str) -> None:
        running.set()
        await asyncio.sleep(30)

    answered_by(evening, Moody(before=slow))
    batch = await evening.submit(*questions(3))
    worker = evening.worker(held=timedelta(seconds=0.03))
    work = asyncio.create_task(evening.deliver(worker, evening.topics.messages[0]))
    await running.wait()
    await evening.end.cancel(await evening.kept.submissions.get(batch.id))  # type: ignore[arg-type]
    assert (await asyncio.wait_for(work, 5))["lane"] == "lost"
    assert await evening.states(batch) == {"cancelled": 1}


async def test_a_budget_that_is_used_up_fails_the_rest_and_the_batch_ends(evening: Evening) -> None:
    batch = await evening.submit(*questions(12), owner=Owner("default", "key:poor", ("service",), monthly_tokens=100))
    await evening.work()
    states = await evening.states(batch)
    assert states.pop("completed") == 1
    assert sum(states.values()) == 12
    assert {one.reason for one in await results(evening, batch) if one.state == "failed"} == {"BUDGET_EXHAUSTED"}
    charged = await evening.charged("key:poor")
    assert charged.input_tokens + charged.output_tokens == used(await results(evening, batch))
    assert 100 - 30 < charged.input_tokens + charged.output_tokens <= 100 + 8 * 30  # what is left pays for no other answer


async def test_a_callers_many_batches_leave_turns_to_the_next_callers(evening: Evening) -> None:
    for _ in range(3):
        await evening.submit(*questions(100))
    before = len(evening.topics.messages)
    other = await evening.submit(*questions(100), owner=replace(ACME, caller="key:other"))
    assert [before, len(evening.topics.messages) - before] == [16 + 8 + 5, 16]
    worker, took = evening.worker(), 0
    while (await evening.states(other)).get("running"):
        await evening.deliver(worker, evening.topics.messages.pop(0))
        took += 1
    assert took <= 3 * (before + 16), "it did not wait for the end of those before it"


async def test_a_notice_is_told_again_until_it_is_taken(evening: Evening) -> None:
    evening.receiver.refuses = 2
    await evening.submit(*questions(1), webhook="https://example.com/")
    await evening.work()
    assert evening.receiver.taken == []
    for _ in range(3):
        await evening.fanout.tend()
        await evening.work()
        evening.time += timedelta(minutes=6)
    assert len(evening.receiver.taken) == 1
    assert len(evening.topics.done) == 1
    assert await evening.kept.submissions.outbox() == ()


async def test_a_receiver_that_never_takes_it_is_given_up_and_the_batch_says_so(evening: Evening) -> None:
    evening.receiver.refuses = 1_000
    batch = await evening.submit(*questions(1), webhook="https://example.com/")
    await evening.work()
    for _ in range(20):
        evening.time += timedelta(hours=1)
        await evening.fanout.tend()
        await evening.work()
    standing = await evening.kept.submissions.get(batch.id)
    assert standing is not None
    assert standing.notice is not None
    assert (standing.notice.told, standing.notice.failure, standing.state) == (True, "answered 500", "completed")
    assert await evening.kept.submissions.outbox() == ()
