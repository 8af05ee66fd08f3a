"""A model behind its breaker: bounded in time, retried where that may help, left alone where it does not answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from msgspec import Struct

from ion_mentoring.errors import ModelBusy, ModelMisused, ModelRefused, ModelUnavailable
from ion_mentoring.models.protocol import Completion, Event, Model, Prompt, Say
from ion_mentoring.models.warm_up import WarmUp
from ion_mentoring.resilience.bounded import bounded
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.resilience.deadline import Deadline, limit_s
from ion_mentoring.resilience.retries import RetryBudget, retrying
from ion_mentoring.telemetry import genai
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.trace import span
from ion_mentoring.usage.meter import UsageMeter

KEEP_S: Final = 2.0  # of the request's time, for the model that stands in
BUSY_S: Final = 1.0  # how long a model is left alone that is busy and does not say for how long


class ModelTooLate(ModelUnavailable):
    """The model took longer than it had: asking it again would take as long again."""


class GuardedModel(Struct, frozen=True):
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

    async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
        """The whole answer; ModelUnavailable at once while the model is left alone."""
        over = Deadline.after(limit_s(self.timeout_s, keep_s=KEEP_S))
        voice = Voice(say, self.warm_up.heard if self.warm_up else None)
        self.retries.called()
        attempts = retrying(
            lambda error: _again(error) and not voice.heard, self.retries, within_s=over.left_s(), told=self._retried
        )
        completion: Completion = await attempts(self._attempt, prompt, meter, voice, over)
        return completion

    async def _attempt(self, prompt: Prompt, meter: UsageMeter, voice: "Voice", over: Deadline) -> Completion:
        """One call, and what the breaker learns from it."""
        self._let_alone()
        try:
            with self._kept_loading(prompt, voice, over), span(f"model {self.name}", **genai.asked(self.name)) as attributes:
                completion = await bounded(self.model.answer(prompt, meter, voice.listener), over.left_s())
                used = completion.usage
                attributes |= genai.answered(used.input_tokens, used.output_tokens, cut_short=completion.cut_short)
        except TimeoutError as error:
            late = ModelTooLate(f"{self.name} took too long")
            self._ran_out(str(late))
            raise late from error
        except ModelBusy as error:
            self.breaker.busy(error.retry_after_s or BUSY_S)
            raise
        except ModelRefused:
            self.breaker.succeeded()
            raise
        except ModelUnavailable as error:
            self.breaker.failed(str(error))
            raise
        self.breaker.succeeded()
        return completion

    @contextmanager
    def _kept_loading(self, prompt: Prompt, voice: "Voice", over: Deadline) -> Iterator[None]:
        """A call beside which the model may be kept loading while nothing is heard of it."""
        if self.warm_up is None:
            yield
            return
        with self.warm_up.beside(prompt, over.left_s(), lambda: voice.heard):
            yield
        self.warm_up.heard()

    def _let_alone(self) -> None:
        """ModelBusy where asking now is of no use."""
        if self.warm_up and self.warm_up.loading:
            raise ModelBusy(f"{self.name} is loading")
        if not self.breaker.allows():
            raise ModelBusy(f"{self.name} is left alone ({self.breaker.state})", retry_after_s=self.breaker.wait_s)

    def _ran_out(self, reason: str) -> None:
        if not (self.warm_up and self.warm_up.ran_out()):
            self.breaker.failed(reason)

    def _retried(self, error: BaseException) -> None:
        self.log.warning("model_retried", model=self.name, reason=str(error))


def _again(error: BaseException) -> bool:
    """True if the same call may go better at once: not where the model works, where we are wrong, or where time is over."""
    known = (ModelBusy, ModelRefused, ModelMisused, ModelTooLate)
    return isinstance(error, ModelUnavailable) and not isinstance(error, known)


class Voice:
    """A model's voice on its way to a listener: knows whether anything was `heard`, and tells `first` when something is."""

    __slots__ = ("_first", "_say", "heard")

    def __init__(self, say: Say | None, first: Callable[[], None] | None) -> None:
        self._say = say
        self._first = first
        self.heard = False

    @property
    def listener(self) -> Say | None:
        """This, if anybody listens behind it."""
        return self._pass if self._say else None

    def _pass(self, event: Event) -> None:
        if not self.heard:
            self.heard = True
            if self._first:
                self._first()
        if self._say:
            self._say(event)
