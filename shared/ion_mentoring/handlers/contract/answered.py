"""The event that tells of an answer, by whichever door it leaves."""

from ion_mentoring.handlers.web.call import Call, elapsed_ms
from ion_mentoring.mentoring.answering.answer_cache import CachedReply
from ion_mentoring.mentoring.answering.values import Answer
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.product import PersonaProcessEvent, answer_path


def tell(log: EventLog, call: Call, answer: Answer) -> None:
    """Tells of an answer that was asked for."""
    decision, usage = answer.decision, answer.usage
    log.tell(
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


def tell_known(log: EventLog, call: Call, persona: str, key: str, confidence: float, known: CachedReply) -> None:
    """Tells of one that was known, and cost nothing."""
    ms, caller = elapsed_ms(call), call.caller.id
    model, degraded = known.reply.model, known.degraded
    log.tell(PersonaProcessEvent(persona, key, confidence, ms, True, True, None, known.layer, model, degraded, caller, 0, 0, 0))
