"""What operators see of the batches of all owners."""

from datetime import UTC, datetime, timedelta

from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.mentoring.batching.lanes import planned
from ion_mentoring.mentoring.operating.open_batches import LOOKED_AT, OpenBatches
from ion_mentoring.records.batches.results import ItemResult
from ion_mentoring.records.batches.submissions import Batch, Owner, SubmittedItem
from ion_mentoring.wiring.stores import Stores, stores

NOW = datetime.now(UTC)


class DownOutbox:
    """A store that does not answer."""

    async def outbox(self) -> tuple[str, ...]:
        raise StoreUnavailable("down")


async def handed_in(kept: Stores, name: str, *, minutes_ago: int, items: int = 3) -> None:
    created = NOW - timedelta(minutes=minutes_ago)
    batch = Batch(name, Owner("acme", "key:a"), items, created, NOW + timedelta(days=1))
    submitted = tuple(SubmittedItem(place, str(place), {"user_input": "hi"}) for place in range(1, items + 1))
    assert await kept.submissions.create(batch, *planned(submitted, created, at_most=2))


async def test_batches_of_all_owners_are_counted_with_their_items_and_the_oldest() -> None:
    kept = stores("sqlite:///:memory:")
    looking = OpenBatches(kept.submissions, kept.batches, lambda: NOW)
    assert (await looking.figures())["running"] == 0
    await handed_in(kept, "one", minutes_ago=10)
    await handed_in(kept, "two", minutes_ago=2)
    await kept.batches.store(ItemResult("one", "1", "answered", {"content": "x"}, None, NOW))
    await kept.batches.store(ItemResult("two", "1", "failed", None, "REASON", NOW))
    assert await looking.figures() == {
        "open": 2,
        "running": 2,
        "items": 6,
        "answered": 1,
        "failed": 1,
        "pending": 4,
        "oldest_s": 600.0,
    }


async def test_of_very_many_batches_some_are_looked_at() -> None:
    kept = stores("sqlite:///:memory:")
    for number in range(LOOKED_AT + 2):
        await handed_in(kept, f"b{number:02}", minutes_ago=1, items=1)
    found = await OpenBatches(kept.submissions, kept.batches, lambda: NOW).figures()
    assert (found["open"], found["running"]) == (LOOKED_AT + 2, LOOKED_AT)


async def test_a_store_that_is_down_is_said_so() -> None:
    kept = stores("sqlite:///:memory:")
    down = OpenBatches(DownOutbox(), kept.batches, lambda: NOW)  # type: ignore[arg-type]
    assert await down.figures() == {"state": "down"}
