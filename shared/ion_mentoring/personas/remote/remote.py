"""A persona behind its own function: left alone while it fails, counted however its answers end."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from ion_mentoring.errors import PersonaBusy, PersonaUnavailable
from ion_mentoring.models.protocol import Delta, Restart
from ion_mentoring.personas.contract import Part, Question, Reply
from ion_mentoring.personas.remote.door import Door
from ion_mentoring.personas.remote.wire import spent_in
from ion_mentoring.resilience import deadline
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.usage.spending import Tab, VendorCall

KEEP_S: Final = 3.0  # of the request's time, for the persona who stands in
BUSY_S: Final = 1.0  # how long a function is left alone that is busy and does not say for how long


@dataclass(frozen=True, slots=True)
class RemoteMentor:
    """Asks at a door. `model` is the name under which an answer that got lost on the way is counted, None where none costs."""

    door: Door
    breaker: Breaker
    timeout_s: float
    model: str | None = None

    async def answer(self, question: Question, tab: Tab, *, streaming: bool) -> AsyncGenerator[Part]:
        """The function's parts; PersonaUnavailable for whatever else it does, PersonaBusy if it limits itself."""
        if not self.breaker.allows():
            raise PersonaBusy(f"left alone ({self.breaker.state})", retry_after_s=self.breaker.wait_s)
        limit_s = deadline.limit_s(self.timeout_s, keep_s=KEEP_S)
        try:
            async with aclosing(deadline.each_within(self._counted(question, tab, streaming, limit_s), limit_s)) as parts:
                async for part in parts:
                    if isinstance(part, Reply):  # now, since whoever has it may not come back for the end
                        self.breaker.succeeded()
                    yield part
        except PersonaBusy as error:
            self.breaker.busy(error.retry_after_s or BUSY_S)
            raise
        except PersonaUnavailable:
            self.breaker.failed()
            raise
        except TimeoutError as error:
            self.breaker.failed()
            raise PersonaUnavailable("persona function: took too long", retry_after_s=1) from error

    async def _counted(self, question: Question, tab: Tab, streaming: bool, limit_s: float) -> AsyncGenerator[Part]:
        """The parts, with their cost on the tab: as the function counted it, else as far as its text had come."""
        texts = (question.text, *(message.content for message in question.history))
        with tab.calling(self.model or "", texts) as call:
            call.billed = self.model is not None
            try:
                async with aclosing(self.door.parts(question, streaming=streaming, limit_s=limit_s)) as parts:
                    async for part in parts:
                        _heard(call, tab, part)
                        yield part
            except PersonaUnavailable as error:
                call.billed = call.billed and "lost" in error.details
                tab.add(spent_in(error.details))
                raise


def _heard(call: VendorCall, tab: Tab, part: Part) -> None:
    match part:
        case Delta():
            call.heard.append(part.text)
            call.usage = part.usage
        case Restart():
            call.usage = None
        case Reply():
            call.usage, call.billed = None, False
            tab.add(part.spent)
