"""Profiles in Firestore: the collections `profiles` and `population`; a TTL policy on `expires_at` cleans up."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from ion_mentoring.backends.firestore import Added, Documents
from ion_mentoring.records.feedback.protocol import mark_of
from ion_mentoring.records.profiles.codec import (
    choices_json,
    choices_of,
    population_json,
    population_of,
    tallies_json,
    tallies_of,
)
from ion_mentoring.records.profiles.consent import Consent, consent_json, consent_of
from ion_mentoring.records.profiles.protocol import (
    CHOICES_RETENTION,
    POPULATION_RETENTION,
    RETENTION,
    Cell,
    Choices,
    Population,
    Profile,
    Tally,
)

PROFILES: Final = "profiles"
POPULATION: Final = "population"
ALL: Final = "all"
NOTHING: Final[Mapping[str, Any]] = {"tallies": "[]", "ratings": 0, "at": None}


class FirestoreProfiles:
    """One document a person, whose parts (what was learnt, what was chosen, what was agreed to) are written apart."""

    def __init__(self, documents: Documents, now: Callable[[], datetime]) -> None:
        self._documents = documents
        self._now = now

    async def get(self, owner: str) -> Profile | None:
        """The profile of an owner; an expired one is none, since TTL deletes late."""
        found = await self._documents.get(PROFILES, mark_of(owner))
        if found is None or found["expires_at"] <= self._now():
            return None
        found = {**NOTHING, "choices": choices_json(Choices()), **found}
        tallies, choices, consent = tallies_of(found["tallies"]), choices_of(found["choices"]), consent_of(found.get("consent"))
        return Profile(tallies, found["ratings"], found["at"], choices, consent).at_time(self._now())

    async def learn(self, owner: str, tallies: Mapping[Cell, Tally], ratings: int, at: datetime) -> None:
        """Keeps what was learnt; the end of a profile never comes earlier than it was."""
        fields = {"tallies": tallies_json(tallies), "ratings": ratings, "at": at}
        standing = await self._documents.get(PROFILES, mark_of(owner))
        ends = max(at + RETENTION, standing["expires_at"] if standing else at)
        await self._documents.commit([Added(PROFILES, mark_of(owner), {}, {**fields, "expires_at": ends})])

    async def choose(self, owner: str, choices: Choices) -> None:
        """Keeps choices."""
        fields = {"choices": choices_json(choices), "expires_at": self._now() + CHOICES_RETENTION}
        forgotten = {} if choices.personalise else NOTHING
        await self._documents.commit([Added(PROFILES, mark_of(owner), {}, {**fields, **forgotten})])

    async def agree(self, owner: str, consent: Consent) -> None:
        """Keeps a consent."""
        fields = {"consent": consent_json(consent), "expires_at": self._now() + CHOICES_RETENTION}
        await self._documents.commit([Added(PROFILES, mark_of(owner), {}, fields)])

    async def erase(self, owner: str) -> None:
        """Deletes the profile of an owner."""
        await self._documents.delete(PROFILES, mark_of(owner))

    async def population(self) -> Population | None:
        """The population as it was counted last."""
        found = await self._documents.get(POPULATION, ALL)
        counted = population_of(found["counted"]) if found else None
        return counted if counted and counted.holds(self._now()) else None

    async def count(self, population: Population) -> None:
        """Keeps a count."""
        ends = (population.counted_at or datetime.now(UTC)) + POPULATION_RETENTION
        fields = {"counted": population_json(population), "expires_at": ends}
        await self._documents.commit([Added(POPULATION, ALL, {}, fields)])
