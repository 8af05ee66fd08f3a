"""The personas in order: the intended one, the next best where it cannot answer, at last the playbook in its name."""

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from ion_mentoring.errors import ModelUnavailable, PersonaUnavailable
from ion_mentoring.mentoring.answering.metering import Bill
from ion_mentoring.mentoring.answering.values import RoutingDecision
from ion_mentoring.models.protocol import Say, Started
from ion_mentoring.personas.contract import Mentor, PersonaRequest, Reply
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.trace import span


class PersonaFailover(Struct, frozen=True):
    """`last_resort` are the same personas with models that cannot be away; without them, who can wait is told to come back.
    Where nobody `replaces` the intended one, only its own last resort does. `own` are the personas with the playbook alone.
    Only the intended one is asked for a variant."""

    mentors: Mapping[str, Mentor]
    last_resort: Mapping[str, Mentor]
    log: EventLog
    replaces: bool = True
    own: Mapping[str, Mentor] = field(default_factory=dict)

    def without_vendors(self) -> "PersonaFailover":
        """The same personas, of whom nobody asks a vendor's model."""
        return replace(self, mentors=self.own, last_resort={})

    async def __call__(self, decision: RoutingDecision, question: PersonaRequest, bill: Bill, say: Say | None) -> Reply:
        """The first reply that comes to its end; wherever another persona takes over, a Started is said and the bill knows."""
        intended = decision.persona.id
        others = [persona for persona in decision.route.ranked if persona != intended and self.replaces]
        candidates = [(persona, self.mentors[persona]) for persona in (intended, *others)]
        if intended in self.last_resort:
            candidates.append((intended, self.last_resort[intended]))
        for place, (persona, mentor) in enumerate(candidates):
            bill.persona = persona
            if place and say:
                say(Started(persona))
            if place and question.variant:
                question = question.model_copy(update={"variant": None})
            try:
                with span(f"persona {persona}"):
                    reply = await mentor.answer(question, bill.meter, say)
            except (PersonaUnavailable, ModelUnavailable) as error:
                failure = error
                self.log.warning("persona_failed", persona=persona, reason=str(error))
            else:
                return reply.model_copy(update={"degraded": ("persona", *reply.degraded)}) if place else reply
        raise PersonaUnavailable(str(failure), retry_after_s=failure.retry_after_s or 1)
