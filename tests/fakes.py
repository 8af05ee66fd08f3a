"""The few fakes: small classes that stand where a test has to decide what happens."""

import asyncio
from collections.abc import Callable, Sequence

import httpx2
from starlette.requests import Request

from ion_mentoring.conversations.protocol import ConversationId, Turn
from ion_mentoring.errors import ModelUnavailable, PersonaUnavailable, StoreUnavailable
from ion_mentoring.handlers.http import HttpFunction
from ion_mentoring.models.protocol import Completion, Prompt, Usage
from ion_mentoring.personas.contract import Question, Reply


class Clock:
    """A clock that a test ticks."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def tick(self, seconds: float) -> None:
        self.now += seconds


class SpyMentor:
    """Answers with its own name, and remembers what it was asked."""

    def __init__(self, persona: str, *, degraded: tuple[str, ...] = ()) -> None:
        self.persona = persona
        self.degraded = degraded
        self.asked: list[Question] = []

    async def answer(self, question: Question) -> Reply:
        self.asked.append(question)
        await asyncio.sleep(0)
        return Reply(
            content=f"{self.persona} says {len(self.asked)}",
            persona=self.persona,
            model="spy",
            language=question.language,
            usage=Usage(10, 20),
            degraded=self.degraded,
        )


class DownMentor:
    """Never answers."""

    def __init__(self, retry_after_s: float | None = 7) -> None:
        self.retry_after_s = retry_after_s

    async def answer(self, question: Question) -> Reply:
        raise PersonaUnavailable("down", retry_after_s=self.retry_after_s)


class ScriptedModel:
    """Completes with what `script` makes of a prompt."""

    name = "scripted"

    def __init__(self, script: Callable[[Prompt], str]) -> None:
        self._script = script

    async def complete(self, prompt: Prompt) -> Completion:
        return Completion(self._script(prompt), self.name, prompt.language, Usage(3, 4))


class BrokenModel:
    """Fails as a vendor's model does."""

    name = "broken"

    async def complete(self, prompt: Prompt) -> Completion:
        raise ModelUnavailable("overloaded")


class DownConversations:
    """A store that does not answer."""

    async def recent(self, conversation: ConversationId, limit: int) -> tuple[Turn, ...]:
        raise StoreUnavailable("down")

    async def append(self, conversation: ConversationId, turns: Sequence[Turn], *, entry_id: str) -> None:
        raise StoreUnavailable("down")

    async def erase(self, conversation: ConversationId) -> None:
        raise StoreUnavailable("down")


class Reports:
    """Keeps what was reported."""

    def __init__(self) -> None:
        self.captured: list[Exception] = []

    async def capture(self, error: Exception) -> None:
        self.captured.append(error)


def client(function: HttpFunction) -> httpx2.AsyncClient:
    """A client of one function, through its real handler; only the transport is replaced."""

    async def app(scope: dict, receive: object, send: object) -> None:
        response = await function.handle(Request(scope, receive))
        await response(scope, receive, send)

    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://router")
