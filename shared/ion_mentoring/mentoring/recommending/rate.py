"""Ratings of answers: given, changed and taken back by whoever was answered."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from ion_mentoring.errors import NotFound
from ion_mentoring.records.feedback.protocol import Rating, Ratings
from ion_mentoring.telemetry.events import EventLog


@dataclass(frozen=True, slots=True)
class RateAnswers:
    """The use case; its collaborators are the fields."""

    ratings: Ratings
    log: EventLog
    now: Callable[[], datetime]

    async def give(self, owner: str, rating: Rating) -> Rating:
        """Keeps a rating in place of the one before, whose facts of the answer stay where this one brings none."""
        before = await self.ratings.get(owner, rating.request_id)
        if rating.answer is None and before:
            rating = replace(rating, answer=before.answer)
        await self.ratings.put(owner, rating)
        self._tell("feedback_given", rating)
        return rating

    async def take_back(self, owner: str, request_id: str) -> Rating:
        """Forgets a rating and returns it; NotFound where there is none."""
        before = await self.ratings.get(owner, request_id)
        if before is None or not await self.ratings.take_back(owner, request_id):
            raise NotFound("no such rating")
        self._tell("feedback_taken_back", before)
        return before

    def _tell(self, name: str, rating: Rating) -> None:
        """Logs facts of an answer and names of our own, and not who rates it."""
        answer = rating.answer
        self.log.info(
            name,
            verdict=rating.verdict,
            reasons=rating.reasons,
            outcome=rating.outcome,
            persona=answer.persona if answer else None,
            resonance_key=answer.key if answer else None,
        )
