"""Warm caches: answers that are likely to be asked for, made before anybody asks."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Final, Literal

from pydantic import Field

from ion_mentoring.access.caller import Caller
from ion_mentoring.catalogue.bilingual import Bilingual, Frozen
from ion_mentoring.errors import MentoringError
from ion_mentoring.mentoring.answer import AnswerQuestion
from ion_mentoring.mentoring.asking import Ask, Asked
from ion_mentoring.resonance.key import ALL_KEYS
from ion_mentoring.resources import paths, read_model
from ion_mentoring.telemetry.events import EventLog

POPULAR: Final = "ion_mentoring/mentoring/popular.toml"
WARMER: Final = Caller("warming")
AT_ONCE: Final = 8

Scope = Literal["all", "popular"]


class PopularQuestions(Frozen):
    """The editorial list."""

    question: Annotated[tuple[Bilingual, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Warmed:
    """What a run did: `fresh` were there already, `refused` found no L2 or no persona to fill it from."""

    filled: int = 0
    fresh: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class WarmCaches:
    """The use case. Filling an entry twice changes nothing, so a message may come as often as it likes."""

    answer: AnswerQuestion
    questions: tuple[Bilingual, ...]
    log: EventLog

    async def __call__(self, scope: Scope, personas: tuple[str, ...]) -> Warmed:
        """Fills L2: `popular` for the key that each question reads as, `all` for every key; UnknownPersona for a bad name."""
        roster = self.answer.reader.roster
        wanted = [roster.named(persona).id for persona in personas] or list(roster)
        asks = self._asks(scope, wanted, routed=not personas)
        outcomes = await self._filled(asks) if await self.answer.known.cache.far_state() == "ok" else ["refused" for _ in asks]
        warmed = Warmed(outcomes.count("filled"), outcomes.count("fresh"), outcomes.count("refused"))
        self.log.info("caches_warmed", scope=scope, filled=warmed.filled, fresh=warmed.fresh, refused=warmed.refused)
        return warmed

    async def renew(self, ask: Ask) -> str:
        """Makes one answer anew; what came of it: `filled`, `fresh` (somebody else was first) or `refused`."""
        outcome = await self._fill(ask)
        self.log.info("answer_renewed", outcome=outcome)
        return outcome

    async def _filled(self, asks: Iterable[Ask]) -> list[str]:
        """Fills some at once; a run that is cut short loses nothing, since the next one finds fresh what is there."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(ask: Ask) -> str:
            async with gate:
                return await self._fill(ask)

        return await asyncio.gather(*map(one, asks))

    def _asks(self, scope: Scope, personas: Iterable[str], *, routed: bool) -> Iterator[Ask]:
        """The questions as a client would ask them. Popular ones go to whom they are routed to, unless personas are named."""
        for question in self.questions:
            for text in (question.ko, question.en):
                ask = Ask(text, WARMER)
                if scope == "all":
                    yield from (replace(ask, key=key, persona=persona) for key in ALL_KEYS for persona in personas)
                elif routed:
                    yield ask
                else:
                    yield from (replace(ask, persona=persona) for persona in personas)

    async def _fill(self, ask: Ask) -> str:
        answer = self.answer
        reading = answer.reader.read(ask)
        question = answer.question(ask, reading, ())
        place = answer.known.place(ask, reading, question)
        if not await answer.known.cache.renewable(place.key, place.scope):
            return "fresh"
        try:
            asks = partial(answer.asked, ask, reading, question, streaming=False)
            async with aclosing(answer.known.once(place, asks)) as parts:
                asked = [part async for part in parts if isinstance(part, Asked)][-1]
        except MentoringError as error:
            self.log.warning("warming_refused", persona=reading.persona.id, reason=str(error))
            return "refused"
        if asked.reply.degraded:
            return "refused"
        return "filled" if await answer.known.cache.fresh(place.key, place.scope) else "refused"


def load_questions() -> tuple[Bilingual, ...]:
    """The questions of the editorial list."""
    return read_model(PopularQuestions, paths(POPULAR)[0]).question
