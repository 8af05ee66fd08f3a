"""One answer, from what somebody wrote to what a mentor says."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from ion_mentoring import __version__
from ion_mentoring.caching.flight import Flights
from ion_mentoring.caching.keys import CacheKeys, normalised
from ion_mentoring.caching.two_tier import TwoTierCache
from ion_mentoring.catalogue.texts import say
from ion_mentoring.conversations.protocol import ConversationId, Conversations, Turn
from ion_mentoring.errors import MentoringError, PersonaUnavailable, StoreUnavailable
from ion_mentoring.mentoring.asking import Answer, Ask, Reading
from ion_mentoring.models.protocol import Message, Usage
from ion_mentoring.personas.contract import Mentor, Question, Reply
from ion_mentoring.personas.roster import Roster
from ion_mentoring.resonance.detector import Detector
from ion_mentoring.resonance.key import DEFAULT_KEY, Intent, Pace, ResonanceKey, Tone
from ion_mentoring.resonance.language import language_of
from ion_mentoring.routing.table import RoutingTable
from ion_mentoring.safety.crisis import Crisis, CrisisSign
from ion_mentoring.safety.personal import is_personal
from ion_mentoring.telemetry.events import EventLog

REMEMBERED_TURNS: Final = 20
IN_DANGER: Final = ResonanceKey(Tone.ANXIOUS, Pace.MEDIUM, Intent.SEEK_ADVICE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A persona's reply and whether another one than intended gave it."""

    reply: Reply
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """The use case; its collaborators are the fields."""

    roster: Roster
    table: RoutingTable
    detector: Detector
    crisis: Crisis
    mentors: Mapping[str, Mentor]
    cache: TwoTierCache[Reply]
    flights: Flights[Asked]
    keys: CacheKeys
    conversations: Conversations
    log: EventLog
    model: str
    ttl_s: float
    now: Callable[[], datetime]
    new_id: Callable[[], str]

    async def __call__(self, ask: Ask) -> Answer:
        """The answer; PersonaUnavailable (with when to come back) if no persona can give one, UnknownPersona for a bad name."""
        sign = self.crisis.check(ask.text)
        if sign:
            return self._in_danger(self.read(replace(ask, key=ask.key or IN_DANGER)), sign)
        reading = self.read(ask)
        history, memory = await self._remembered(ask)
        question = self.question(ask, reading, history)
        answer = await self._answered(ask, reading, question)
        stored = await self._remember(ask, answer)
        return answer if memory and stored else replace(answer, degraded=(*answer.degraded, "memory"))

    def read(self, ask: Ask) -> Reading:
        """How the text is understood, without asking anybody."""
        language = ask.language or language_of(ask.text)
        detection = None if ask.key else self.detector.detect(ask.text, language)
        key = detection.key if detection else ask.key or DEFAULT_KEY
        route = self.table.route(key)
        persona = self.roster.named(ask.persona or route.primary)
        return Reading(language, key, route, persona, ask.persona is not None, detection)

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

    def cache_key(self, ask: Ask, reading: Reading, question: Question) -> str:
        """An opaque key of all that decides the text; personal texts and conversations are kept to their own user."""
        shared = not question.history and not is_personal(ask.text)
        return self.keys.key(
            release=__version__,
            text=normalised(ask.text),
            key=str(reading.key),
            persona=reading.persona.id,
            card=str(reading.persona.version),
            prompt=str(reading.persona.prompt.version),
            model=self.model,
            language=reading.language,
            mode=ask.mode,
            feeling=question.feeling or "",
            history=json.dumps([(turn.role, turn.content) for turn in question.history]),
            scope="" if shared else json.dumps((ask.caller.id, ask.user_id)),
        )

    async def _answered(self, ask: Ask, reading: Reading, question: Question) -> Answer:
        key = self.cache_key(ask, reading, question)
        if not ask.use_cache:
            return self._answer(reading, await self._ask(reading, question), key)
        hit = await self.cache.get(key)
        if hit:
            return self._answer(reading, Asked(hit.value), key, layer=hit.layer)
        asked = await self.flights.run(key, lambda: self._ask_and_keep(reading, question, key))
        return self._answer(reading, asked, key)

    async def _ask_and_keep(self, reading: Reading, question: Question, key: str) -> Asked:
        asked = await self._ask(reading, question)
        if not asked.replaced and not asked.reply.degraded:
            await self.cache.put(key, asked.reply, self.ttl_s)
        return asked

    async def _ask(self, reading: Reading, question: Question) -> Asked:
        """The intended persona's reply, else that of the next best who answers."""
        last = PersonaUnavailable("no persona is left", retry_after_s=1)
        others = [persona for persona in reading.route.ranked if persona != reading.persona.id]
        for persona in (reading.persona.id, *others):
            try:
                reply = await self.mentors[persona].answer(question)
            except MentoringError as error:
                self.log.warning("persona_failed", persona=persona, reason=str(error))
                last = PersonaUnavailable(str(error), retry_after_s=error.retry_after_s or 1)
                continue
            return Asked(reply, replaced=persona != reading.persona.id)
        raise last

    def _answer(self, reading: Reading, asked: Asked, key: str, layer: str | None = None) -> Answer:
        reply = asked.reply
        persona = self.roster.named(reply.persona)
        reasons = [self._reasoning(reading)]
        if asked.replaced:
            reasons.append(self._say("routing.replaced", reading, down=reading.persona, persona=persona))
        return Answer(
            content=reply.content,
            persona=persona,
            reading=reading,
            reasoning=" ".join(reasons),
            language=reply.language,
            model=reply.model,
            usage=reply.usage if layer is None else Usage(),
            topics=reply.topics,
            degraded=(*(("persona",) if asked.replaced else ()), *reply.degraded),
            cache_layer=layer,
            cache_key=key,
        )

    def _in_danger(self, reading: Reading, sign: CrisisSign) -> Answer:
        """Where to find help, without any model; such an answer is neither cached nor remembered."""
        self.log.warning("crisis_answered", kind=sign.kind, language=reading.language)
        return Answer(
            content=self.crisis.answer(sign, reading.language),
            persona=reading.persona,
            reading=reading,
            reasoning=say("routing.safety", reading.language),
            language="ko" if reading.language == "ko" else "en",
            model="safety",
            usage=Usage(),
            safety=sign.kind,
        )

    def _reasoning(self, reading: Reading) -> str:
        route, language = reading.route, reading.language
        if reading.chosen:
            return self._say("routing.asked_for", reading, persona=reading.persona)
        values: dict[str, object] = {"tone": reading.key.tone, "pace": reading.key.pace, "intent": reading.key.intent}
        values |= {
            "primary": self.roster[route.primary].name.in_(language),
            "score": f"{route.scores[route.primary]:.2f}",
        }
        if route.secondary is None:
            return say("routing.alone", language, **values)
        second = self.roster[route.secondary].name.in_(language)
        return say("routing.chosen", language, **values, secondary=second, next=f"{route.scores[route.secondary]:.2f}")

    @staticmethod
    def _say(text: str, reading: Reading, **cards: object) -> str:
        names = {slot: card.name.in_(reading.language) for slot, card in cards.items()}  # type: ignore[attr-defined]
        return say(text, reading.language, **names)

    async def _remembered(self, ask: Ask) -> tuple[tuple[Message, ...], bool]:
        """The history that the caller sent, else the session's own; False if the memory could not be read."""
        conversation = _conversation(ask)
        if ask.history or conversation is None:
            return ask.history, True
        try:
            turns = await self.conversations.recent(conversation, REMEMBERED_TURNS)
        except StoreUnavailable as error:
            self.log.warning("memory_unread", reason=str(error))
            return (), False
        return tuple(Message(turn.role, turn.content) for turn in turns), True

    async def _remember(self, ask: Ask, answer: Answer) -> bool:
        conversation = _conversation(ask)
        if conversation is None:
            return True
        at = self.now().astimezone(UTC)
        turns = (Turn("user", ask.text, at), Turn("assistant", answer.content, at))
        try:
            await self.conversations.append(conversation, turns, entry_id=self.new_id())
        except StoreUnavailable as error:
            self.log.warning("memory_unwritten", reason=str(error))
            return False
        return True


def _conversation(ask: Ask) -> ConversationId | None:
    if ask.session_id is None:
        return None
    return ConversationId(f"{ask.caller.id}/{ask.user_id or ''}", ask.session_id)
