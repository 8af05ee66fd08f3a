"""The endpoints of a persona function."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field

from starlette.responses import Response

from ion_mentoring import __version__
from ion_mentoring.errors import MentoringError
from ion_mentoring.handlers.web.call import Call, Endpoint, elapsed_ms
from ion_mentoring.handlers.web.event_stream import MEDIA_TYPE, Event, Events, EventStream
from ion_mentoring.handlers.web.responses import json_response
from ion_mentoring.personas.contract import PATH, Mentor, Part, Question, Reply
from ion_mentoring.personas.remote.wire import cost_details, event_of
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.resilience.turns import Turns
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.usage.spending import Tab


@dataclass(frozen=True, slots=True)
class PersonaEndpoints:
    """One persona's door; the platform lets only the router in. `breakers` are those of its models, by their names."""

    persona: str
    mentor: Mentor
    log: EventLog
    turns: Turns
    breakers: Mapping[str, Breaker] = field(default_factory=dict)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table of a persona function."""
        return (
            Endpoint("POST", PATH, self._answer, "The persona's reply to a question", Question, Reply),
            Endpoint("GET", "/health", self._health, "Liveness"),
        )

    async def _answer(self, call: Call) -> Response:
        if call.request.accepts(MEDIA_TYPE):
            return EventStream(self._events(call))
        async with aclosing(self._parts(call, streaming=False)) as parts:
            return json_response([part async for part in parts][-1])

    async def _events(self, call: Call) -> Events:
        async with aclosing(self._parts(call, streaming=True)) as parts:
            async for part in parts:
                yield Event(*event_of(part))

    async def _parts(self, call: Call, *, streaming: bool) -> AsyncGenerator[Part]:
        """The reply in its turn; an error's details say what it had cost until then."""
        tab = Tab()
        try:
            async with self.turns.turn(), aclosing(self.mentor.answer(call.body, tab, streaming=streaming)) as parts:
                async for part in parts:
                    if isinstance(part, Reply):
                        self._replied(part, call, streaming)
                    yield part
        except MentoringError as error:
            error.details |= cost_details(tab.calls)
            raise

    def _replied(self, reply: Reply, call: Call, streaming: bool) -> None:
        self.log.info(
            "replied",
            persona=self.persona,
            model=reply.model,
            topics=reply.topics,
            input_tokens=reply.usage.input_tokens,
            output_tokens=reply.usage.output_tokens,
            streamed=streaming,
            ms=elapsed_ms(call),
        )

    async def _health(self, _call: Call) -> Response:
        models = {name: breaker.state for name, breaker in self.breakers.items()}
        return json_response({"status": "healthy", "persona": self.persona, "version": __version__, "models": models})
