"""A model behind its breaker: bounded in time, retried where that may help, left alone where it does not answer."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from ion_mentoring.errors import ModelBusy, ModelMisused, ModelRefused, ModelUnavailable
from ion_mentoring.models.protocol import Completion, Model, Piece, Prompt
from ion_mentoring.models.warm_up import WarmUp
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.resilience.deadline import Deadline, each_within, limit_s
from ion_mentoring.resilience.retries import RetryBudget, retrying
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.usage.spending import Tab

KEEP_S: Final = 2.0  # of the request's time, for the model that stands in
BUSY_S: Final = 1.0  # how long a model is left alone that is busy and does not say for how long


class ModelTooLate(ModelUnavailable):
    """The model took longer than it had: asking it again would take as long again."""


@dataclass(frozen=True, slots=True)
class GuardedModel:
    """`timeout_s` bounds one call from its beginning to its end. Retries happen only before its first text or thought.

    `warm_up` is for a model that its server may have to load: one that is loading is left alone, and not taken for broken.
    """

    model: Model
    breaker: Breaker
    retries: RetryBudget
    log: EventLog
    timeout_s: float
    warm_up: WarmUp | None = None

    @property
    def name(self) -> str:
        """The name of the model behind."""
        return self.model.name

    async def complete(self, prompt: Prompt, tab: Tab) -> Completion:
        """The whole answer; ModelUnavailable at once while the model is left alone."""
        async with aclosing(self._pieces(prompt, lambda: _whole(self.model, prompt, tab))) as pieces:
            async for piece in pieces:
                if isinstance(piece, Completion):
                    return piece
        raise ModelUnavailable(f"{self.name} ended without an answer")

    async def stream(self, prompt: Prompt, tab: Tab) -> AsyncGenerator[Piece]:
        """The pieces as they come; ModelUnavailable at once while the model is left alone."""
        async with aclosing(self._pieces(prompt, lambda: self.model.stream(prompt, tab))) as pieces:
            async for piece in pieces:
                yield piece

    async def _pieces(self, prompt: Prompt, call: Callable[[], AsyncGenerator[Piece]]) -> AsyncGenerator[Piece]:
        over = Deadline.after(limit_s(self.timeout_s, keep_s=KEEP_S))
        self.retries.called()
        async for attempt in retrying(_again, self.retries, within_s=over.left_s(), told=self._retried):
            with attempt:
                pieces = self._attempt(call, over)
                first = await self._first(pieces, prompt, over)
        async with aclosing(pieces):
            yield first
            async for piece in pieces:
                yield piece

    async def _first(self, pieces: AsyncGenerator[Piece], prompt: Prompt, over: Deadline) -> Piece:
        """The first piece, beside whose wait the model may be kept loading."""
        if self.warm_up is None:
            return await anext(pieces)
        with self.warm_up.beside(prompt, over.left_s()):
            first = await anext(pieces)
        self.warm_up.heard()
        return first

    async def _attempt(self, call: Callable[[], AsyncGenerator[Piece]], over: Deadline) -> AsyncGenerator[Piece]:
        """One call, and what the breaker learns from it."""
        self._let_alone()
        try:
            async with aclosing(each_within(call(), over.left_s())) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Completion):  # now, since whoever has it may not come back for the end
                        self.breaker.succeeded()
                    yield piece
        except TimeoutError as error:
            self._ran_out()
            raise ModelTooLate(f"{self.name} took too long") from error
        except ModelBusy as error:
            self.breaker.busy(error.retry_after_s or BUSY_S)
            raise
        except ModelRefused:
            self.breaker.succeeded()
            raise
        except ModelUnavailable:
            self.breaker.failed()
            raise

    def _let_alone(self) -> None:
        """ModelBusy where asking now is of no use."""
        if self.warm_up and self.warm_up.loading:
            raise ModelBusy(f"{self.name} is loading")
        if not self.breaker.allows():
            raise ModelBusy(f"{self.name} is left alone ({self.breaker.state})", retry_after_s=self.breaker.wait_s)

    def _ran_out(self) -> None:
        if not (self.warm_up and self.warm_up.ran_out()):
            self.breaker.failed()

    def _retried(self, error: BaseException) -> None:
        self.log.warning("model_retried", model=self.name, reason=str(error))


def _again(error: BaseException) -> bool:
    """Whether the same call may go better at once: not where the model works, where we are wrong, or where time is over."""
    known = (ModelBusy, ModelRefused, ModelMisused, ModelTooLate)
    return isinstance(error, ModelUnavailable) and not isinstance(error, known)


async def _whole(model: Model, prompt: Prompt, tab: Tab) -> AsyncGenerator[Piece]:
    yield await model.complete(prompt, tab)
