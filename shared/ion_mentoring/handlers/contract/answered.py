"""The event that tells the log of an answer, by whichever door it leaves."""

from ion_mentoring.handlers.web.call import Call, elapsed_ms
from ion_mentoring.mentoring.answering.answer_cache import CachedReply
from ion_mentoring.mentoring.answering.values import Answer
from ion_mentoring.records.ledger.prices import Cost
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.usage.meter import Usage


def tell(log: EventLog, call: Call, answer: Answer) -> None:
    """Tells of an answer that was asked for."""
    persona, key, layer = answer.persona.id, str(answer.decision.key), answer.cache_layer
    _tell(log, call, persona, key, layer, answer.model, answer.degraded, answer.usage, answer.cost)


def tell_known(log: EventLog, call: Call, persona: str, key: str, known: CachedReply) -> None:
    """Tells of one that was known, and cost nothing."""
    _tell(log, call, persona, key, known.layer, known.reply.model, known.degraded, Usage(), Cost())


def _tell(
    log: EventLog,
    call: Call,
    persona: str,
    key: str,
    layer: str | None,
    model: str,
    degraded: tuple[str, ...],
    usage: Usage,
    cost: Cost,
) -> None:
    log.info(
        "answered",
        persona=persona,
        key=key,
        layer=layer,
        model=model,
        degraded=degraded,
        caller=call.caller.id,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        nano_usd=cost.nano_usd,
        ms=elapsed_ms(call),
    )
