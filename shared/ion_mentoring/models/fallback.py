"""Models in order: the next one answers where the one before failed, or is asked beside it where it is late."""

from collections import deque
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.errors import ModelFiltered, ModelUnavailable
from ion_mentoring.models.protocol import Completion, Delta, Event, Model, Prompt, Say, Started
from ion_mentoring.models.race import Race
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.usage.meter import UsageMeter


class FallbackModels(Struct, frozen=True):
    """The first of `models`, and the next where it fails. With `hedge_after_s`, the second is asked, too, as soon as
    the first has been silent for so long: the first to speak, or to think aloud, is heard, and the other one's call is ended.
    `meant` is the name of the model that is meant to answer."""

    meant: str
    models: Sequence[Model]
    log: EventLog
    hedge_after_s: float | None = None

    async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
        """The answer; a Started is said where text broke off and the next model begins anew.

        ModelUnavailable if the last one fails, too.
        """
        waiting, text = deque(self.models), _Text(say) if say else None
        filtered = False
        while True:
            try:
                completion = await self._next(waiting, prompt, meter, text)
                return replace(completion, filtered=True) if filtered else completion
            except ModelUnavailable as error:
                filtered = filtered or isinstance(error, ModelFiltered)
                if not waiting:
                    raise
                self.log.warning("model_replaced", by=waiting[0].name, reason=str(error))
                if text:
                    text.void()

    async def _next(self, waiting: deque[Model], prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
        """The answer of the next of those who wait; perhaps of the one after it, too."""
        first = len(waiting) == len(self.models)
        model = waiting.popleft()
        if self.hedge_after_s is None or not first or not waiting:
            return await model.answer(prompt, meter, say)
        async with Race(prompt, meter, say) as race:
            race.enter(model)
            if not await race.decided_within(self.hedge_after_s):
                self.log.warning("model_hedged", model=model.name, by=waiting[0].name)
                race.enter(waiting.popleft())
            return await race.result()


class _Text:
    """A listener that knows whether there is text to be made void; signs of work end here."""

    __slots__ = ("_any", "_say")

    def __init__(self, say: Say) -> None:
        self._say = say
        self._any = False

    def __call__(self, event: Event) -> None:
        """Passes an event on."""
        if isinstance(event, Delta):
            if not event.text:
                return
            self._any = True
        else:
            self._any = False
        self._say(event)

    def void(self) -> None:
        """Makes void what was said, if anything was."""
        if self._any:
            self(Started())
