"""Warm caches: answers that are likely to be asked for, made before anybody asks.

One warmer a region works at a time, in slices: how far it has come is kept in L2, so that the next one, after its death or
its budget, goes on from there.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from ion_mentoring.access.caller import Caller
from ion_mentoring.caching.renewing import Renewing
from ion_mentoring.catalogue.bilingual import Bilingual, Datum
from ion_mentoring.errors import MentoringError
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.editorial import EDITORIAL
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.mentoring.warming.popular import PopularQuestions
from ion_mentoring.personas.contract import Reply
from ion_mentoring.resilience import deadline
from ion_mentoring.resources import paths, read_data
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.understanding.resonance.key import ALL_KEYS

if TYPE_CHECKING:  # who has no L2 does not pay for importing its client
    from ion_mentoring.caching.progress import Progress

WARMER: Final = Caller("warming", everybody=True)
AT_ONCE: Final = 8
SLICE: Final = 32  # questions between two notes of how far it has come
ENDS_BEFORE_S: Final = 30.0  # the time of the message is over

Scope = Literal["all", "popular"]
Outcome = Literal["filled", "fresh", "refused"]


class EditorialQuestions(Datum, frozen=True, kw_only=True):
    """The editorial list."""

    question: Annotated[tuple[Bilingual, ...], Meta(min_length=1)]


class Pace(Struct, frozen=True):
    """The number of answers that a run may make in a minute, and at all."""

    per_minute: int = 120
    budget: int = 500


class Warmed(Struct, frozen=True):
    """The outcome of a run: `fresh` were there already, `refused` found no L2 or no persona, `left` are for the next.

    `busy` if another warmer was at it, so that this one did nothing.
    """

    filled: int = 0
    fresh: int = 0
    refused: int = 0
    left: int = 0
    busy: bool = False


class WarmCaches(Struct, frozen=True):
    """The use case. Filling an entry twice changes nothing, so a message may come as often as it likes."""

    answer: AnswerQuestion
    renewing: Renewing[Reply]
    questions: tuple[Bilingual, ...]
    log: EventLog
    popular: PopularQuestions | None = None
    progress: "Progress | None" = None
    pace: Pace = Pace()
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def __call__(self, scope: Scope, personas: tuple[str, ...]) -> Warmed:
        """Fills L2: `popular` with what is asked for most and the editorial list, `all` with that list for every key.

        UnknownPersona for a bad name.
        """
        roster = self.answer.routing.roster
        wanted = [roster.named(persona).id for persona in personas] or list(roster)
        asks = [*await self._popular(scope, personas), *self._editorial(scope, wanted, routed=not personas)]
        if self.progress is None or not await self.renewing.possible():
            return self._told(scope, Warmed(refused=len(asks)))
        async with self.progress.exclusive() as alone:
            warmed = await self._run(f"{scope}:{','.join(wanted)}", asks, self.progress) if alone else Warmed(busy=True)
        return self._told(scope, warmed)

    async def renew(self, request: AnswerRequest) -> Outcome:
        """Makes one answer anew; `fresh` if somebody else was first."""
        outcome = await self._fill(request)
        self.log.info("answer_renewed", outcome=outcome)
        return outcome

    async def _run(self, work: str, asks: Sequence[AnswerRequest], progress: "Progress") -> Warmed:
        """Goes on where the last run ended, until all is done or a limit is reached."""
        done, outcomes = await progress.of(work), list[Outcome]()
        began, time_s = self.now(), deadline.limit_s(float("inf")) - ENDS_BEFORE_S
        done = done if done < len(asks) else 0
        while done < len(asks) and outcomes.count("filled") < self.pace.budget and self.now() - began < time_s:
            outcomes += await self._slice(asks[done : done + SLICE], outcomes.count("filled"), began)
            done = min(done + SLICE, len(asks))
            await progress.note(work, done)
        if done == len(asks):
            await progress.note(work, 0)
        if self.popular:
            await self.popular.pack()
        return Warmed(outcomes.count("filled"), outcomes.count("fresh"), outcomes.count("refused"), len(asks) - done)

    async def _slice(self, asks: Sequence[AnswerRequest], filled: int, began: float) -> list[Outcome]:
        """Fills some at once, none sooner than its place in the pace allows; what is fresh costs no time."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(request: AnswerRequest) -> Outcome:
            nonlocal filled
            async with gate:
                outcome = await self._fill(request)
                if outcome == "filled":
                    filled += 1
                    await self.sleep(max(0.0, began + 60 * filled / self.pace.per_minute - self.now()))
                return outcome

        return await asyncio.gather(*map(one, asks))

    async def _popular(self, scope: Scope, personas: tuple[str, ...]) -> list[AnswerRequest]:
        """The most popular questions, as people ask them."""
        if scope != "popular" or personas or self.popular is None:
            return []
        asked = await self.popular.hottest()
        return [replace(request, caller=replace(WARMER, tenant=request.caller.tenant)) for request in asked]

    def _editorial(self, scope: Scope, personas: Sequence[str], *, routed: bool) -> list[AnswerRequest]:
        """The list as clients would ask it. Popular ones go to whom they are routed to, unless personas are named."""
        asks = [AnswerRequest(text, WARMER) for question in self.questions for text in (question.ko, question.en)]
        if scope == "all":
            return [replace(request, key=key, persona=persona) for request in asks for key in ALL_KEYS for persona in personas]
        return asks if routed else [replace(request, persona=persona) for request in asks for persona in personas]

    async def _fill(self, request: AnswerRequest) -> Outcome:
        answer = self.answer
        decision = answer.routing.decide(request)
        question = answer.question(request, decision, ())
        address = answer.address(request, decision, question)
        if not await self.renewing.renewable(address.key, address.scope):
            return "fresh"
        try:
            asked = await answer.cache.join(address, partial(answer.answer_uncached, request, decision, question), None)
        except MentoringError as error:
            self.log.warning("warming_refused", persona=decision.persona.id, reason=str(error))
            return "refused"
        if asked.reply.degraded:
            return "refused"
        return "filled" if await self.renewing.fresh(address.key, address.scope) else "refused"

    def _told(self, scope: Scope, warmed: Warmed) -> Warmed:
        facts = {"filled": warmed.filled, "fresh": warmed.fresh, "refused": warmed.refused, "left": warmed.left}
        self.log.info("caches_warmed", scope=scope, busy=warmed.busy, **facts)
        return warmed


def load_questions() -> tuple[Bilingual, ...]:
    """The questions of the editorial list."""
    return read_data(EditorialQuestions, paths(EDITORIAL)[0]).question
