"""The contract between the router and a persona function: a question goes in, a reply comes back, in pieces if asked."""

from typing import Final, Protocol

from pydantic import BaseModel, ConfigDict, Field

from ion_mentoring.models.protocol import Message, Mode, Say
from ion_mentoring.personas.variant import Variant
from ion_mentoring.understanding.resonance.key import KeyPart, ResonanceKey
from ion_mentoring.usage.meter import ModelCall, Usage, UsageMeter

PATH: Final = "/answer"  # where a persona function takes questions


class PersonaRequest(BaseModel):
    """A request to a persona: the text as cleaned, how it was said, and the conversation so far, oldest first.

    `unknown` are the parts of the key that nothing told: they have their defaults, and the answer does not speak of them.
    `variant` is how an experiment wants it answered; a persona that does not know it answers as usual.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True)

    text: str = Field(min_length=1, max_length=4_000)
    key: ResonanceKey
    language: str = "en"
    mode: Mode = "default"
    feeling: str | None = None
    unknown: tuple[KeyPart, ...] = ()
    history: tuple[Message, ...] = Field(default=(), max_length=50)
    variant: Variant | None = None


class Reply(BaseModel):
    """The reply of a persona: the text, the model that wrote it in which language, and every call that was made for it.

    `variant` is the one that wrote it, None where it was written as usual; `variant_failed` where one had been asked for.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    content: str = Field(min_length=1)
    persona: str
    model: str
    language: str
    spent: tuple[ModelCall, ...] = ()
    topics: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()
    cut_short: bool = False
    filtered: bool = False
    variant: Variant | None = None
    variant_failed: bool = False

    @property
    def usage(self) -> Usage:
        """The tokens of all calls together."""
        return sum((call.usage for call in self.spent), Usage())


class Mentor(Protocol):
    """Somebody who can be asked as one persona, in this process or over HTTPS."""

    async def answer(self, question: PersonaRequest, meter: UsageMeter, say: Say | None) -> Reply:
        """The reply; with a listener, it is told the pieces of the text as they are written.

        PersonaUnavailable or ModelUnavailable, possibly midway, if this persona cannot answer now. The cost of the answer
        is put on the meter however it ends. Cancelling this ends the calls that are under way.
        """
