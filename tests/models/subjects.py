"""The models that the contract of models is held against: how each is made for a stand-in vendor, and its vendor's words."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx2
from google.oauth2.credentials import Credentials

from ion_mentoring.models.gemini import Gemini
from ion_mentoring.models.openai_compatible import OpenAICompatible
from ion_mentoring.models.protocol import Model
from tests.vendors.plan import Plan

KEY: Final = "sk-never-to-be-seen"
NOBODY: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # stand-ins speak plain HTTP; loading certificates takes 30 ms


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
    async with httpx2.AsyncClient(trust_env=False, timeout=None, verify=NOBODY) as client:
        yield OpenAICompatible(client, f"{url}/v1", "stand-in", KEY)


@asynccontextmanager
async def gemini_at(url: str) -> AsyncIterator[Gemini]:
    """The adapter of the Gemini API as wiring makes it."""
    async with httpx2.AsyncClient(trust_env=False, timeout=None, verify=NOBODY) as client:
        yield Gemini(client, "stand-in", api_key=KEY, url=url)


@asynccontextmanager
async def vertex_at(url: str) -> AsyncIterator[Gemini]:
    """The adapter of Vertex AI, with credentials that hold on loopback; KEY is their token."""
    async with httpx2.AsyncClient(trust_env=False, timeout=None, verify=NOBODY) as client:
        credentials = Credentials(KEY)  # type: ignore[no-untyped-call]
        yield Gemini(client, "stand-in", project="a-project", location="asia-northeast3", url=url, credentials=credentials)


OPENAI: Final = Subject(
    "openai",
    openai_at,
    too_long=Plan(status=400, error="context_length_exceeded", param="messages"),
    blocked=Plan(status=400, error="content_filter", param="prompt"),
)

GEMINI: Final = Subject(
    "gemini",
    gemini_at,
    too_long=Plan(status=400, error="TOO_LONG"),
    blocked=Plan(pieces=(), finish="filter"),
)
VERTEX: Final = Subject("gemini on vertex", vertex_at, GEMINI.too_long, GEMINI.blocked)
