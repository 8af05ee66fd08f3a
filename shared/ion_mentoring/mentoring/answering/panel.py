"""Several mentors at once: each answers as it would alone, and one merged answer keeps who said what."""

import asyncio
from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.errors import DeadlineExceeded, MentoringError, PersonaUnavailable
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.joint_bill import JointBill, JointMetering
from ion_mentoring.mentoring.answering.joint_values import JointAnswer, Part, merged
from ion_mentoring.mentoring.answering.safeguard import PLAYBOOK
from ion_mentoring.mentoring.answering.stage import Hear, Spoken, Stage
from ion_mentoring.mentoring.answering.values import Answer, AnswerEvent, AnswerRequest, Routed, RoutingDecision, Tell
from ion_mentoring.models.protocol import Message
from ion_mentoring.personas.prompts import builder
from ion_mentoring.resilience.deadline import limit_s

BEST: Final = 2  # mentors where nobody is named
HEARD: Final = 50  # messages, of which a mentor takes no more
LONGEST_S: Final = 3_600.0
MERGED_WITHIN_S: Final = 1.0  # kept back of the request's time, so that one who never ends holds up no other


class Panel(Struct, frozen=True):
    """The use case: `answer`, once for each mentor."""

    answer: AnswerQuestion

    async def __call__(self, request: AnswerRequest, personas: Sequence[str] = (), hear: Hear | None = None) -> JointAnswer:
        """The answer of these mentors, in this order, or of the two who fit best; the safe one in danger, which is one.

        The session, the safeguard and the bill are those of one answer. A mentor who fails is left out; the error of the first
        is raised if all do.
        """
        parts: tuple[Part, ...] = ()

        async def ordinary(
            request: AnswerRequest, history: tuple[Message, ...], /, *, caring: bool, tell: Tell | None
        ) -> Answer:
            nonlocal parts
            decisions = self._decisions(request, personas, history, caring=caring)
            if tell:
                first = decisions[0]
                tell(Routed(first.persona, first, self.answer.routing.reasoning(first, first.persona)))
            sitting = self._sitting(request, decisions, history, hear)
            whole, parts = await sitting.held()
            return whole

        def tell(event: AnswerEvent) -> None:
            if hear:
                hear(Spoken(None, event))

        whole = await self.answer.guarded(request, ordinary, tell if hear else None)
        parts = parts or (Part(whole.persona, whole),)
        return JointAnswer(whole, tuple(part.cared_for(whole.care) for part in parts))

    def _decisions(
        self, request: AnswerRequest, personas: Sequence[str], history: tuple[Message, ...], *, caring: bool
    ) -> list[RoutingDecision]:
        """The decision about the text, once for each mentor."""
        routing = self.answer.routing
        asked = replace(request, persona=personas[0] if personas else None)
        decision = routing.decide(asked, history, caring=caring)
        if personas:
            return [replace(decision, persona=routing.roster.named(persona)) for persona in personas]
        others = [persona for persona in decision.route.ranked if persona != decision.persona.id][: BEST - 1]
        by_score = replace(decision, caring=False, stays=False, chosen=False)
        return [decision, *(replace(by_score, persona=routing.roster[persona]) for persona in others)]

    def _sitting(
        self,
        request: AnswerRequest,
        decisions: list[RoutingDecision],
        history: tuple[Message, ...],
        hear: Hear | None,
    ) -> "_Sitting":
        answer, cards = self.answer, tuple(one.persona for one in decisions)
        most = 0
        if request.caller.monthly_tokens is not None:
            asked = ((one.persona, answer.question(request, one, history)) for one in decisions)
            most = sum(builder.most_tokens(card, question) for card, question in asked)
        bill = JointBill(answer.metering, request.caller, tuple(card.id for card in cards), most)
        alone = replace(
            answer,
            metering=JointMetering.of(answer.metering, bill),
            failover=replace(answer.failover, replaces=False),
        )
        stage = Stage(hear, cards, decisions[0].language) if hear else None
        in_turn = not request.vendors or answer.cache.model == PLAYBOOK
        return _Sitting(alone, request, decisions, history, bill, stage, in_turn)


class _Sitting(Struct, frozen=True):
    """One question before several mentors; `in_turn` where each hears those before, which no vendor's model makes long."""

    answer: AnswerQuestion
    request: AnswerRequest
    decisions: list[RoutingDecision]
    history: tuple[Message, ...]
    bill: JointBill
    stage: Stage | None
    in_turn: bool = False

    async def held(self) -> tuple[Answer, tuple[Part, ...]]:
        """The merged answer and its parts, once all have spoken or failed."""
        async with self.bill.held():
            if self.in_turn:
                found = await self._one_after_the_other()
            else:
                found = await asyncio.gather(*(self._part(place, one) for place, one in enumerate(self.decisions)))
        return merged(found, self.bill.usage, self.bill.cost)

    async def _one_after_the_other(self) -> list[Part]:
        """The parts of mentors of whom each has heard those who answered before."""
        sitting, parts = self, list[Part]()
        for place, decision in enumerate(self.decisions):
            parts.append(await sitting._part(place, decision))
            if answer := parts[-1].answer:
                heard = (Message("user", self.request.text), Message("assistant", answer.content))
                sitting = replace(sitting, history=(*sitting.history, *heard)[-HEARD:])
        return parts

    async def _part(self, place: int, decision: RoutingDecision) -> Part:
        """A mentor's answer, or its error."""
        part = await self._tried(decision, self.stage.voice(place) if self.stage else None)
        if self.stage:
            self.stage.over(place, part.error.code if part.error else None)
        return part

    async def _tried(self, decision: RoutingDecision, tell: Tell | None) -> Part:
        card = decision.persona
        request = replace(self.request, persona=card.id, session_id=None)
        try:
            async with asyncio.timeout(limit_s(LONGEST_S, keep_s=MERGED_WITHIN_S)):
                answer = await self.answer.decided(request, decision, self.history, tell)
        except MentoringError as error:
            return Part(card, error=error)
        except TimeoutError:
            return Part(card, error=DeadlineExceeded("one of several mentors"))
        if answer.persona.id != card.id:  # in a run that somebody had begun who takes any mentor
            return Part(card, error=PersonaUnavailable("another one answered", retry_after_s=1))
        return Part(card, answer)
