"""Questions to several mentors, whole or as a stream by speaker."""

import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from pydantic_core import to_json
from starlette.responses import Response

from ion_mentoring.catalogue.texts import preferred
from ion_mentoring.errors import UnknownPersona, ValidationFailed
from ion_mentoring.handlers.api.answer_stream import again, event_of, owner_of, responded
from ion_mentoring.handlers.api.answered import Answered
from ion_mentoring.handlers.api.erased import ErasedOfCall
from ion_mentoring.handlers.api.probed import Probed
from ion_mentoring.handlers.contract.answer_requests import answer_request
from ion_mentoring.handlers.contract.multi_persona import MultiPersonaRequest, MultiPersonaView, multi_persona_view
from ion_mentoring.handlers.contract.receipts import Receipts, facts_of
from ion_mentoring.handlers.contract.views import answer_view
from ion_mentoring.handlers.web.attempt import Attempt
from ion_mentoring.handlers.web.call import Call
from ion_mentoring.handlers.web.event_stream import MEDIA_TYPE, Emit, Event
from ion_mentoring.handlers.web.idempotency import Idempotency
from ion_mentoring.handlers.web.responses import error_form, json_response
from ion_mentoring.handlers.web.resuming import may_resume, resumed
from ion_mentoring.handlers.web.stream_recorder import StreamRecorder
from ion_mentoring.mentoring.answering.joint_values import JointAnswer, Part
from ion_mentoring.mentoring.answering.panel import Panel
from ion_mentoring.mentoring.answering.stage import Silent, Spoken
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.personas.roster import Roster


class MultiPersonaCalls(Struct, frozen=True):
    """The collaborators of the endpoint."""

    panel: Panel
    answered: Answered
    recorder: StreamRecorder
    idempotency: Idempotency
    receipts: Receipts
    probed: Probed
    erased: ErasedOfCall

    async def ask(self, call: Call) -> Response:
        """The answer of the mentors whom the call names, or of the two who fit best."""
        sent: MultiPersonaRequest = call.body
        personas = _named(self.panel.answer.routing.roster, sent.personas or ())
        await self.probed.look(call, sent.question())
        if call.request.accepts(MEDIA_TYPE):
            return await self._streamed(call, personas)
        return await self.idempotency.once(call, partial(self._whole, personas=personas))

    async def _whole(self, call: Call, personas: Sequence[str]) -> Response:
        return json_response(self._shown(await self.panel(self._asked(call), personas), call))

    async def _streamed(self, call: Call, personas: Sequence[str]) -> Response:
        attempt, last_event_id = self.idempotency.attempt(call), call.request.header(b"last-event-id")
        ask = self._asked(call)
        work = partial(self._events, ask, personas, call, attempt)
        owner = owner_of(self.receipts.keys, ask, "together", *personas)
        goes_on_from = await may_resume(last_event_id, partial(self.erased, call), time.time())
        return await responded(await resumed(self.recorder, work, owner, goes_on_from, call.bound), attempt)

    async def _events(self, ask: AnswerRequest, personas: Sequence[str], call: Call, attempt: Attempt, emit: Emit) -> Event:
        """Emits the events of the mentors, and returns the last one."""
        async with attempt:
            if attempt.answered is not None:
                return again(attempt.answered, emit, speaker=None)
            joint = await self.panel(
                replace(ask, entry=attempt.entry), personas, lambda spoken: emit(_event(spoken, kept=ask.kept))
            )
            done = Event("done", to_json(self._shown(joint, call)))
            await attempt.keep(done.json())
            return done

    def _asked(self, call: Call) -> AnswerRequest:
        """The request of a call, of whom something may be learnt; nobody is tried in the place of whom fits best."""
        sent: MultiPersonaRequest = call.body
        ask = answer_request(sent.question(), call.caller, country=call.country, entry=call.entry)
        return replace(ask, learner=self.receipts.learner(call.caller, ask.user_id))

    def _shown(self, joint: JointAnswer, call: Call) -> MultiPersonaView:
        """The answer as its caller sees it, once each of its parts is told of."""
        sent: MultiPersonaRequest = call.body
        answers = [
            self._part(part, replace(call, request_id=f"{call.request_id}-{place}"))
            for place, part in enumerate(joint.parts, 1)
        ]
        return multi_persona_view(joint, answers, call, with_metadata=sent.include_metadata)

    def _part(self, part: Part, call: Call) -> dict[str, Any]:
        """One mentor's answer, which its caller may rate by its own id, or its error form."""
        sent: MultiPersonaRequest = call.body
        if part.answer is None:
            language = preferred(call.request.header(b"accept-language") or "")
            error = part.error
            form = error_form(error, language, call.request_id) if error else {}
            return {**form, "persona_used": part.card.name.en}
        self.answered(call, part.answer, kept=sent.kept)
        user = self.receipts.user(call.caller, sent.context.user_id)
        safe = part.answer.safety is not None
        receipt = None if safe else self.receipts.give(call.caller, user, call.request_id, facts_of(part.answer))
        return {**answer_view(part.answer, call, with_metadata=sent.include_metadata, receipt=receipt)}


def _event(spoken: Spoken, *, kept: bool) -> Event:
    """The event of a stream that a speaker's is; that of no speaker concerns the answer as a whole."""
    speaker = spoken.speaker.name.en if spoken.speaker else None
    if isinstance(spoken.event, Silent):
        return Event("failed", {"speaker": speaker, "code": spoken.event.code}, private=not kept)
    return event_of(spoken.event, kept=kept, speaker=speaker)


def _named(roster: Roster, names: Sequence[str]) -> tuple[str, ...]:
    """The ids of those who are named; UnknownPersona with the place of the name that nobody has."""
    personas = []
    for place, name in enumerate(names):
        try:
            personas.append(roster.named(name).id)
        except UnknownPersona as error:
            raise UnknownPersona("unknown persona", field=f"personas.{place}", details=error.details) from None
    if len(set(personas)) < len(personas):
        raise ValidationFailed("named twice", field="personas", details={"rule": "each mentor is named once"})
    return tuple(personas)
