"""The count of everybody's ratings, made anew from all of them: there is no document that many write."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from ion_mentoring.mentoring.recommending.tallies import counted
from ion_mentoring.records.feedback.protocol import Ratings
from ion_mentoring.records.profiles.protocol import Population, Profiles


class CountPopulation(Struct, frozen=True):
    """The use case; its collaborators are the fields."""

    ratings: Ratings
    profiles: Profiles
    now: Callable[[], datetime]

    async def __call__(self) -> Population:
        """Counts, and keeps the count for all instances."""
        found = await counted(self.ratings, self.now)
        await self.profiles.count(found)
        return found
