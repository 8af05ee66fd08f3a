"""The contract between the router and a persona function: a question goes in, a reply comes back."""

from typing import Final, Protocol

from pydantic import BaseModel, ConfigDict, Field

from ion_mentoring.models.protocol import Message, Mode, Usage
from ion_mentoring.resonance.key import ResonanceKey

PATH: Final = "/answer"  # where a persona function takes questions


class Question(BaseModel):
    """What a persona is asked: the text as cleaned, how it was said, and the conversation so far, oldest first."""

    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True)

    text: str = Field(min_length=1, max_length=4_000)
    key: ResonanceKey
    language: str = "en"
    mode: Mode = "default"
    feeling: str | None = None
    history: tuple[Message, ...] = Field(default=(), max_length=50)


class Reply(BaseModel):
    """What a persona answers: the text, the model that wrote it in which language, and what that cost."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    content: str = Field(min_length=1)
    persona: str
    model: str
    language: str
    usage: Usage = Usage()
    topics: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()


class Mentor(Protocol):
    """Somebody who can be asked as one persona, in this process or over HTTPS."""

    async def answer(self, question: Question) -> Reply:
        """The reply; PersonaUnavailable if this persona cannot answer now."""
