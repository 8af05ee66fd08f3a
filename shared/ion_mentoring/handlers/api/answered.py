"""The event that tells of an answer and the record of why, by whichever door it leaves."""

from msgspec import Struct

from ion_mentoring.caching.explanations import Explanations
from ion_mentoring.handlers.api.parsed_requests import ParsedRequest
from ion_mentoring.handlers.web.call import Call, elapsed_ms
from ion_mentoring.mentoring.answering.answer_cache import CachedReply
from ion_mentoring.mentoring.answering.explaining import record
from ion_mentoring.mentoring.answering.values import Answer
from ion_mentoring.personas.roster import Roster
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.product import PersonaProcessEvent, answer_path


class Answered(Struct, frozen=True):
    """Tells the log of answers, and keeps why they came from whom they came, under the caller's id and their request's."""

    log: EventLog
    explanations: Explanations
    roster: Roster

    def __call__(self, call: Call, answer: Answer, *, kept: bool = True) -> bytes:
        """Tells of an answer that was asked for; the record of its routing, which is `kept` where it may be."""
        why = record(answer, self.roster).encoded()
        if kept:
            self.explanations.tell(call.caller.owner(None), call.request_id, why)
        decision, usage = answer.decision, answer.usage
        self.log.tell(
            PersonaProcessEvent(
                answer.persona.id,
                str(decision.key),
                decision.route.confidence,
                elapsed_ms(call),
                answer.cache_layer is not None,
                True,
                None,
                answer.cache_layer,
                answer.model,
                answer.degraded,
                call.caller.id,
                usage.input_tokens,
                usage.output_tokens,
                answer.cost.nano_usd,
                answer_path(answer.cache_layer, answer.model),
            )
        )
        return why

    def known(self, call: Call, parsed: ParsedRequest, known: CachedReply) -> None:
        """Tells of one that was known, and cost nothing."""
        self.explanations.tell(call.caller.owner(None), call.request_id, parsed.why)
        ms, caller, model = elapsed_ms(call), call.caller.id, known.reply.model
        layer, degraded = known.layer, known.degraded
        self.log.tell(
            PersonaProcessEvent(
                parsed.persona, parsed.key, parsed.confidence, ms, True, True, None, layer, model, degraded, caller, 0, 0, 0
            )
        )
