"""The endpoints of a persona function."""

from dataclasses import dataclass

from starlette.responses import Response

from ion_mentoring import __version__
from ion_mentoring.handlers.call import Call, Endpoint, elapsed_ms
from ion_mentoring.handlers.responses import json_response
from ion_mentoring.personas.contract import PATH, Mentor, Question, Reply
from ion_mentoring.telemetry.events import EventLog


@dataclass(frozen=True, slots=True)
class PersonaEndpoints:
    """One persona's door; the platform lets only the router in."""

    persona: str
    mentor: Mentor
    log: EventLog

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table of a persona function."""
        return (
            Endpoint("POST", PATH, self._answer, "The persona's reply to a question", Question, Reply),
            Endpoint("GET", "/health", self._health, "Liveness"),
        )

    async def _answer(self, call: Call) -> Response:
        reply = await self.mentor.answer(call.body)
        self.log.info("replied", persona=self.persona, model=reply.model, topics=reply.topics, ms=elapsed_ms(call))
        return json_response(reply)

    async def _health(self, _call: Call) -> Response:
        return json_response({"status": "healthy", "persona": self.persona, "version": __version__})
