"""The demand for answers, counted; what is due is renewed in time."""

from msgspec import Struct

from ion_mentoring.mentoring.answering.answer_cache import CachedReply
from ion_mentoring.mentoring.answering.values import AnswerRequest, CacheAddress, RoutingDecision
from ion_mentoring.mentoring.warming.popular import PopularQuestions
from ion_mentoring.mentoring.warming.renewals import Renewals


class CountedDemand(Struct, frozen=True):
    """Without `popular` nothing is counted, without `renewals` a cached answer serves to its end."""

    popular: PopularQuestions | None = None
    renewals: Renewals | None = None

    async def asked(
        self, request: AnswerRequest, decision: RoutingDecision, address: CacheAddress, hit: CachedReply | None
    ) -> None:
        """Counts a question, and asks for the renewal of an answer that is due; what is warmed are usual answers alone."""
        if self.popular and not request.variant:
            await self.popular.asked(request, decision, address)
        if hit and hit.due and self.renewals:
            await self.renewals.ask_for(request, decision, address)

    async def again(self, address: CacheAddress) -> None:
        """Counts a question that was parsed before."""
        if self.popular:
            await self.popular.again(address)
