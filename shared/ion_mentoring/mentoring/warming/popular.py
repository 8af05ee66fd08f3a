"""The most popular questions: counted as they ask, asked again before it is too old, and packed for instances that start."""

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ion_mentoring.caching.preload import Preload
from ion_mentoring.errors import InvalidInput
from ion_mentoring.mentoring.answering.values import AnswerRequest, CacheAddress, RoutingDecision
from ion_mentoring.mentoring.warming.renewals import SealedQuestions
from ion_mentoring.personas.contract import Reply

if TYPE_CHECKING:  # who has no L2 does not pay for importing its client
    from ion_mentoring.caching.popularity import Popularity

HOTTEST: Final = 200
HOLDS_S: Final = 7 * 86_400.0


class PopularQuestions(Struct, frozen=True):
    """Counts questions whose answers are for everybody, and knows the most frequent ones again."""

    popularity: "Popularity"
    sealed: SealedQuestions
    preload: Preload[Reply]

    async def asked(self, request: AnswerRequest, decision: RoutingDecision, address: CacheAddress) -> None:
        """Counts a question, if its answer is for everybody."""
        if not address.scope.owner:
            await self.popularity.asked(
                address.key, lambda: self.sealed.seal(request, decision, HOLDS_S, common=bool(address.shown))
            )

    async def again(self, address: CacheAddress) -> None:
        """Counts a question that was understood before."""
        await self.popularity.asked(address.key)

    async def hottest(self) -> list[AnswerRequest]:
        """The questions that are asked for most, the most popular first; older ones count less from now on."""
        await self.popularity.decay()
        opened = [self._opened(question) for _, question in await self.popularity.hottest(HOTTEST)]
        return [request for request in opened if request]

    async def pack(self) -> None:
        """Packs the entries that are asked for most, so that an instance that starts gets them in one piece."""
        await self.preload.pack([key for key, _ in await self.popularity.hottest(HOTTEST)])

    def _opened(self, question: str) -> AnswerRequest | None:
        try:
            return self.sealed.open(question)
        except InvalidInput:
            return None  # sealed under another secret, or not by us
