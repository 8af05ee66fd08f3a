"""One answer, from what somebody wrote to what a mentor says."""

import asyncio
import time
from functools import partial
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.errors import BudgetExhausted, MentoringError, RateLimited
from ion_mentoring.mentoring.answering.answer_cache import AnswerCache, CachedReply
from ion_mentoring.mentoring.answering.consents import Allowed, Consents, Withheld
from ion_mentoring.mentoring.answering.demand import Demand
from ion_mentoring.mentoring.answering.events import routing_event, unanswered_event
from ion_mentoring.mentoring.answering.experimenting import Experimenting, Meeting
from ion_mentoring.mentoring.answering.failover import PersonaFailover
from ion_mentoring.mentoring.answering.memory import Memory
from ion_mentoring.mentoring.answering.metering import Metering
from ion_mentoring.mentoring.answering.routing import Routing
from ion_mentoring.mentoring.answering.safeguard import Remembering, Safeguard, told
from ion_mentoring.mentoring.answering.tastes import Tastes
from ion_mentoring.mentoring.answering.values import (
    Answer,
    AnswerRequest,
    BilledReply,
    CacheAddress,
    Routed,
    RoutingDecision,
    Tell,
)
from ion_mentoring.mentoring.answering.varying import Varying, as_it_was, as_met, in_arms, unknown_to_us
from ion_mentoring.mentoring.answering.voice import Voice
from ion_mentoring.models.protocol import Message, Say
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.contract import PersonaRequest
from ion_mentoring.personas.prompts import builder
from ion_mentoring.resilience.concurrency import ConcurrencyLimit
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.trace import mark, span
from ion_mentoring.understanding.remembered import remembered_for

ROUNDS_BETWEEN: Final = 10  # of the event loop, between two readings of a crowd; an empty one takes some 10 microseconds


class AnswerQuestion(Struct, frozen=True):
    """The use case; its collaborators are the fields. Without `demand` nobody is told what is asked for.
    `pace` lets one text be read at a time."""

    routing: Routing
    safeguard: Safeguard
    failover: PersonaFailover
    metering: Metering
    memory: Memory
    cache: AnswerCache
    demand: Demand | None
    concurrency: ConcurrencyLimit
    pace: ConcurrencyLimit
    log: EventLog
    tastes: Tastes | None = None
    experiments: Experimenting | None = None
    consents: Consents | None = None
    varying: Varying | None = None

    async def __call__(self, request: AnswerRequest, tell: Tell | None = None) -> Answer:
        """The answer; a listener is told who answers, then the text in pieces. A second Routed makes void what came before.

        UnknownPersona for a bad name; BudgetExhausted, Overloaded, PersonaUnavailable until a time. Cancelling this ends
        the calls that are made for nobody else.
        """
        return await self.guarded(request, self._ordinary, tell)

    async def guarded(self, request: AnswerRequest, ordinary: Remembering, tell: Tell | None) -> Answer:
        """The answer that `ordinary` gives, or in danger the safe one: with the session before it, in which it is kept.

        Only the safe one needs no consent: ConsentRequired for any other where whoever has to agree has not.
        """
        await self._round(request)
        allowed = await self.consents.allowed(request) if self.consents else Allowed(request)
        with span("store.recall"):
            (history, remembered), request = await self._recalled(allowed.request)
        withheld = allowed.refusal and Withheld(self.routing, request, allowed.refusal)
        with remembered_for(f"{request.caller.tenant} {request.caller.id}"):
            answer = await self.safeguard(request, history, withheld or partial(ordinary, request, history), tell)
        answer = await self._kept(request, answer, remembered, tell)
        return replace(answer, unagreed=allowed.unagreed) if allowed.unagreed else answer

    async def _recalled(self, request: AnswerRequest) -> tuple[tuple[tuple[Message, ...], bool], AnswerRequest]:
        """The history, and the request with the taste of its person and the arms they meet; both are read at the same time."""
        if self.tastes is None or request.learner is None:
            return await self.memory.recall(request), await self._assigned(request, takes_part=request.learner is None)
        recalled, known = await asyncio.gather(self.memory.recall(request), self.tastes.of(request.learner))
        request = replace(request, taste=known.taste, draw=request.draw if known.explores else None)
        return recalled, await self._assigned(request, takes_part=known.experiments)

    async def _assigned(self, request: AnswerRequest, *, takes_part: bool) -> AnswerRequest:
        """The request with the arms that its unit meets; nobody meets any who does not want to, or of whom nothing is kept."""
        if self.experiments is None or request.unit is None or not takes_part or not request.kept:
            return request
        await self.experiments.ready()
        return replace(request, assigned=self.experiments.assigned(request.unit))

    async def _round(self, request: AnswerRequest) -> None:
        """Waits for a round of the event loop of its own: many texts at once are read with something else done between two.

        Where others wait, for several: an answer goes through dozens of rounds, and each would last as long as a reading.
        """
        async with self.pace.slot(request.caller.holder):
            for _ in range(ROUNDS_BETWEEN if self.pace.crowded else 1):
                await asyncio.sleep(0)

    async def _ordinary(
        self, request: AnswerRequest, history: tuple[Message, ...], *, caring: bool, tell: Tell | None
    ) -> Answer:
        """The ordinary answer; where `caring`, by the persona who comforts."""
        began = time.perf_counter()
        decision = self.routing.decide(request, history, caring=caring)
        mark("routing", began)
        if self.experiments is None or request.unit is None or not decision.arms:
            return await self.decided(request, decision, history, tell)
        request = in_arms(request, decision)
        meeting = Meeting(request.unit or "", request.learner, decision.arms, decision.key.tone.value, request.variant)
        work = partial(self.decided, request, decision, history)
        return as_met(await self.experiments.watched(meeting, work, tell), meeting)

    async def decided(
        self, request: AnswerRequest, decision: RoutingDecision, history: tuple[Message, ...], tell: Tell | None
    ) -> Answer:
        """The ordinary answer of whom a decision names."""
        began = time.perf_counter()
        self.log.tell(routing_event(decision))
        question = self.question(request, decision, history)
        try:
            answer = await self._answered(request, decision, question, tell)
            return answer if question.variant == request.variant else unknown_to_us(answer)
        except MentoringError as error:
            self.log.tell(unanswered_event(request, decision, error, time.perf_counter() - began))
            raise

    def question(self, request: AnswerRequest, decision: RoutingDecision, history: tuple[Message, ...]) -> PersonaRequest:
        """The request to the persona."""
        return PersonaRequest(
            text=request.text,
            key=decision.key,
            language=decision.language,
            mode=request.mode,
            feeling=decision.detection.feeling if decision.detection else None,
            unknown=decision.detection.unknown if decision.detection else (),
            history=history,
            variant=self.varying.known(request, decision.persona) if self.varying else None,
        )

    def address(self, request: AnswerRequest, decision: RoutingDecision, question: PersonaRequest) -> CacheAddress:
        """The place of the answer to a question in the cache."""
        varied = self.varying.of(question.variant, decision.persona) if self.varying else None
        return self.cache.address(request, decision, question, varied)

    async def _answered(
        self, request: AnswerRequest, decision: RoutingDecision, question: PersonaRequest, tell: Tell | None
    ) -> Answer:
        address = self.address(request, decision, question)
        address, hit = await self._hit(request, decision, address)
        if hit:
            layer = None if hit.first else hit.layer
            return told(self._answer(decision, BilledReply(hit.reply, layer=layer), address, stale=hit.stale), tell)
        joined = request.use_cache and self.cache.running(address)
        try:
            return await self._joined(request, decision, question, address, tell, joined=joined)
        except (BudgetExhausted, RateLimited):
            if not joined:  # else it was the budget or quota of whoever had begun
                raise
            return await self._joined(request, decision, question, address, tell, joined=False)

    async def _hit(
        self, request: AnswerRequest, decision: RoutingDecision, address: CacheAddress
    ) -> tuple[CacheAddress, CachedReply | None]:
        """The place of the reply, and the reply, if it is known and may be used; what is asked for is counted, and renewed in
        time."""
        if not request.use_cache:
            return address, None
        address, hit = await self.cache.find(address)
        if self.demand:
            await self.demand.asked(request, decision, address, hit)
        return address, hit

    async def _joined(
        self,
        request: AnswerRequest,
        decision: RoutingDecision,
        question: PersonaRequest,
        address: CacheAddress,
        tell: Tell | None,
        *,
        joined: bool,
    ) -> Answer:
        """The answer for one of those who share a run; its cost is on the account of whoever began it."""
        voice = Voice(tell, partial(self._routed, decision), decision.persona.id) if tell else None
        work = partial(self.answer_uncached, request, decision, question)
        billed = await (self.cache.join(address, work, voice) if request.use_cache else work(voice))
        if voice:
            voice.end(billed.reply.content)
        return self._answer(decision, BilledReply(billed.reply, layer=billed.layer) if joined else billed, address)

    async def answer_uncached(
        self, request: AnswerRequest, decision: RoutingDecision, question: PersonaRequest, say: Say | None
    ) -> BilledReply:
        """The personas' answer without any cache, in its turn and on the caller's account."""
        persona = decision.persona
        most_tokens = self._most_tokens(persona, question) if request.caller.monthly_tokens is not None else 0
        async with (
            self.concurrency.slot(request.caller.holder),
            self.metering.bill(
                request.caller, persona.id, most_tokens=most_tokens, later=request.billed_as is not None
            ) as bill,
        ):
            asked = self.failover if request.vendors else self.failover.without_vendors()
            reply = as_it_was(await asked(decision, question, bill, say), question)
            bill.model, bill.outcome = reply.model, "streamed" if say else "whole"
        due = self.metering.due(bill, request.billed_as) if request.billed_as else None
        return BilledReply(reply, bill.meter.usage, self.metering.prices.cost(bill.meter.calls), due=due)

    def _most_tokens(self, persona: Card, question: PersonaRequest) -> int:
        varied = self.varying.of(question.variant, persona) if self.varying else None
        return builder.most_tokens(varied.card if varied else persona, question, varied.told if varied else None)

    def _routed(self, decision: RoutingDecision, persona: str) -> Routed:
        card = self.routing.roster[persona]
        return Routed(card, decision, self.routing.reasoning(decision, card))

    def _answer(self, decision: RoutingDecision, billed: BilledReply, address: CacheAddress, *, stale: bool = False) -> Answer:
        reply = billed.reply
        persona = self.routing.roster.named(reply.persona)
        if self.varying:
            persona = self.varying.card(reply.variant, persona)
        return Answer(
            content=reply.content,
            persona=persona,
            decision=decision,
            reasoning=self.routing.reasoning(decision, persona),
            language=reply.language,
            model=reply.model,
            usage=billed.usage,
            cost=billed.cost,
            topics=reply.topics,
            offered=reply.offered,
            plan=reply.plan,
            degraded=(*reply.degraded, *self.cache.degraded),
            cut_short=reply.cut_short,
            filtered=reply.filtered,
            cache_layer=billed.layer,
            stale=stale,
            address=address,
            due=billed.due,
            variant=reply.variant,
            variant_failed=reply.variant_failed,
        )

    async def _kept(self, request: AnswerRequest, answer: Answer, remembered: bool, tell: Tell | None) -> Answer:
        """The answer, kept; where its entry stands in the session already, the answer that stands there takes its place."""
        with span("store.keep"):
            standing = await self.memory.keep(request, answer)
        if not remembered or standing is None:
            answer = replace(answer, degraded=(*answer.degraded, "memory"))
        if standing in (None, answer.content):
            return answer
        return told(replace(answer, content=standing), tell)
