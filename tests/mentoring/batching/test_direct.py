"""A batch: every item gets one result, however often and however broken its message comes."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.handlers.workers.batch import stored_view
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.mentoring.batching.direct import AnswerBatch, Tally
from ion_mentoring.mentoring.batching.items import AnswerItems, Item
from ion_mentoring.records.batches.results import ItemResult
from ion_mentoring.records.conversations.protocol import ConversationId
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.stores import stores
from tests.fakes import DownMentor, SpyMentor
from tests.mentoring.changes import changed

Make = Callable[..., AnswerRequest]


@pytest.fixture
def batch(use_case: AnswerQuestion, lines: list[str]) -> AnswerBatch:
    results, log = stores("sqlite:///:memory:").batches, EventLog("batch", write=lines.append)
    return AnswerBatch(AnswerItems(use_case, results, log, lambda: datetime.now(UTC), stored_view))


def with_(batch: AnswerBatch, **changes: Any) -> AnswerBatch:
    """The same use case with other collaborators."""
    return AnswerBatch(replace(batch.items, **changes))


async def test_each_item_is_answered_and_stored(batch: AnswerBatch, ask: Make) -> None:
    tally = await batch((Item("b", "1", ask("one")), Item("b", "2", ask("two"))))
    stored = await batch.items.results.of("b")
    assert tally == Tally(answered=2)
    assert [result.item_id for result in stored] == ["1", "2"]
    assert stored[0].answer is not None
    assert stored[0].answer["persona_used"] in ("Lua", "Elro", "Riri", "Nana")
    assert stored[0].answer["metadata"]["ai_generated"] is True


async def test_a_message_that_comes_twice_changes_nothing(batch: AnswerBatch, ask: Make, spies: dict[str, SpyMentor]) -> None:
    items = (Item("b", "1", ask("one", use_cache=False)),)
    await batch(items)
    first = await batch.items.results.of("b")
    assert await batch(items) == Tally(known=1)
    assert await batch.items.results.of("b") == first
    assert sum(len(spy.asked) for spy in spies.values()) == 1


async def test_what_cannot_be_asked_fails_for_good_with_its_reason_and_no_other_with_it(batch: AnswerBatch, ask: Make) -> None:
    items = (Item("b", "1", None, "VALIDATION_ERROR: user_input"), Item("b", "2", ask(persona="zoe")), Item("b", "3", ask()))
    assert await batch(items) == Tally(answered=1, failed=2)
    stored = {result.item_id: (result.state, result.reason) for result in await batch.items.results.of("b")}
    assert stored == {
        "1": ("failed", "VALIDATION_ERROR: user_input"),
        "2": ("failed", "INVALID_PERSONA"),
        "3": ("answered", None),
    }


async def test_what_nobody_can_answer_now_is_left_for_later(batch: AnswerBatch, ask: Make, spies: dict[str, SpyMentor]) -> None:
    down = with_(batch, answer=changed(batch.items.answer, mentors=dict.fromkeys(spies, DownMentor()), last_resort={}))
    items = (Item("b", "1", ask("one")),)
    assert await down(items) == Tally(left=1)
    assert await batch.items.results.of("b") == ()
    assert await batch(items) == Tally(answered=1)


async def test_nothing_is_acknowledged_that_is_not_stored(batch: AnswerBatch, ask: Make) -> None:
    class Down:
        async def found(self, batch_id: str, names: Sequence[str]) -> Mapping[str, ItemResult]:
            return {}

        async def store(self, result: ItemResult) -> bool:
            raise StoreUnavailable("down")

        async def of(self, batch_id: str) -> tuple[ItemResult, ...]:
            return ()

    with pytest.raises(StoreUnavailable):
        await with_(batch, results=Down())((Item("b", "1", ask()),))


async def test_of_two_workers_with_one_item_the_first_result_stays(batch: AnswerBatch, ask: Make) -> None:
    class Racing:
        """Says that there is no result yet, as the store did a moment ago."""

        def __init__(self, results: object) -> None:
            self.store = results.store  # type: ignore[attr-defined]
            self.of = results.of  # type: ignore[attr-defined]

        async def found(self, batch_id: str, names: Sequence[str]) -> Mapping[str, ItemResult]:
            return {}

    items = (Item("b", "1", ask("one")),)
    await batch(items)
    assert await with_(batch, results=Racing(batch.items.results))(items) == Tally(known=1)


async def said(batch: AnswerBatch) -> list[str]:
    """What the session of the tests below remembers."""
    turns = await batch.items.answer.memory.conversations.recent(ConversationId("key:acme/", "s"), 99)
    return [turn.content for turn in turns]


class ForgetsResults:
    """Loses the connection just before a result would be stored, so many times."""

    def __init__(self, results: object, times: int) -> None:
        self.found = results.found  # type: ignore[attr-defined]
        self.of = results.of  # type: ignore[attr-defined]
        self._store = results.store  # type: ignore[attr-defined]
        self._times = times

    async def store(self, result: ItemResult) -> bool:
        self._times -= 1
        if self._times >= 0:
            raise StoreUnavailable("gone")
        return await self._store(result)


async def test_a_message_that_comes_again_after_a_crash_is_in_the_session_once(batch: AnswerBatch, ask: Make) -> None:
    items = (Item("b", "1", ask("one", session_id="s", use_cache=False)),)
    with pytest.raises(StoreUnavailable):
        await with_(batch, results=ForgetsResults(batch.items.results, 1))(items)
    assert await batch(items) == Tally(answered=1)
    (result,) = await batch.items.results.of("b")
    assert result.answer is not None
    assert await said(batch) == ["one", result.answer["content"]]


async def test_a_message_that_comes_twice_at_once_has_one_result_and_is_in_the_session_once(
    batch: AnswerBatch, ask: Make
) -> None:
    items = (Item("b", "1", ask("one", session_id="s", use_cache=False)),)
    tallies = await asyncio.gather(batch(items), batch(items))
    assert sorted(tally.answered for tally in tallies) == [0, 1]
    (result,) = await batch.items.results.of("b")
    assert result.answer is not None
    assert await said(batch) == ["one", result.answer["content"]]


async def test_items_of_one_session_are_each_in_it_even_if_they_ask_the_same(batch: AnswerBatch, ask: Make) -> None:
    asked = ask("one", session_id="s")
    await batch((Item("b", "1", asked), Item("b", "2", asked), Item("b2", "1", asked)))
    assert (await said(batch)).count("one") == 3
