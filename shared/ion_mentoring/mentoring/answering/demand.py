"""The demand for answers, as far as answering tells of it."""

from typing import Protocol

from ion_mentoring.mentoring.answering.answer_cache import CachedReply
from ion_mentoring.mentoring.answering.values import AnswerRequest, CacheAddress, RoutingDecision


class Demand(Protocol):
    """A listener to what people ask for, by the addresses of their answers."""

    async def asked(
        self, request: AnswerRequest, decision: RoutingDecision, address: CacheAddress, hit: CachedReply | None
    ) -> None:
        """Takes note of a question and of its answer in the cache, if there is one."""

    async def again(self, address: CacheAddress) -> None:
        """Takes note of a question that was parsed before, and whose answer is fresh."""
