"""Models in order: the next one answers where the one before failed, or is asked beside it where it is late."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from ion_mentoring.errors import ModelUnavailable
from ion_mentoring.models.protocol import Completion, Delta, Model, Piece, Prompt, Restart, Thinking
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.usage.spending import Tab


class Speaker:
    """A model that has been asked: its pieces, of which the first is waited for in a task."""

    def __init__(self, model: Model, prompt: Prompt, tab: Tab, *, streaming: bool) -> None:
        self.name = model.name
        self._pieces = model.stream(prompt, tab) if streaming else _whole(model, prompt, tab)
        self.first = asyncio.ensure_future(self._begun())

    async def pieces(self) -> AsyncGenerator[Piece]:
        """Every piece from the first on."""
        yield await self.first
        async for piece in self._pieces:
            yield piece

    async def stop(self) -> None:
        """Ends its call, wherever it is."""
        self.first.cancel()
        await asyncio.wait((self.first,))
        if not self.first.cancelled():
            self.first.exception()  # looked at
        await self._pieces.aclose()

    async def _begun(self) -> Piece:
        async for piece in self._pieces:
            return piece
        raise ModelUnavailable(f"{self.name} said nothing")


@dataclass(frozen=True, slots=True)
class FallbackModels:
    """Asks the first of `models`, and the next where it fails. With `hedge_after_s`, the second is asked, too, as soon as
    the first has been silent for so long: who speaks first, or thinks aloud, is heard, and the other one's call is ended.
    `meant` is the name of the model that is meant to answer."""

    meant: str
    models: Sequence[Model]
    log: EventLog
    hedge_after_s: float | None = None

    async def answer(self, prompt: Prompt, tab: Tab, *, streaming: bool) -> AsyncGenerator[Delta | Restart | Completion]:
        """The pieces, then the Completion; a Restart where a stream broke off and the next model begins anew.

        ModelUnavailable if the last one fails, too.
        """
        waiting = deque(self.models)
        heard = False
        while True:
            async with AsyncExitStack() as asked:
                try:
                    speaker = await self._speaker(waiting, prompt, tab, streaming, asked)
                    if heard:
                        yield Restart()
                    async for piece in speaker.pieces():
                        heard = isinstance(piece, Delta)
                        if not isinstance(piece, Thinking):
                            yield piece
                except ModelUnavailable as error:
                    if not waiting:
                        raise
                    self.log.warning("model_replaced", by=waiting[0].name, reason=str(error))
                else:
                    return

    async def _speaker(
        self, waiting: deque[Model], prompt: Prompt, tab: Tab, streaming: bool, asked: AsyncExitStack
    ) -> Speaker:
        """Asks the next of those who wait, perhaps the one after it, too; the first who speaks, or the last error."""

        def ask() -> Speaker:
            speaker = Speaker(waiting.popleft(), prompt, tab, streaming=streaming)
            asked.push_async_callback(speaker.stop)
            return speaker

        speakers = [ask()]
        hedged = self.hedge_after_s is not None and len(waiting) == len(self.models) - 1
        if hedged and waiting:
            await asyncio.wait((speakers[0].first,), timeout=self.hedge_after_s)
            if not speakers[0].first.done():
                self.log.warning("model_hedged", model=speakers[0].name, by=waiting[0].name)
                speakers.append(ask())
        return await _quickest(speakers)


async def _quickest(speakers: list[Speaker]) -> Speaker:
    """The first who speaks, whose rivals are stopped; if none does, the error of the last."""
    pending = {speaker.first: speaker for speaker in speakers}
    while True:
        done, _ = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        for first in done:
            speaker = pending.pop(first)
            if not pending or first.exception() is None:
                for rival in pending.values():
                    await rival.stop()
                await first
                return speaker


async def _whole(model: Model, prompt: Prompt, tab: Tab) -> AsyncGenerator[Piece]:
    yield await model.complete(prompt, tab)
