"""One answer, from what somebody wrote to what a mentor says."""

import asyncio
from dataclasses import dataclass, replace
from functools import partial

from ion_mentoring.errors import BudgetExhausted
from ion_mentoring.mentoring.answering.accounts import Accounts
from ion_mentoring.mentoring.answering.asking import Answer, Ask, Asked, Place, Reading, Routed, Tell
from ion_mentoring.mentoring.answering.consult import Consult
from ion_mentoring.mentoring.answering.known import KnownAnswers, KnownReply
from ion_mentoring.mentoring.answering.memory import Memory
from ion_mentoring.mentoring.answering.popular import PopularQuestions
from ion_mentoring.mentoring.answering.reading import Reader
from ion_mentoring.mentoring.answering.renewals import Renewals
from ion_mentoring.mentoring.answering.safeguard import Safeguard, told
from ion_mentoring.mentoring.answering.voice import Voice
from ion_mentoring.models.protocol import Message, Say
from ion_mentoring.personas.contract import Question
from ion_mentoring.personas.prompts import builder
from ion_mentoring.resilience.turns import Turns
from ion_mentoring.telemetry.events import EventLog


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """The use case; its collaborators are the fields. Without `renewals` a known answer serves to its end,
    without `popular` nothing is counted. `pace` lets one text be read at a time."""

    reader: Reader
    safeguard: Safeguard
    consult: Consult
    accounts: Accounts
    memory: Memory
    known: KnownAnswers
    renewals: Renewals | None
    popular: PopularQuestions | None
    turns: Turns
    pace: Turns
    log: EventLog

    async def __call__(self, ask: Ask, tell: Tell | None = None) -> Answer:
        """The answer; a listener is told who answers, then the text in pieces. A second Routed makes void what came before.

        UnknownPersona for a bad name; BudgetExhausted, Overloaded, PersonaUnavailable until a time. Cancelling this ends
        the calls that are made for nobody else.
        """
        await self._round(ask)
        history, remembered = await self.memory.recall(ask)
        answer = await self.safeguard(ask, history, partial(self._ordinary, ask, history), tell)
        return await self._kept(ask, answer, remembered, tell)

    async def _round(self, ask: Ask) -> None:
        """Waits for a round of the event loop of its own: many texts at once are read with something else done between two."""
        async with self.pace.turn(ask.caller.holder):
            await asyncio.sleep(0)

    async def _ordinary(self, ask: Ask, history: tuple[Message, ...], *, caring: bool, tell: Tell | None) -> Answer:
        """The ordinary answer; where `caring`, by the persona who comforts."""
        reading = self.reader.read(ask, caring=caring)
        return await self._answered(ask, reading, self.question(ask, reading, history), tell)

    def question(self, ask: Ask, reading: Reading, history: tuple[Message, ...]) -> Question:
        """What the persona is asked."""
        return Question(
            text=ask.text,
            key=reading.key,
            language=reading.language,
            mode=ask.mode,
            feeling=reading.detection.feeling if reading.detection else None,
            history=history,
        )

    async def _answered(self, ask: Ask, reading: Reading, question: Question, tell: Tell | None) -> Answer:
        place = self.known.place(ask, reading, question)
        known = await self._known(ask, reading, place)
        if known:
            return told(self._answer(reading, Asked(known.reply, layer=known.layer), place, stale=known.stale), tell)
        joined = ask.use_cache and self.known.running(place)
        try:
            return await self._joined(ask, reading, question, place, tell, joined=joined)
        except BudgetExhausted:
            if not joined:  # else it was the budget of whoever had begun
                raise
            return await self._joined(ask, reading, question, place, tell, joined=False)

    async def _known(self, ask: Ask, reading: Reading, place: Place) -> KnownReply | None:
        """The reply, if it is known and may be used; what is asked for is counted, and renewed in time."""
        if not ask.use_cache:
            return None
        known = await self.known.reply(place)
        if self.popular:
            await self.popular.asked(ask, reading, place)
        if known and known.due and self.renewals:
            await self.renewals.ask_for(ask, reading, place)
        return known

    async def _joined(
        self, ask: Ask, reading: Reading, question: Question, place: Place, tell: Tell | None, *, joined: bool
    ) -> Answer:
        """The answer for one of those who share a run; its cost is on the account of whoever began it."""
        voice = Voice(tell, partial(self._routed, reading), reading.persona.id) if tell else None
        work = partial(self.asked, ask, reading, question)
        asked = await (self.known.once(place, work, voice) if ask.use_cache else work(voice))
        if voice:
            voice.end(asked.reply.content)
        return self._answer(reading, Asked(asked.reply, layer=asked.layer) if joined else asked, place)

    async def asked(self, ask: Ask, reading: Reading, question: Question, say: Say | None) -> Asked:
        """The personas' answer without any cache, in its turn and on the caller's account."""
        persona = reading.persona
        most_tokens = builder.most_tokens(persona, question) if ask.caller.monthly_tokens is not None else 0
        async with (
            self.turns.turn(ask.caller.holder),
            self.accounts.bill(ask.caller, persona.id, most_tokens=most_tokens) as bill,
        ):
            reply = await self.consult(reading, question, bill, say)
            bill.model, bill.outcome = reply.model, "streamed" if say else "whole"
        return Asked(reply, bill.tab.usage, self.accounts.prices.cost(bill.tab.calls))

    def _routed(self, reading: Reading, persona: str) -> Routed:
        card = self.reader.roster[persona]
        return Routed(card, reading, self.reader.reasoning(reading, card))

    def _answer(self, reading: Reading, asked: Asked, place: Place, *, stale: bool = False) -> Answer:
        reply = asked.reply
        persona = self.reader.roster.named(reply.persona)
        return Answer(
            content=reply.content,
            persona=persona,
            reading=reading,
            reasoning=self.reader.reasoning(reading, persona),
            language=reply.language,
            model=reply.model,
            usage=asked.usage,
            cost=asked.cost,
            topics=reply.topics,
            degraded=(*reply.degraded, *self.known.degraded),
            cut_short=reply.cut_short,
            cache_layer=asked.layer,
            stale=stale,
            place=place,
        )

    async def _kept(self, ask: Ask, answer: Answer, remembered: bool, tell: Tell | None) -> Answer:
        """The answer, kept; where its entry stands in the session already, the answer that stands there takes its place."""
        standing = await self.memory.keep(ask, answer)
        if not remembered or standing is None:
            answer = replace(answer, degraded=(*answer.degraded, "memory"))
        if standing in (None, answer.content):
            return answer
        return told(replace(answer, content=standing), tell)
