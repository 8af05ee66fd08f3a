"""Ratings in Firestore: the collection `feedback`; a TTL policy on `expires_at` cleans up."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from ion_mentoring.backends.firestore import Added, Deleted, Document, Documents
from ion_mentoring.records.feedback.codec import answer_fields, answer_of, place_of
from ion_mentoring.records.feedback.protocol import OWN, PAGE, RETENTION, Listed, Rating, mark_of, name_of
from ion_mentoring.records.paging import Page

COLLECTION: Final = "feedback"


class FirestoreRatings:
    """One document a rating; what an owner has given is found by the owner's mark."""

    def __init__(self, documents: Documents, now: Callable[[], datetime]) -> None:
        self._documents = documents
        self._now = now

    async def put(self, owner: str, rating: Rating) -> None:
        """Keeps a rating; every field is written, so that nothing of the one before is left."""
        name = name_of(owner, rating.request_id)
        fields = {
            "owner": mark_of(owner),
            "place": place_of(rating, name),
            "request_id": rating.request_id,
            "at": rating.at,
            "verdict": rating.verdict,
            "reasons": list(rating.reasons),
            "outcome": rating.outcome,
            "answer": answer_fields(rating.answer) if rating.answer else None,
            "expires_at": rating.at + RETENTION,
        }
        await self._documents.commit([Added(COLLECTION, name, {}, fields)])

    async def get(self, owner: str, request_id: str) -> Rating | None:
        """The rating of a request; an expired one is none, since TTL deletes late."""
        found = await self._documents.get(COLLECTION, name_of(owner, request_id))
        return _rating(found) if found and found["expires_at"] > self._now() else None

    async def of(self, owner: str) -> tuple[Rating, ...]:
        """The newest ratings of an owner, put into order here: an index of two fields would be written with each of them."""
        found = await self._documents.matching(COLLECTION, "owner", mark_of(owner))
        newest = sorted(found.values(), key=lambda one: str(one["place"]), reverse=True)
        return tuple(_rating(one) for one in newest[:OWN] if one["expires_at"] > self._now())

    async def own(self, owner: str, after: str) -> Page[Rating]:
        """All ratings of an owner, by the names of their documents."""
        found, now = await self._documents.matching_after(COLLECTION, "owner", mark_of(owner), after, PAGE), self._now()
        ratings = (_rating(one) for one in found.values() if one["expires_at"] > now)
        return Page(tuple(ratings), list(found)[-1] if len(found) == PAGE else "")

    async def take_back(self, owner: str, request_id: str) -> bool:
        """Deletes a rating that is there."""
        return await self._documents.commit([Deleted(COLLECTION, name_of(owner, request_id))]) is not None

    async def erase(self, owner: str) -> None:
        """Deletes all ratings of an owner, a few hundred in a commit."""
        await self._documents.erase_matching(COLLECTION, "owner", mark_of(owner))

    async def page(self, after: str, limit: int) -> tuple[Listed, ...]:
        """A page of the list of all; expired ones are left out here."""
        listed: list[Listed] = []
        while len(listed) < limit:
            found = await self._documents.following(COLLECTION, "place", after, limit)
            now = self._now()
            listed += [Listed(one["owner"], _rating(one), one["place"]) for one in found if one["expires_at"] > now]
            if len(found) < limit:
                break
            after = found[-1]["place"]
        return tuple(listed[:limit])


def _rating(found: Document) -> Rating:
    answer = answer_of(found["answer"]) if found["answer"] else None
    return Rating(found["request_id"], found["at"], found["verdict"], tuple(found["reasons"]), found["outcome"], answer)
