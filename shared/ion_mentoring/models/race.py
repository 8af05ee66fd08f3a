"""Models side by side: the first that says something, or ends well, is heard, and the others' calls are ended."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self

from ion_mentoring.models.protocol import Completion, Event, Model, Prompt, Say
from ion_mentoring.usage.meter import UsageMeter


class Race:
    """One prompt's race. All its calls are closed, and stand on the meter, when the context ends."""

    def __init__(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> None:
        self._prompt, self._tab, self._say = prompt, meter, say
        self._winner: asyncio.Task[Completion] | None = None
        self._tasks: list[asyncio.Task[Completion]] = []
        self._moved = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)
        for task in self._tasks:
            if not task.cancelled():
                task.exception()  # retrieved: a rival's failure is nobody's business any more

    def enter(self, model: Model) -> None:
        """Asks one more model."""

        def say(event: Event) -> None:
            self._won(task)
            if self._winner is task and self._say:
                self._say(event)

        task = asyncio.create_task(model.answer(self._prompt, self._tab, say if self._say else None))
        task.add_done_callback(self._ended)
        self._tasks.append(task)

    async def decided_within(self, seconds: float) -> bool:
        """True once somebody has won or failed; False where all are silent for so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._moved.wait()
        return self._moved.is_set()

    async def result(self) -> Completion:
        """The winner's answer, or its error; where nobody wins, the error of the last."""
        while self._winner is None and not all(task.done() for task in self._tasks):
            self._moved.clear()
            await self._moved.wait()
        return await (self._winner or self._tasks[-1])

    def _won(self, task: "asyncio.Task[Completion]") -> None:
        if self._winner is None:
            self._winner = task
            for rival in self._tasks:
                if rival is not task:
                    rival.cancel()
            self._moved.set()

    def _ended(self, task: "asyncio.Task[Completion]") -> None:
        if not task.cancelled() and task.exception() is None:
            self._won(task)
        self._moved.set()
