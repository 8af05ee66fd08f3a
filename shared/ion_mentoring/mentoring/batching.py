"""Many answers: the items of a batch, each answered once however often its message comes."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from ion_mentoring.errors import MentoringError, UnknownPersona
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.values import Answer, AnswerRequest
from ion_mentoring.records.batches.protocol import BatchResults, ItemResult
from ion_mentoring.telemetry.events import EventLog

AT_ONCE: Final = 8  # items of one message


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a batch: what it asks, or the reason why it cannot be asked."""

    batch_id: str
    item_id: str
    request: AnswerRequest | None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """The outcome of a message's items; `left` have to come again."""

    answered: int = 0
    failed: int = 0
    known: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class AnswerBatch:
    """The use case; `show` makes the stored JSON object of an answer."""

    answer: AnswerQuestion
    results: BatchResults
    log: EventLog
    now: Callable[[], datetime]
    show: Callable[[Answer], Mapping[str, Any]]

    async def __call__(self, items: tuple[Item, ...]) -> Tally:
        """Answers what has no result yet. One item's trouble is not another's; StoreUnavailable stops the message."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(item: Item) -> str:
            async with gate:
                return await self._item(item)

        outcomes = await asyncio.gather(*map(one, items))
        tally = Tally(**{kind: outcomes.count(kind) for kind in ("answered", "failed", "known", "left")})
        self.log.info("batch_message_done", items=len(items), answered=tally.answered, failed=tally.failed, left=tally.left)
        return tally

    async def _item(self, item: Item) -> str:
        """The outcome of one item: `known`, `answered`, `failed` for good, or `left` for a later delivery."""
        if await self.results.has(item.batch_id, item.item_id):
            return "known"
        if item.request is None:
            return await self._store(item, None, item.refused or "not a request")
        try:
            answer = await self.answer(replace(item.request, entry=_entry(item)))
        except UnknownPersona as error:
            return await self._store(item, None, error.code)
        except MentoringError as error:
            self.log.warning("batch_item_left", reason=str(error))
            return "left"
        return await self._store(item, self.show(answer), None)

    async def _store(self, item: Item, answer: Mapping[str, Any] | None, reason: str | None) -> str:
        state: Literal["answered", "failed"] = "failed" if answer is None else "answered"
        stored = await self.results.store(ItemResult(item.batch_id, item.item_id, state, answer, reason, self.now()))
        return state if stored else "known"


def _entry(item: Item) -> str:
    """The name of what a session keeps of an item: the same each time that its message comes."""
    return hashlib.sha256(f"{item.batch_id}\0{item.item_id}".encode("utf-8", "surrogatepass")).hexdigest()
