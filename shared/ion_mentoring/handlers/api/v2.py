"""The endpoints of v2."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace
from starlette.responses import Response

from ion_mentoring.access.permissions import ANYONE, ASKS, OPERATES, SENDS_MANY, TALKS
from ion_mentoring.catalogue.texts import preferred
from ion_mentoring.errors import MentoringError, RequestTooLarge
from ion_mentoring.handlers.api.answer_stream import AnswerStreams, responded
from ion_mentoring.handlers.api.answered import Answered
from ion_mentoring.handlers.api.draws import Draws
from ion_mentoring.handlers.api.parsed_requests import ParsedBody, ParsedRequest, ParsedRequestCache
from ion_mentoring.handlers.api.probed import Probed
from ion_mentoring.handlers.contract.answer_requests import answer_request
from ion_mentoring.handlers.contract.receipts import Receipts, facts_of
from ion_mentoring.handlers.contract.requests import (
    BULK_LIMIT,
    BulkRequest,
    ProcessRequest,
    RecommendRequest,
    ResonanceRequest,
)
from ion_mentoring.handlers.contract.views import (
    AnswerView,
    BulkView,
    PersonaView,
    RecommendView,
    ResonanceView,
    answer_view,
    detected_view,
    persona_view,
)
from ion_mentoring.handlers.web.call import Call, Endpoint
from ion_mentoring.handlers.web.event_stream import MEDIA_TYPE
from ion_mentoring.handlers.web.idempotency import FIELD, Idempotency
from ion_mentoring.handlers.web.responses import error_form, json_bytes, json_response, timestamp
from ion_mentoring.handlers.web.validation import check
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.tastes import IMPERSONAL, Personal
from ion_mentoring.mentoring.answering.values import Answer, AnswerRequest
from ion_mentoring.mentoring.recommending.persona import RecommendPersona
from ion_mentoring.personas.roster import Roster
from ion_mentoring.understanding.language import language_of
from ion_mentoring.understanding.resonance.detector import Detector
from ion_mentoring.understanding.safety.danger import Danger

AT_ONCE: Final = 10  # of one bulk call's items: a caller with many shall not crowd out the others
IDEMPOTENCY_KEY: Final = FIELD.lower().encode()

Figures = Callable[[], Awaitable[Mapping[str, Any]]]


class V2(Struct, frozen=True):
    """The collaborators of the endpoints; `health`, `status` and `operated` (more of it, for operators) give JSON objects."""

    answer: AnswerQuestion
    answered: Answered
    streams: AnswerStreams
    idempotency: Idempotency
    parsed: ParsedRequestCache
    receipts: Receipts
    probed: Probed
    draws: Draws
    recommend: RecommendPersona
    detector: Detector
    roster: Roster
    health: Figures
    status: Figures
    operated: Figures

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table of v2, as far as it is built."""
        root = "/api/v2"
        return (
            Endpoint(
                "GET", f"{root}/health", self._health, "Liveness, and each dependency's state", allows=ANYONE, limited=False
            ),
            Endpoint("GET", f"{root}/status", self._status, "Version, region, uptime and cache figures", allows=ANYONE),
            Endpoint(
                "POST",
                f"{root}/process",
                self._process,
                "One mentoring answer",
                ProcessRequest,
                AnswerView,
                TALKS,
                streams=True,
                stores=True,
                shortcut=self._known,
            ),
            Endpoint(
                "POST",
                f"{root}/recommend",
                self._recommend,
                "Which persona fits a scenario, with scores and reasons",
                RecommendRequest,
                RecommendView,
                ASKS,
            ),
            Endpoint(
                "POST",
                f"{root}/resonance",
                self._resonance,
                "Free text to a resonance key, explained",
                ResonanceRequest,
                ResonanceView,
                ASKS,
            ),
            Endpoint(
                "POST",
                f"{root}/bulk-process",
                self._bulk,
                "Up to 100 questions in one call, results in order",
                BulkRequest,
                BulkView,
                SENDS_MANY,
                cost=_items,
                stores=True,
            ),
            Endpoint("GET", f"{root}/personas", self._personas, "All persona cards", gives=list[PersonaView], allows=ANYONE),
            Endpoint("GET", f"{root}/personas/{{name}}", self._persona, "One persona card", gives=PersonaView, allows=ANYONE),
        )

    async def _health(self, _call: Call) -> Response:
        health = await self.health()
        return json_response(health, 503 if health["status"] == "unhealthy" else 200)

    async def _status(self, call: Call) -> Response:
        status = dict(await self.status())
        if OPERATES.holds(call.caller):
            status |= await self.operated()
        return json_response(status)

    async def _process(self, call: Call) -> Response:
        await self.probed.look(call, call.body)
        streamed = call.request.accepts(MEDIA_TYPE)
        return await self._streamed(call) if streamed else await self.idempotency.once(call, self._whole)

    async def _streamed(self, call: Call) -> Response:
        attempt, last_event_id = self.idempotency.attempt(call), call.request.header(b"last-event-id")
        ask = self._asked(call)
        show = partial(self._shown, call=call)
        return await responded(await self.streams.open(ask, last_event_id, show, attempt, call.bound), attempt)

    async def _whole(self, call: Call) -> Response:
        ask = self._asked(call)
        answer = await self.answer(ask)
        self._learn(call, ask, answer, self.answered(call, answer, kept=ask.kept))
        return json_response(self._rateable(answer, call))

    def _learn(self, call: Call, ask: AnswerRequest, answer: Answer, why: bytes) -> None:
        """Keeps how a body was understood, unless a taste of one's own had a part in it."""
        sent: ProcessRequest = call.body
        if self._asks(call):
            return
        person = self._personal(ask.learner.mark if ask.learner else None)
        if person is None or (variant := person.variant) is None:
            return
        self.parsed.learn(
            call.sent,
            ask,
            answer,
            why,
            user=sent.context.user_id,
            with_metadata=sent.include_metadata,
            exploration=self.answer.routing.exploration(call.caller.tenant),
            variant=variant + answer.decision.assigned.mark,
        )

    async def _known(self, call: Call) -> Response | None:
        """The answer to a question that was understood before, if it is known and need not be renewed."""
        if self.probed.watches(call) or call.request.accepts(MEDIA_TYPE) or call.request.header(IDEMPOTENCY_KEY) is not None:
            return None
        if self._asks(call):
            return None  # whether somebody has agreed, the long way looks up
        body = self.parsed.find(call.sent, call.caller.neighbours)
        if body is None or self.parsed.names_another(body, call.caller.person):
            return None  # the long way refuses it
        user = self.receipts.user(call.caller, None) if body.user is None else body.user
        mark = self.receipts.person(call.caller, body.user, user)
        person = self._personal(mark)
        parsed = self._reading(body, person, mark) if person else None
        if person is None or parsed is None or (person.explores and not self._as_before(parsed, call)):
            return None
        tried = person.explores and parsed.near > 1
        facts = parsed.drawn if tried else parsed.facts
        known = await self.answer.cache.get(parsed.address)
        if known is None or known.due:
            return None
        if self.answer.demand and known.reply.variant is None:
            await self.answer.demand.again(parsed.address)
        self.answered.known(call, parsed, known)
        if parsed.arms and self.answer.experiments:
            self.answer.experiments.known(parsed.arms, known.layer, call.started)
        return json_bytes(parsed.body(known, call, self.receipts.give(call.caller, user, call.request_id, facts)))

    def _asks(self, call: Call) -> bool:
        """True for a caller whose tenant asks for consent."""
        return self.answer.consents is not None and self.answer.consents.asks(call.caller.tenant)

    async def _must_be_readable(self, call: Call) -> None:
        """ConsentRequired for a person whose feelings may not be read from a text; services ask about nobody by name."""
        if self.answer.consents and call.caller.person is not None:
            await self.answer.consents.must_allow(call.caller, None, "feelings")

    def _as_before(self, parsed: ParsedRequest, call: Call) -> bool:
        """True if exploring is what it was when a body was read, and leads to the same persona."""
        exploration = self.answer.routing.exploration(call.caller.tenant)
        if parsed.exploration != exploration:
            return False
        return parsed.near == 1 or self.draws.of_request(call) >= exploration

    def _reading(self, body: ParsedBody, person: Personal, mark: str | None) -> ParsedRequest | None:
        """The reading of a body for somebody with these tastes who meets these arms; None where that is not known, or where the
        long way is to write down that they meet them for the first time."""
        variant, experiments = person.variant, self.answer.experiments
        if variant is None or experiments is None or mark is None or not person.experiments:
            return None if variant is None else body.readings.get(variant)
        parsed = body.readings.get(variant + experiments.assigned(mark).mark)
        if parsed is None or (parsed.arms and not experiments.met(mark, parsed.arms)):
            return None
        return parsed

    def _personal(self, person: str | None) -> Personal | None:
        """What is known of a person without asking the store; None where that is not known now."""
        if person is None or self.answer.tastes is None:
            return IMPERSONAL
        return self.answer.tastes.peek(person)

    def _asked(self, call: Call) -> AnswerRequest:
        """The request of a call for one answer, of whom something may be learnt."""
        sent: ProcessRequest = call.body
        ask = answer_request(sent, call.caller, country=call.country, entry=call.entry)
        learner = self.receipts.learner(call.caller, ask.user_id)
        unit = learner.mark if learner else self.receipts.session(call.caller, ask.session_id)
        draw = self.draws.of(call, ask, learner) if learner else None
        return replace(ask, learner=learner, draw=draw, unit=unit)

    def _shown(self, answer: Answer, call: Call) -> AnswerView:
        """An answer as its caller sees it, once it is told of."""
        self.answered(call, answer, kept=call.body.kept)
        return self._rateable(answer, call)

    def _rateable(self, answer: Answer, call: Call) -> AnswerView:
        """An answer that its caller may rate: all but the safe one."""
        sent: ProcessRequest = call.body
        user, facts = self.receipts.user(call.caller, sent.context.user_id), facts_of(answer, answer.decision.propensity)
        receipt = None if answer.safety else self.receipts.give(call.caller, user, call.request_id, facts)
        return answer_view(answer, call, with_metadata=sent.include_metadata, receipt=receipt)

    async def _bulk(self, call: Call) -> Response:
        return await self.idempotency.once(call, self._many)

    async def _many(self, call: Call) -> Response:
        sent: BulkRequest = call.body
        if len(sent.requests) > BULK_LIMIT:
            raise RequestTooLarge("items", field="requests", details={"limit": BULK_LIMIT})
        gate = asyncio.Semaphore(AT_ONCE if sent.parallel else 1)

        async def one(place: int, item: Any) -> Any:
            async with gate:
                entry = call.entry and f"{call.entry}-{place}"
                return await self._item(item, place, replace(call, started=time.perf_counter(), entry=entry))

        results = await asyncio.gather(*(one(place, item) for place, item in enumerate(sent.requests, 1)))
        successful = sum(1 for result in results if result["success"])
        view: BulkView = {
            "success": successful == len(results),
            "total": len(results),
            "successful": successful,
            "succeeded": successful,
            "failed": len(results) - successful,
            "results": results,
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view)

    async def _item(self, item: Any, place: int, call: Call) -> Any:
        """One item's answer or its error form; what is wrong with one is no trouble to the others."""
        try:
            sent = check(ProcessRequest, item)
            await self.probed.look(call, sent)
            answer = await self.answer(answer_request(sent, call.caller, country=call.country, entry=call.entry))
            self.answered(replace(call, request_id=f"{call.request_id}-{place}"), answer, kept=sent.kept)
            return answer_view(answer, call, with_metadata=sent.include_metadata)
        except MentoringError as error:
            return error_form(error, preferred(call.request.header(b"accept-language") or ""), call.request_id)

    async def _recommend(self, call: Call) -> Response:
        sent: RecommendRequest = call.body
        await self._must_be_readable(call)
        danger = self.answer.safeguard.course.danger.check(sent.scenario)
        found = self.recommend(sent.scenario, sent.language, caring=danger is not None)
        view: RecommendView = {
            "success": True,
            "recommended_persona": found.persona.name.en,
            "scores": dict(found.scores),
            "reasons": list(found.reasons),
            "resonance_key": str(found.key),
            "persona": dict(persona_view(found.persona)),
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view | _danger_view(danger))

    async def _resonance(self, call: Call) -> Response:
        sent: ResonanceRequest = call.body
        await self._must_be_readable(call)
        language = sent.language or language_of(sent.text)
        detection = self.detector.detect(sent.text, language)
        detected = detected_view(detection)
        view: ResonanceView = {
            "success": True,
            "resonance_key": str(detection.key),
            "tone": detection.key.tone.value,
            "pace": detection.key.pace.value,
            "intent": detection.key.intent.value,
            "confidence": detected["confidence"],
            "language": language,
            "feeling": detection.feeling,
            "features": detected["features"],
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view | _danger_view(self.answer.safeguard.course.danger.check(sent.text)))

    async def _personas(self, _call: Call) -> Response:
        return json_response([persona_view(card) for card in self.roster.values()])

    async def _persona(self, call: Call) -> Response:
        return json_response(persona_view(self.roster.named(call.path["name"])))


def _items(sent: BulkRequest) -> int:
    return len(sent.requests)


def _danger_view(danger: Danger | None) -> dict[str, str]:
    """The kind of danger, under the name that says how sure it is."""
    return {"safety" if danger.sure else "care": danger.kind} if danger else {}
