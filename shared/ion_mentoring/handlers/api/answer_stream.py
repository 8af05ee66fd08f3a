"""An answer as a stream of events."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pydantic_core import to_json

from ion_mentoring.handlers.contract.views import routing_view
from ion_mentoring.handlers.web.attempt import Attempt
from ion_mentoring.handlers.web.call import Bound
from ion_mentoring.handlers.web.event_stream import Emit, Event, EventRun, Events
from ion_mentoring.handlers.web.stream_recorder import StreamRecorder
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.values import Answer, AnswerEvent, AnswerRequest
from ion_mentoring.models.protocol import Delta
from ion_mentoring.sealing.keys import CacheKeys

Show = Callable[[Answer], Any]


@dataclass(frozen=True, slots=True)
class AnswerStreams:
    """Streams answers, and what is left of them to those who come back."""

    answer: AnswerQuestion
    recorder: StreamRecorder
    keys: CacheKeys

    async def open(
        self, ask: AnswerRequest, last_event_id: str | None, show: Show, attempt: Attempt, bound: Bound
    ) -> Events | None:
        """`routing`, then `delta`s, then `done` with what `show` makes of the answer; `routing` again where it begins anew.

        With the id of the last event of a stream of the same question, its rest; where that is not to be had, the answer
        begins anew; with that of its end, None: there are no events. What is said in danger is not put on record. Only what
        begins is an attempt, not what goes on. `bound` gives the work its time.
        """
        owner = self._owner(ask)
        work = partial(self._answered, ask, show, attempt)
        if not last_event_id:
            return self.recorder.record(work, owner, bound).follow()
        if await self.recorder.heard(last_event_id, owner):
            return None
        if events := self.recorder.under_way(last_event_id, owner):
            return events

        async def rest_or_anew(emit: Emit) -> None:
            if not await self.recorder.rest(last_event_id, owner, emit):
                await self.recorder.record(work, owner, bound).join(emit)

        return EventRun(lambda emit: bound(rest_or_anew(emit))).follow()

    async def _answered(self, ask: AnswerRequest, show: Show, attempt: Attempt, emit: Emit) -> Event:
        """Emits the events of an answer, and returns its last one."""
        async with attempt:
            if attempt.answered is not None:
                return _again(attempt.answered, emit)
            answer = await self.answer(replace(ask, entry=attempt.entry), lambda event: emit(event_of(event)))
            done = Event("done", to_json(show(answer)))
            await attempt.keep(done.json())
            return done

    def _owner(self, ask: AnswerRequest) -> str:
        """A mark of who asks what that tells neither."""
        history = [(message.role, message.content) for message in ask.history]
        who = (ask.caller.id, ask.user_id, ask.session_id)
        what = (ask.text, str(ask.key), ask.persona, ask.language, ask.mode, history)
        return self.keys.key(owner=json.dumps((who, what)))


def _again(answered: bytes, emit: Emit) -> Event:
    """Emits the events of an answer that was given before, and returns the last one."""
    answer = json.loads(answered)
    began = {name: answer[name] for name in ("persona_used", "resonance_key", "routing")}
    private = "safety" in answer.get("metadata", ("safety",))  # who left the metadata out left that out, too
    emit(Event("routing", began, private=private))
    emit(Event("delta", {"text": answer["content"]}))
    return Event("done", answered)


def event_of(event: AnswerEvent) -> Event:
    """The event of a stream that an event of an answer is."""
    if isinstance(event, Delta):
        return Event("delta", {"text": event.text})
    routing = routing_view(event.decision, event.reasoning)
    began = {"persona_used": event.persona.name.en, "resonance_key": str(event.decision.key), "routing": routing}
    return Event("routing", began, private=event.safety is not None)
