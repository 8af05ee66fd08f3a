"""Ratings of answers: given, changed and taken back by whoever was answered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from msgspec import Struct

from ion_mentoring.errors import NotFound, StoreUnavailable
from ion_mentoring.mentoring.answering.values import Learner
from ion_mentoring.mentoring.recommending.tallies import tallies, teaching
from ion_mentoring.records.feedback.protocol import RatedAnswer, Rating, Ratings
from ion_mentoring.records.profiles.protocol import Profile, Profiles
from ion_mentoring.telemetry.events import EventLog


class RateAnswers(Struct, frozen=True):
    """The use case; its collaborators are the fields. `forget` is told the mark of a person whose profile has changed,
    `unsafe` each answer that somebody calls unsafe."""

    ratings: Ratings
    profiles: Profiles
    log: EventLog
    now: Callable[[], datetime]
    forget: Callable[[str], None]
    unsafe: Callable[[RatedAnswer], None]

    async def give(self, owner: str, rating: Rating, learner: Learner | None) -> Rating:
        """Keeps a rating in place of the one before, whose facts of the answer stay where this one brings none."""
        before = await self.ratings.get(owner, rating.request_id)
        if rating.answer is None and before:
            rating = replace(rating, answer=before.answer)
        await self.ratings.put(owner, rating)
        self._tell("feedback_given", rating)
        if rating.answer and "unsafe" in rating.reasons and not (before and "unsafe" in before.reasons):
            self.unsafe(rating.answer)
        await self._learn(owner, learner)
        return rating

    async def take_back(self, owner: str, request_id: str, learner: Learner | None) -> Rating:
        """Forgets a rating and returns it; NotFound where there is none."""
        before = await self.ratings.get(owner, request_id)
        if before is None or not await self.ratings.take_back(owner, request_id):
            raise NotFound("no such rating")
        self._tell("feedback_taken_back", before)
        await self._learn(owner, learner)
        return before

    async def _learn(self, owner: str, learner: Learner | None) -> None:
        """Makes the profile of a person anew from all that they said, unless they want none; it is made again with the next
        rating where the store is away now."""
        if learner is None:
            return
        try:
            profile = await self.profiles.get(owner) or Profile()
            if profile.choices.personalise:
                given, now = teaching(await self.ratings.of(owner), profile.choices.learnt_from), self.now()
                learnt = tallies(given, now)
                if learnt or profile.tallies:
                    await self.profiles.learn(owner, learnt, len(given), now)
        except StoreUnavailable as error:
            self.log.warning("profile_unwritten", reason=str(error))
        self.forget(learner.mark)

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
