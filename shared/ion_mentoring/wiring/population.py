"""The count of everybody's ratings; with the scheduler's message, a look of the guard at experiments beside it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from ion_mentoring.mentoring.recommending.count import CountPopulation
from ion_mentoring.wiring.answering import Answering


def count_population(built: Answering) -> CountPopulation:
    """The count of everybody's ratings."""
    return CountPopulation(built.stores.ratings, built.stores.profiles, lambda: datetime.now(UTC))


def count_and_guard(built: Answering) -> Callable[[], Awaitable[None]]:
    """The count, then a look at all that is known of the experiments that run."""
    count = count_population(built)

    async def counted() -> None:
        await count()
        await built.guard.whole()

    return counted
