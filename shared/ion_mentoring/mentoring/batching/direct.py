"""Messages that publishers send by themselves: their items, each answered once however often the message comes."""

from msgspec import Struct

from ion_mentoring.mentoring.batching.items import AnswerItems, Item


class Tally(Struct, frozen=True):
    """The outcome of a message's items; `left` have to come again."""

    answered: int = 0
    failed: int = 0
    known: int = 0
    left: int = 0


class AnswerBatch(Struct, frozen=True):
    """The use case."""

    items: AnswerItems

    async def __call__(self, items: tuple[Item, ...]) -> Tally:
        """Answers what has no result yet. One item's trouble is not another's; StoreUnavailable stops the message."""
        outcomes = [outcome.state for outcome in await self.items(items)]
        tally = Tally(outcomes.count("answered"), outcomes.count("failed"), outcomes.count("known"), outcomes.count("left"))
        log = self.items.log
        log.info("batch_message_done", items=len(items), answered=tally.answered, failed=tally.failed, left=tally.left)
        return tally

    async def bury(self, items: tuple[Item, ...], reason: str) -> Tally:
        """Stores that items of a dead letter failed, with its reason; those that have a result keep it."""
        stored = [await self.items.bury(item, item.refused or reason) for item in items]
        self.items.log.warning("batch_message_buried", items=len(items), failed=sum(stored))
        return Tally(failed=sum(stored), known=len(stored) - sum(stored))
