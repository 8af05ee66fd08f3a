"""One answer, from what somebody wrote to what a mentor says."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial

from ion_mentoring.errors import BudgetExhausted, DeadlineExceeded
from ion_mentoring.mentoring.answering.accounts import Accounts
from ion_mentoring.mentoring.answering.asking import Answer, Ask, Asked, Began, Begins, Part, Place, Reading
from ion_mentoring.mentoring.answering.consult import Consult
from ion_mentoring.mentoring.answering.known import Flown, KnownAnswers, KnownReply
from ion_mentoring.mentoring.answering.memory import Memory
from ion_mentoring.mentoring.answering.popular import PopularQuestions
from ion_mentoring.mentoring.answering.reading import Reader
from ion_mentoring.mentoring.answering.renewals import Renewals
from ion_mentoring.mentoring.answering.safeguard import Safeguard, at_once
from ion_mentoring.models.protocol import Message
from ion_mentoring.personas.contract import Question
from ion_mentoring.personas.prompts import builder
from ion_mentoring.resilience.turns import Turns
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.usage.spending import Tab


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

    async def __call__(self, ask: Ask) -> Answer:
        """The answer; UnknownPersona for a bad name; BudgetExhausted, Overloaded, PersonaUnavailable until a time."""
        async with aclosing(self.parts(ask, streaming=False)) as parts:
            async for part in parts:
                if isinstance(part, Answer):
                    return part
        raise DeadlineExceeded("an answer that never came")

    async def parts(self, ask: Ask, *, streaming: bool = True) -> AsyncGenerator[Part]:
        """Who answers, the pieces of the text, the answer, which always comes last. Whoever closes this early ends the calls
        that were made for nobody else. A second Began makes void what came before it."""
        await self._round(ask)
        history, remembered = await self.memory.recall(ask)
        ordinary = partial(self._ordinary, ask, history, streaming)
        async with aclosing(self.safeguard.parts(ask, history, ordinary)) as parts:
            async for part in parts:
                for one in await self._kept(ask, part, remembered) if isinstance(part, Answer) else (part,):
                    yield one

    async def _round(self, ask: Ask) -> None:
        """Waits for a round of the event loop of its own: many texts at once are read with something else done between two."""
        async with self.pace.turn(ask.caller.holder):
            await asyncio.sleep(0)

    def _ordinary(
        self, ask: Ask, history: tuple[Message, ...], streaming: bool, *, caring: bool = False
    ) -> AsyncGenerator[Part]:
        """The ordinary answer; where `caring`, by the persona who comforts."""
        reading = self.reader.read(ask, caring=caring)
        return self._answered(ask, reading, self.question(ask, reading, history), streaming)

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

    async def _answered(self, ask: Ask, reading: Reading, question: Question, streaming: bool) -> AsyncGenerator[Part]:
        place = self.known.place(ask, reading, question)
        known = await self._known(ask, reading, place)
        if known:
            for part in at_once(self._answer(reading, Asked(known.reply, layer=known.layer), place, stale=known.stale)):
                yield part
            return
        joined = ask.use_cache and self.known.running(place)
        try:
            async with aclosing(self._flown(ask, reading, question, place, streaming, joined=joined)) as parts:
                async for part in parts:
                    yield part
        except BudgetExhausted:
            if not joined:  # else it was the budget of whoever had begun
                raise
            async with aclosing(self._flown(ask, reading, question, place, streaming, joined=False)) as parts:
                async for part in parts:
                    yield part

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

    async def _flown(
        self, ask: Ask, reading: Reading, question: Question, place: Place, streaming: bool, *, joined: bool
    ) -> AsyncGenerator[Part]:
        """The parts for one of those who follow the flight; what it costs is on the account of whoever began it."""
        yield self._began(reading, reading.persona.id)
        async with aclosing(self._flight(ask, reading, question, place, streaming)) as parts:
            async for part in parts:
                match part:
                    case Begins():
                        yield self._began(reading, part.persona)
                    case Asked():
                        asked = Asked(part.reply, layer=part.layer) if joined else part
                        yield self._answer(reading, asked, place)
                    case _:
                        yield part

    def _flight(self, ask: Ask, reading: Reading, question: Question, place: Place, streaming: bool) -> AsyncGenerator[Flown]:
        asked = partial(self.asked, ask, reading, question, streaming=streaming)
        return self.known.once(place, asked) if ask.use_cache else asked()

    async def asked(self, ask: Ask, reading: Reading, question: Question, *, streaming: bool) -> AsyncGenerator[Flown]:
        """The personas' answer without any cache, in its turn and on the caller's account; an Asked comes last."""
        tab, persona = Tab(), reading.persona
        most_tokens = builder.most_tokens(persona, question) if ask.caller.monthly_tokens is not None else 0
        async with self.turns.turn(ask.caller.holder):
            consulted = self.consult(reading, question, tab, streaming=streaming)
            billed = self.accounts.billed(ask.caller, persona.id, tab, consulted, most_tokens=most_tokens, streaming=streaming)
            async with aclosing(billed) as parts:
                async for part in parts:
                    yield part

    def _began(self, reading: Reading, persona: str) -> Began:
        card = self.reader.roster[persona]
        return Began(card, reading, self.reader.reasoning(reading, card))

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

    async def _kept(self, ask: Ask, answer: Answer, remembered: bool) -> tuple[Part, ...]:
        """The answer, kept; where its entry stands in the session already, the answer that stands there takes its place."""
        standing = await self.memory.keep(ask, answer)
        if not remembered or standing is None:
            answer = replace(answer, degraded=(*answer.degraded, "memory"))
        if standing in (None, answer.content):
            return (answer,)
        return at_once(replace(answer, content=standing))
