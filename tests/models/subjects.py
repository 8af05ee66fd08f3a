"""The models that the contract of models is held against: how each is made for a stand-in vendor, and its vendor's words."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx2

from ion_mentoring.models.openai_compatible import OpenAICompatible
from ion_mentoring.models.protocol import Model
from tests.vendors.plan import Plan

KEY: Final = "sk-never-to-be-seen"


@dataclass(frozen=True, slots=True)
class Subject:
    """`at` makes the model for a vendor's address (without a path), with KEY as its API key, and closes what it holds.

    `too_long` and `blocked` are how its vendor refuses a question: longer than its context, and caught by a filter.
    """

    name: str
    at: Callable[[str], AbstractAsyncContextManager[Model]]
    too_long: Plan
    blocked: Plan

    def __str__(self) -> str:
        return self.name


@asynccontextmanager
async def openai_at(url: str) -> AsyncIterator[OpenAICompatible]:
    """The adapter as wiring makes it."""
    async with httpx2.AsyncClient(trust_env=False, timeout=None) as client:
        yield OpenAICompatible(client, f"{url}/v1", "stand-in", KEY)


OPENAI: Final = Subject(
    "openai",
    openai_at,
    too_long=Plan(status=400, error="context_length_exceeded", param="messages"),
    blocked=Plan(status=400, error="content_filter", param="prompt"),
)
