"""The endpoints of a persona function."""

from collections.abc import Mapping

from msgspec import Struct, field
from starlette.responses import Response

from ion_mentoring import __version__
from ion_mentoring.access.permissions import ANYONE
from ion_mentoring.errors import MentoringError
from ion_mentoring.handlers.web.call import Call, Endpoint, elapsed_ms
from ion_mentoring.handlers.web.event_stream import MEDIA_TYPE, Emit, Event, EventRun, EventStream
from ion_mentoring.handlers.web.responses import json_response
from ion_mentoring.models.protocol import Event as ModelEvent
from ion_mentoring.models.protocol import Say
from ion_mentoring.personas.contract import PATH, Mentor, PersonaRequest, Reply
from ion_mentoring.personas.remote.codec import cost_details, event_of
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.resilience.concurrency import ConcurrencyLimit
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.usage.meter import UsageMeter


class PersonaEndpoints(Struct, frozen=True):
    """One persona's door, for functions of the set alone. `breakers` are those of its models, by their names."""

    persona: str
    mentor: Mentor
    log: EventLog
    concurrency: ConcurrencyLimit
    breakers: Mapping[str, Breaker] = field(default_factory=dict)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table of a persona function."""
        return (
            Endpoint("POST", PATH, self._answer, "The persona's reply to a question", PersonaRequest, Reply),
            Endpoint("GET", "/health", self._health, "Liveness", allows=ANYONE),
        )

    async def _answer(self, call: Call) -> Response:
        if not call.request.accepts(MEDIA_TYPE):
            return json_response(await self._reply(call, None))
        run: EventRun = EventRun(lambda emit: call.bound(self._streamed(call, emit)))
        return EventStream(run.follow())

    async def _streamed(self, call: Call, emit: Emit) -> None:
        def say(part: ModelEvent | Reply) -> None:
            emit(Event(*event_of(part)))

        say(await self._reply(call, say))

    async def _reply(self, call: Call, say: Say | None) -> Reply:
        """The reply in its turn; an error's details say what it had cost until then."""
        meter = UsageMeter()
        try:
            async with self.concurrency.slot():
                reply = await self.mentor.answer(call.body, meter, say)
        except MentoringError as error:
            error.details |= cost_details(meter.calls)
            raise
        self._replied(reply, call, streamed=say is not None)
        return reply

    def _replied(self, reply: Reply, call: Call, *, streamed: bool) -> None:
        self.log.info(
            "replied",
            persona=self.persona,
            model=reply.model,
            topics=reply.topics,
            offered=reply.offered,
            plan=reply.plan,
            input_tokens=reply.usage.input_tokens,
            output_tokens=reply.usage.output_tokens,
            streamed=streamed,
            ms=elapsed_ms(call),
        )

    async def _health(self, _call: Call) -> Response:
        models = {name: breaker.state for name, breaker in self.breakers.items()}
        return json_response({"status": "healthy", "persona": self.persona, "version": __version__, "models": models})
