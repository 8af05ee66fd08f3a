"""The protocol of a store of ratings: what somebody thought of an answer, and what came of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

from ion_mentoring.records.paging import Page

RETENTION: Final = timedelta(days=365)  # from the last change on
PAGE: Final = 100  # of one owner's, read at once
OWN: Final = 500  # of one owner: what is older is not needed for anything that is learnt of a person

Verdict = Literal["up", "down"]
Outcome = Literal["tried", "helped", "not"]
Reason = Literal["cold", "vague", "wrong", "off", "long", "unsafe", "warm", "clear", "useful"]


@dataclass(frozen=True, slots=True)
class Exposure:
    """The arm of an experiment, in one of its phases, that had a part in an answer."""

    experiment: str
    phase: int
    arm: str


@dataclass(frozen=True, slots=True)
class RatedAnswer:
    """The facts of the answer that was rated. `propensity` is the probability with which this persona was chosen."""

    answered_at: datetime
    persona: str
    card: int
    key: str
    language: str
    model: str
    propensity: float | None = None
    topics: tuple[str, ...] = ()
    exposures: tuple[Exposure, ...] = ()

    @property
    def tone(self) -> str:
        """The tone of its resonance key."""
        return self.key.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Rating:
    """One person's rating of one answer, by the id of its request. `answer` is None where nothing vouches for what it was.

    There are no words of people in it: reasons are names from a list of ours.
    """

    request_id: str
    at: datetime
    verdict: Verdict | None = None
    reasons: tuple[Reason, ...] = ()
    outcome: Outcome | None = None
    answer: RatedAnswer | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A rating in the list of all, with the mark of its owner; the next page begins after `place`."""

    owner: str
    rating: Rating
    place: str


def mark_of(owner: str) -> str:
    """The name that stores know an owner by."""
    return hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest()


def name_of(owner: str, request_id: str) -> str:
    """The name that stores keep a rating by: safe as a document id, and no two ratings share one."""
    return hashlib.sha256(f"{owner}\0{request_id}".encode("utf-8", "surrogatepass")).hexdigest()


class Ratings(Protocol):
    """Keeps ratings for `RETENTION`. Every method raises StoreUnavailable if the store does not answer."""

    async def put(self, owner: str, rating: Rating) -> None:
        """Keeps a rating in place of the one before of the same owner and request."""

    async def get(self, owner: str, request_id: str) -> Rating | None:
        """The rating of a request; None where its owner has given none."""

    async def of(self, owner: str) -> tuple[Rating, ...]:
        """The newest ratings of an owner, the newest first, at most `OWN`."""

    async def own(self, owner: str, after: str) -> Page[Rating]:
        """All ratings of an owner, in no order."""

    async def take_back(self, owner: str, request_id: str) -> bool:
        """Forgets a rating; False where there is none."""

    async def erase(self, owner: str) -> None:
        """Forgets all ratings of an owner."""

    async def page(self, after: str, limit: int) -> tuple[Listed, ...]:
        """The ratings of everybody in the order of their last change, from the `place` of one on ('' is the beginning)."""
