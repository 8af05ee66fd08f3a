"""An answer as a stream of events."""

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from pydantic_core import to_json
from starlette.responses import Response

from ion_mentoring.access.owners import people_of
from ion_mentoring.handlers.contract.views import routing_view
from ion_mentoring.handlers.web.attempt import Attempt
from ion_mentoring.handlers.web.call import Bound
from ion_mentoring.handlers.web.event_stream import HEADERS, Emit, Event, Events, EventStream, begun
from ion_mentoring.handlers.web.idempotency import replayed
from ion_mentoring.handlers.web.resuming import may_resume, resumed
from ion_mentoring.handlers.web.stream_recorder import StreamRecorder
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.values import Answer, AnswerEvent, AnswerRequest
from ion_mentoring.mentoring.privacy.last_erased import LastErased
from ion_mentoring.models.protocol import Delta
from ion_mentoring.sealing.keys import CacheKeys

Show = Callable[[Answer], Any]


class AnswerStreams(Struct, frozen=True):
    """Streams answers, and what is left of them to those who come back."""

    answer: AnswerQuestion
    recorder: StreamRecorder
    keys: CacheKeys
    erased: LastErased

    async def open(
        self, ask: AnswerRequest, last_event_id: str | None, show: Show, attempt: Attempt, bound: Bound
    ) -> Events | None:
        """`routing`, then `delta`s, then `done` with what `show` makes of the answer; `routing` again where it begins anew.

        With the id of the last event of a stream of the same question, its rest; where that is not to be had, the answer
        begins anew; with that of its end, None: there are no events. What is said in danger is not put on record. Only what
        begins is an attempt, not what goes on. `bound` gives the work its time.
        """
        work = partial(self._answered, ask, show, attempt)
        goes_on_from = await may_resume(last_event_id, lambda: self.erased(people_of(ask.caller, (ask.user_id,))), time.time())
        return await resumed(self.recorder, work, owner_of(self.keys, ask), goes_on_from, bound)

    async def _answered(self, ask: AnswerRequest, show: Show, attempt: Attempt, emit: Emit) -> Event:
        """Emits the events of an answer, and returns its last one."""
        async with attempt:
            if attempt.answered is not None:
                return again(attempt.answered, emit)
            answer = await self.answer(replace(ask, entry=attempt.entry), lambda event: emit(event_of(event, kept=ask.kept)))
            done = Event("done", to_json(show(answer)))
            await attempt.keep(done.json())
            return done


def owner_of(keys: CacheKeys, ask: AnswerRequest, *more: str) -> str:
    """A mark of who asks what that tells neither; `more` is what else decides the answer."""
    history = [(message.role, message.content) for message in ask.history]
    who = (ask.caller.id, ask.user_id, ask.session_id)
    what = (ask.text, str(ask.key), ask.persona, ask.language, ask.mode, history, *more)
    return keys.key(owner=json.dumps((who, what)))


async def responded(events: Events | None, attempt: Attempt) -> Response:
    """The response of a stream that has begun; of none, that there is nothing more."""
    if events is None:
        return Response(status_code=204, headers=HEADERS)
    await begun(events)
    stream = EventStream(events)
    return stream if attempt.answered is None else replayed(stream)


def again(answered: bytes, emit: Emit, **more: Any) -> Event:
    """Emits the events of an answer that was given before, with `more` in each but the last, which is returned."""
    answer = json.loads(answered)
    began = {name: answer[name] for name in ("persona_used", "resonance_key", "routing")}
    private = "safety" in answer.get("metadata", ("safety",))  # who left the metadata out left that out, too
    emit(Event("routing", began | more, private=private))
    emit(Event("delta", {"text": answer["content"], **more}))
    return Event("done", answered)


def event_of(event: AnswerEvent, *, kept: bool = True, **more: Any) -> Event:
    """The event of a stream that an event of an answer is, with `more` in its data; private unless it is `kept`."""
    if isinstance(event, Delta):
        return Event("delta", {"text": event.text, **more}, private=not kept)
    routing = routing_view(event.decision, event.reasoning, event.safety)
    began = {"persona_used": event.persona.name.en, "resonance_key": str(event.decision.key), "routing": routing, **more}
    return Event("routing", began, private=event.safety is not None or not kept)
