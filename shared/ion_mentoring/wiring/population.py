"""The count of everybody's ratings, for the operators' endpoint and for the scheduler's message."""

from datetime import UTC, datetime

from ion_mentoring.mentoring.recommending.count import CountPopulation
from ion_mentoring.wiring.answering import Answering


def count_population(built: Answering) -> CountPopulation:
    """The count of everybody's ratings."""
    return CountPopulation(built.stores.ratings, built.stores.profiles, lambda: datetime.now(UTC))
