"""An answer as a stream of events."""

import json
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from pydantic_core import to_json

from ion_mentoring.handlers.contract.views import routing_view
from ion_mentoring.handlers.web.attempt import Attempt
from ion_mentoring.handlers.web.event_stream import Event, Events
from ion_mentoring.handlers.web.recording import Recorder
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.asking import Answer, Ask, Began, Part
from ion_mentoring.models.protocol import Delta
from ion_mentoring.sealing.keys import CacheKeys

Show = Callable[[Answer], Any]


@dataclass(frozen=True, slots=True)
class AnswerStreams:
    """Streams answers, and what is left of them to those who come back."""

    answer: AnswerQuestion
    recorder: Recorder
    keys: CacheKeys

    async def events(self, ask: Ask, last_event_id: str | None, show: Show, attempt: Attempt) -> Events:
        """`routing`, then `delta`s, then `done` with what `show` makes of the answer; `routing` again where it begins anew.

        With the id of the last event of a stream of the same question, its rest; where that is not to be had, the answer
        begins anew; with that of its end, there are no events. What is said in danger is not put on record. Only what
        begins is an attempt, not what goes on.
        """
        owner = self._owner(ask)
        if last_event_id:
            if await self.recorder.heard(last_event_id, owner):
                return
            async with aclosing(self.recorder.rest(last_event_id, owner)) as rest:
                async for event in rest:
                    yield event
                    if event.ends:
                        return
        async with aclosing(self.recorder.recorded(self._fresh(ask, show, attempt), owner)) as events:
            async for event in events:
                yield event

    async def _fresh(self, ask: Ask, show: Show, attempt: Attempt) -> Events:
        async with attempt:
            if attempt.answered is not None:
                for event in _again(attempt.answered):
                    yield event
                return
            async with aclosing(self.answer.parts(replace(ask, entry=attempt.entry))) as parts:
                async for part in parts:
                    event = event_of(part, show)
                    if event.ends:
                        await attempt.keep(event.json())
                    yield event

    def _owner(self, ask: Ask) -> str:
        """A mark of who asks what that tells neither."""
        history = [(message.role, message.content) for message in ask.history]
        who = (ask.caller.id, ask.user_id, ask.session_id)
        what = (ask.text, str(ask.key), ask.persona, ask.language, ask.mode, history)
        return self.keys.key(owner=json.dumps((who, what)))


def _again(answered: bytes) -> tuple[Event, ...]:
    """The events of an answer that was given before."""
    answer = json.loads(answered)
    began = {name: answer[name] for name in ("persona_used", "resonance_key", "routing")}
    private = "safety" in answer.get("metadata", ("safety",))  # who left the metadata out left that out, too
    return Event("routing", began, private=private), Event("delta", {"text": answer["content"]}), Event("done", answered)


def event_of(part: Part, show: Show) -> Event:
    """The event that a part of an answer is."""
    match part:
        case Began():
            routing = routing_view(part.reading, part.reasoning)
            key = str(part.reading.key)
            began = {"persona_used": part.persona.name.en, "resonance_key": key, "routing": routing}
            return Event("routing", began, private=part.safety is not None)
        case Delta():
            return Event("delta", {"text": part.text})
        case _:
            return Event("done", to_json(show(part)))
