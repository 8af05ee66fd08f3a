"""A persona behind its own function: left alone while it fails, counted however its answers end."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field

from ion_mentoring.errors import PersonaBusy, PersonaUnavailable
from ion_mentoring.models.protocol import Delta, Event, Say
from ion_mentoring.personas.contract import PersonaRequest, Reply
from ion_mentoring.personas.remote.client import PersonaClient
from ion_mentoring.personas.remote.codec import spent_in
from ion_mentoring.resilience import deadline
from ion_mentoring.resilience.bounded import bounded
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.usage.meter import UsageMeter, VendorCall

KEEP_S: Final = 3.0  # of the request's time, for the persona who stands in
TOO_LONG: Final = "persona function: took too long"
BUSY_S: Final = 1.0  # how long a function is left alone that is busy and does not say for how long


class RemoteMentor(Struct, frozen=True):
    """Asks at a door. `model` is the name under which an answer that got lost on the way is counted, None where none costs;
    `variants` are those names by the names of models that experiments ask for."""

    client: PersonaClient
    breaker: Breaker
    timeout_s: float
    model: str | None = None
    variants: Mapping[str, str] = field(default_factory=dict)

    async def answer(self, question: PersonaRequest, meter: UsageMeter, say: Say | None) -> Reply:
        """The function's reply; PersonaUnavailable for whatever else it does, PersonaBusy if it limits itself."""
        if not self.breaker.allows():
            raise PersonaBusy(f"left alone ({self.breaker.state})", retry_after_s=self.breaker.wait_s)
        limit_s = deadline.limit_s(self.timeout_s, keep_s=KEEP_S)
        try:
            reply = await bounded(self._counted(question, meter, say, limit_s), limit_s)
        except PersonaBusy as error:
            self.breaker.busy(error.retry_after_s or BUSY_S)
            raise
        except PersonaUnavailable as error:
            self.breaker.failed(str(error))
            raise
        except TimeoutError as error:
            self.breaker.failed(TOO_LONG)
            raise PersonaUnavailable(TOO_LONG, retry_after_s=1) from error
        self.breaker.succeeded()
        return reply

    async def _counted(self, question: PersonaRequest, meter: UsageMeter, say: Say | None, limit_s: float) -> Reply:
        """The reply, with its cost on the meter: as the function counted it, else as far as its text had come."""
        texts = (question.text, *(message.content for message in question.history))
        varied = question.variant.model if question.variant else None
        model = self.variants.get(varied) if varied else self.model
        with meter.calling(model or "", texts) as call:
            call.billed = model is not None
            try:
                reply = await self.client.answer(question, _noting(call, say) if say else None, limit_s)
            except PersonaUnavailable as error:
                call.billed = call.billed and "lost" in error.details
                meter.add(spent_in(error.details))
                raise
            call.usage, call.billed = None, False
            meter.add(reply.spent)
            return reply


def _noting(call: VendorCall, say: Say) -> Say:
    """A listener that notes on the call how far the text and its count have come."""

    def note(event: Event) -> None:
        if isinstance(event, Delta):
            call.heard.append(event.text)
            call.usage = event.usage
        else:
            call.usage = None
        say(event)

    return note
