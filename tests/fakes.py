"""The few fakes: small classes that stand where a test has to decide what happens."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import TypeVar

import httpx2
from starlette.requests import Request

from ion_mentoring.errors import ModelUnavailable, PersonaUnavailable, StoreUnavailable
from ion_mentoring.handlers.web.app import App
from ion_mentoring.models.protocol import Completion, Delta, Prompt, Say
from ion_mentoring.personas.contract import PersonaRequest, Reply
from ion_mentoring.records.conversations.protocol import ConversationId, Session, Turn
from ion_mentoring.usage.meter import ModelCall, Usage, UsageMeter

Item = TypeVar("Item")


class Clock:
    """A clock that a test ticks."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def tick(self, seconds: float) -> None:
        self.now += seconds


class SpyMentor:
    """Answers with its own name, word by word if asked to stream, and remembers what it was asked."""

    def __init__(self, persona: str, *, degraded: tuple[str, ...] = ()) -> None:
        self.persona = persona
        self.degraded = degraded
        self.asked: list[PersonaRequest] = []
        self.closed = 0

    async def answer(self, question: PersonaRequest, meter: UsageMeter, say: Say | None) -> Reply:
        self.asked.append(question)
        text = f"{self.persona} says {len(self.asked)}"
        try:
            await asyncio.sleep(0)
            for word in text.split(" ") if say else ():
                say(Delta(word if word == self.persona else f" {word}"))
            meter.calls.append(ModelCall("spy", Usage(10, 20)))
            return Reply(
                content=text,
                persona=self.persona,
                model="spy",
                language=question.language,
                spent=(ModelCall("spy", Usage(10, 20)),),
                degraded=self.degraded,
            )
        finally:
            self.closed += 1


class DownMentor:
    """Never answers; where `after` is given, it breaks off after these pieces of text."""

    def __init__(self, retry_after_s: float | None = 7, *, after: Sequence[str] = ()) -> None:
        self.retry_after_s = retry_after_s
        self.after = after

    async def answer(self, question: PersonaRequest, meter: UsageMeter, say: Say | None) -> Reply:
        for piece in self.after if say else ():
            say(Delta(piece))
        raise PersonaUnavailable("down", retry_after_s=self.retry_after_s)


class ScriptedModel:
    """Completes with what `script` makes of a prompt, streamed word by word; `calls` counts how often it was asked."""

    def __init__(self, script: Callable[[Prompt], str], name: str = "scripted") -> None:
        self._script = script
        self.name = name
        self.calls = 0

    async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
        with meter.calling(self.name, prompt.texts) as call:
            self.calls += 1
            call.usage = Usage(3, 4)
        text = self._script(prompt)
        for piece in re.findall(r"\S+\s*", text) if say else ():
            say(Delta(piece))
        return Completion(text, self.name, prompt.language, Usage(3, 4))


class BrokenModel:
    """Fails as a vendor's model does, after some pieces of text if told so; `calls` counts how often it was asked."""

    def __init__(self, error: ModelUnavailable | None = None, *, after: Sequence[str] = (), name: str = "broken") -> None:
        self._error = error or ModelUnavailable("overloaded")
        self._after = after
        self.name = name
        self.calls = 0

    async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
        self.calls += 1
        for piece in self._after if say else ():
            say(Delta(piece))
        raise self._error


class StuckModel:
    """Never says anything; knows how many of its calls have been ended."""

    name = "stuck"

    def __init__(self) -> None:
        self.calls = 0
        self.ended = 0

    async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
        self.calls += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.ended += 1
        raise AssertionError("nobody sets the event")


class DownConversations:
    """A store that does not answer."""

    async def recent(self, conversation: ConversationId, limit: int) -> tuple[Turn, ...]:
        raise StoreUnavailable("down")

    async def first(self, conversation: ConversationId) -> Turn | None:
        raise StoreUnavailable("down")

    async def append(self, conversation: ConversationId, turns: Sequence[Turn], *, entry_id: str) -> tuple[Turn, ...]:
        raise StoreUnavailable("down")

    async def sessions(self, owner: str, limit: int, before: datetime | None = None) -> tuple[Session, ...]:
        raise StoreUnavailable("down")

    async def erase(self, conversation: ConversationId) -> None:
        raise StoreUnavailable("down")


async def until(error: type[BaseException], items: AsyncIterator[Item]) -> list[Item]:
    """The items that come before this error, which has to come."""
    got: list[Item] = []
    try:
        async for item in items:
            got.append(item)  # noqa: PERF401 - a comprehension would lose what came before the error
    except error:
        return got
    raise AssertionError(f"no {error.__name__} came")


class Reports:
    """Keeps what was reported."""

    def __init__(self) -> None:
        self.captured: list[Exception] = []

    async def capture(self, error: Exception) -> None:
        self.captured.append(error)

    def due(self) -> bool:
        return False

    async def flush(self) -> None:
        raise AssertionError("nothing is due")


def client(function: App) -> httpx2.AsyncClient:
    """A client of one function, through its real handler; only the transport is replaced."""

    async def app(scope: dict, receive: object, send: object) -> None:
        response = await function.handle(Request(scope, receive))
        await response(scope, receive, send)

    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://router")
