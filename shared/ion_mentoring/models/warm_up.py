"""The loading of a model that its server loads when it is asked: it goes on when who asked has gone.

A server like Ollama says nothing while it loads, and stops loading when its client leaves (docs/decisions/0028).
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Final

from msgspec.structs import replace

from ion_mentoring.errors import ModelUnavailable
from ion_mentoring.models.generation import Generation
from ion_mentoring.models.protocol import Message, Model, Prompt
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.usage.meter import UsageMeter

SILENT_S: Final = 5.0  # without a word from a model that may be unloaded, until its loading is held
KEPT_S: Final = 240.0  # a model that spoke so lately is loaded: Ollama keeps one for five minutes after its last answer
LONGEST_S: Final = 600.0  # what does not answer after this is not loading
FEWEST: Final = Generation(max_output_tokens=16, light_output_tokens=16)


class WarmUp:
    """Asks `model` one small question of ours beside a call that hears nothing, and waits for its answer, whoever leaves.

    There is one at a time, and none of a model that spoke within KEPT_S. `now` is in seconds.
    """

    def __init__(
        self, model: Model, log: EventLog, *, now: Callable[[], float] = time.monotonic, silent_s: float = SILENT_S
    ) -> None:
        self._model, self._log, self._now, self._silent_s = model, log, now, silent_s
        self._heard_at: float | None = None
        self._running: asyncio.Task[None] | None = None
        self._late = False

    @property
    def loading(self) -> bool:
        """True if the model is being loaded and has kept somebody waiting in vain: to wait for it now is of no use."""
        return self._running is not None and self._late

    @contextmanager
    def beside(self, prompt: Prompt, within_s: float, heard: Callable[[], bool]) -> Iterator[None]:
        """Begins while a call that has `within_s` goes on, if nothing of it is `heard` for a while."""
        after_s = min(self._silent_s, within_s / 2)
        begin = asyncio.get_running_loop().call_later(after_s, self._begin, prompt, heard, context=Context())
        try:
            yield
        finally:
            begin.cancel()

    def heard(self) -> None:
        """The model spoke."""
        self._heard_at, self._late = self._now(), False

    def ran_out(self) -> bool:
        """Notes that a call waited in vain; True if the model is only being loaded. Else it may have been unloaded since."""
        self._late = self._running is not None
        self._heard_at = None
        return self._late

    def _begin(self, prompt: Prompt, heard: Callable[[], bool]) -> None:
        if heard():
            return
        kept = self._heard_at is not None and self._now() - self._heard_at < KEPT_S
        if self._running is None and not kept:
            asked = replace(prompt, system="Say ok.", messages=(Message("user", "ok?"),), generation=FEWEST)
            self._running = asyncio.create_task(self._load(asked))

    async def _load(self, asked: Prompt) -> None:
        self._log.warning("model_loading", model=self._model.name)
        begun = self._now()
        try:
            async with asyncio.timeout(LONGEST_S):
                await self._model.answer(asked, UsageMeter(), None)
            self.heard()
            self._log.info("model_loaded", model=self._model.name, seconds=round(self._now() - begun, 1))
        except (TimeoutError, ModelUnavailable) as error:
            self._log.warning("model_not_loaded", model=self._model.name, reason=str(error))
        finally:
            self._running, self._late = None, False
