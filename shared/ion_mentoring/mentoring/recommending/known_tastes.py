"""The tastes that an instance knows, each for a minute: the store is waited for only with a person's first question."""

import time
from collections.abc import Callable
from typing import Final

from msgspec import Struct, field

from ion_mentoring.caching.local import LocalCache
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.mentoring.answering.tastes import IMPERSONAL, Personal
from ion_mentoring.mentoring.answering.values import Learner
from ion_mentoring.personas.taste import Taste
from ion_mentoring.records.profiles.protocol import Population, Profile, Profiles
from ion_mentoring.telemetry.events import EventLog

KEPT_S: Final = 60.0
COUNTED_S: Final = 600.0  # for which a reading of the population counts, which is counted twice a day
PEOPLE: Final = 20_000
BYTES: Final = 8 * 1024 * 1024
SIZE: Final = 400  # bytes of what is known of a person, roughly


def _known() -> LocalCache[Personal]:
    return LocalCache(max_bytes=BYTES, max_entries=PEOPLE, now=time.time)


class KnownTastes(Struct):
    """Profiles as they were read, by the mark of their person; `now` is wall-clock time in seconds."""

    profiles: Profiles
    log: EventLog
    now: Callable[[], float] = time.time
    _people: LocalCache[Personal] = field(default_factory=_known)
    _population: Population = field(default_factory=Population)
    _counted_at: float = 0.0

    def peek(self, mark: str) -> Personal | None:
        """The taste of a person as far as it is known without asking the store; None where that is not known now."""
        kept = self._people.get(mark)
        return kept.value if kept else None

    async def of(self, learner: Learner) -> Personal:
        """The taste of a person; where the store does not answer, nothing, and nothing is tried."""
        known = self.peek(learner.mark)
        if known is not None:
            return known
        try:
            profile, population = await self.profiles.get(learner.owner), await self.population()
        except StoreUnavailable as error:
            self.log.warning("taste_unread", reason=str(error))
            return IMPERSONAL
        found = personal(profile, population)
        self._people.put(learner.mark, found, size=SIZE, expires_at=self.now() + KEPT_S)
        return found

    async def population(self) -> Population:
        """The population, as it was read lately."""
        if self.now() - self._counted_at > COUNTED_S:
            self._population = await self.profiles.population() or Population()
            self._counted_at = self.now()
        return self._population

    def recount(self) -> None:
        """Reads everything anew: the population was counted."""
        self._people, self._counted_at = _known(), 0.0

    def forget(self, mark: str) -> None:
        """Reads the profile of a person anew with the next question: it has changed."""
        self._people.put(mark, IMPERSONAL, size=0, expires_at=0.0)


def personal(profile: Profile | None, population: Population) -> Personal:
    """The meaning of a profile for answers; a person of whom nothing was learnt has everybody's taste."""
    profile = profile or Profile()
    if not profile.choices.personalise:
        return IMPERSONAL
    known = profile.tallies or population.tones
    taste = Taste(profile, population) if known else None
    return Personal(taste, explores=True, experiments=profile.choices.experiments)
