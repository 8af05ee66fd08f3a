"""An answer as a stream of events."""

import json
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from ion_mentoring.caching.keys import CacheKeys
from ion_mentoring.handlers.event_stream import Event, Events
from ion_mentoring.handlers.recording import Recorder
from ion_mentoring.handlers.views import routing_view
from ion_mentoring.mentoring.answer import AnswerQuestion, Part
from ion_mentoring.mentoring.asking import Answer, Ask, Began
from ion_mentoring.models.protocol import Delta

Show = Callable[[Answer], Any]


@dataclass(frozen=True, slots=True)
class AnswerStreams:
    """Streams answers, and what is left of them to those who come back."""

    answer: AnswerQuestion
    recorder: Recorder
    keys: CacheKeys

    async def events(self, ask: Ask, last_event_id: str | None, show: Show) -> Events:
        """`routing`, then `delta`s, then `done` with what `show` makes of the answer; `routing` again where it begins anew.

        With the id of the last event of a stream of the same question, its rest; where that is not to be had, the answer
        begins anew. What is said in danger is not put on record.
        """
        owner = self._owner(ask)
        if last_event_id:
            async with aclosing(self.recorder.rest(last_event_id, owner)) as rest:
                async for event in rest:
                    yield event
                    if event.ends:
                        return
        events = self._fresh(ask, show)
        if self.answer.crisis.check(ask.text) is None:
            events = self.recorder.recorded(events, owner)
        async with aclosing(events):
            async for event in events:
                yield event

    async def _fresh(self, ask: Ask, show: Show) -> Events:
        async with aclosing(self.answer.parts(ask)) as parts:
            async for part in parts:
                yield event_of(part, show)

    def _owner(self, ask: Ask) -> str:
        """A mark of who asks what that tells neither."""
        history = [(message.role, message.content) for message in ask.history]
        who = (ask.caller.id, ask.user_id, ask.session_id)
        what = (ask.text, str(ask.key), ask.persona, ask.language, ask.mode, history)
        return self.keys.key(owner=json.dumps((who, what)))


def event_of(part: Part, show: Show) -> Event:
    """The event that a part of an answer is."""
    match part:
        case Began():
            routing = routing_view(part.reading, part.reasoning)
            key = str(part.reading.key)
            return Event("routing", {"persona_used": part.persona.name.en, "resonance_key": key, "routing": routing})
        case Delta():
            return Event("delta", {"text": part.text})
        case _:
            return Event("done", show(part))
