"""What several mentors at once need, built with the first call for them."""

from ion_mentoring.handlers.api.erased import ErasedOfCall
from ion_mentoring.handlers.api.multi_persona_calls import MultiPersonaCalls
from ion_mentoring.handlers.api.v2 import V2
from ion_mentoring.mentoring.answering.panel import Panel


def multi_persona_calls(v2: V2) -> MultiPersonaCalls:
    """The calls, with the collaborators of those to one mentor."""
    erased = ErasedOfCall(v2.streams.erased)
    return MultiPersonaCalls(Panel(v2.answer), v2.answered, v2.streams.recorder, v2.idempotency, v2.receipts, v2.probed, erased)
