"""One item of a batch: answered once, charged once, however often and wherever its message comes.

The result is stored first, and only whoever stored it charges for it, under an id made of batch and item. If it dies in
between, the next one finds the bill in the result.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.errors import BudgetExhausted, ConsentRequired, MentoringError, UnknownPersona
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.values import Answer, AnswerRequest
from ion_mentoring.records.batches.results import BatchResults, ItemResult
from ion_mentoring.records.ledger.protocol import Entry
from ion_mentoring.telemetry.events import EventLog

AT_ONCE: Final = 8  # items of one message

State = Literal["answered", "failed", "known", "left"]


class Item(Struct, frozen=True):
    """One item of a batch: what it asks, or the reason why it cannot be asked; `key`, `round`, `expires_at` and `owner` as its
    result has them."""

    batch_id: str
    item_id: str
    request: AnswerRequest | None
    refused: str | None = None
    key: str | None = None
    round: int = 0
    expires_at: datetime | None = None
    owner: str = ""

    @property
    def name(self) -> str:
        """Its name within its batch."""
        return self.item_id if self.key is None else self.key

    @property
    def session(self) -> tuple[str | None, str] | None:
        """The session that it belongs to, of which one item is answered after the other."""
        asked = self.request
        return (asked.user_id, asked.session_id) if asked and asked.session_id is not None else None


class Outcome(Struct, frozen=True):
    """The outcome of one item, and why it is not answered: `known` has its result, `left` has to come again."""

    item: Item
    state: State
    reason: str | None = None


class AnswerItems(Struct, frozen=True):
    """Answers items and stores their results; `show` makes the stored JSON object of an answer."""

    answer: AnswerQuestion
    results: BatchResults
    log: EventLog
    now: Callable[[], datetime]
    show: Callable[[Answer], Mapping[str, Any]]

    async def __call__(self, items: Sequence[Item], done: Callable[[Outcome], object] = lambda _: None) -> list[Outcome]:
        """The outcome of each item; `done` is told of each as it comes. One item's trouble is not another's, but those of a
        session wait for the one before. StoreUnavailable stops them all."""
        standing = await self.results.found(items[0].batch_id, [item.name for item in items]) if items else {}
        gate = asyncio.Semaphore(AT_ONCE)

        async def run(items: Sequence[Item]) -> list[Outcome]:
            async with gate:
                return await self._one_after_the_other(items, standing, done)

        return [outcome for run in await together(run(items) for items in _runs(items)) for outcome in run]

    async def bury(self, item: Item, reason: str) -> bool:
        """Stores that an item failed for good; False if it has a result."""
        return await self.results.store(self._result(item, None, reason))

    async def _one_after_the_other(
        self, items: Sequence[Item], standing: Mapping[str, ItemResult], done: Callable[[Outcome], object]
    ) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for item in items:
            waits = bool(outcomes) and outcomes[-1].state == "left"
            outcome = replace(outcomes[-1], item=item) if waits else await self._outcome(item, standing.get(item.name))
            outcomes.append(outcome)
            done(outcome)
        return outcomes

    async def _outcome(self, item: Item, standing: ItemResult | None) -> Outcome:
        if standing and (standing.state == "answered" or standing.round >= item.round):
            await self._settle(standing)
            return Outcome(item, "known")
        if item.request is None:
            return await self._store(item, None, item.refused or "not a request")
        name = entry_of(item)
        try:
            answer = await self.answer(replace(item.request, entry=name, billed_as=f"{name}-{item.round}"))
        except (UnknownPersona, BudgetExhausted, ConsentRequired) as error:
            return await self._store(item, None, error.code)
        except MentoringError as error:
            self.log.warning("batch_item_left", reason=str(error))
            return Outcome(item, "left", error.code)
        except Exception as error:  # noqa: BLE001 - the loop over a batch: one item's bug is not another's
            self.log.error("batch_item_broke", error=type(error).__name__)
            return Outcome(item, "left", MentoringError.code)
        return await self._store(item, answer, None)

    async def _store(self, item: Item, answer: Answer | None, reason: str | None) -> Outcome:
        result = self._result(item, answer, reason)
        if not await self.results.store(result):
            if answer and answer.due:
                self.log.warning("batch_answer_wasted", tokens=_tokens(answer.due))
                await self.answer.metering.wasted(answer.due)
            return Outcome(item, "known")
        await self._settle(result)
        return Outcome(item, result.state, reason)

    async def _settle(self, result: ItemResult) -> None:
        """Charges for a result; a second time changes nothing."""
        if result.bill is not None:
            await self.answer.metering.ledger.settle(_entries().validate_python(result.bill))

    def _result(self, item: Item, answer: Answer | None, reason: str | None) -> ItemResult:
        return ItemResult(
            batch_id=item.batch_id,
            item_id=item.item_id,
            state="answered" if answer else "failed",
            answer=self.show(answer) if answer else None,
            reason=reason,
            at=self.now(),
            key=item.key,
            round=item.round,
            look_first=bool(answer and (answer.safety or answer.care)),
            bill=_entries().dump_python(answer.due, mode="json") if answer and answer.due else None,
            expires_at=item.expires_at,
            owner=item.owner,
        )


def entry_of(item: Item) -> str:
    """The name of what an item leaves in its session: the same each time that its message comes."""
    return hashlib.sha256(f"{item.batch_id}\0{item.name}".encode("utf-8", "surrogatepass")).hexdigest()


async def together(work: Iterable[Awaitable[list[Outcome]]]) -> list[list[Outcome]]:
    """The results of what runs at once; where one breaks, the others are ended before that is told."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _runs(items: Sequence[Item]) -> list[list[Item]]:
    """Items that may be answered at once, those of one session together."""
    runs: dict[object, list[Item]] = {}
    for place, item in enumerate(items):
        runs.setdefault(item.session or place, []).append(item)
    return list(runs.values())


@cache
def _entries() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Entry)


def _tokens(entry: Entry) -> int:
    return sum(charge.usage.input_tokens + charge.usage.output_tokens for charge in entry.charges)
