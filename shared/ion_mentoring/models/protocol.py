"""What a model is asked and what it gives back, whoever makes it."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from ion_mentoring.models.shape import Shape
from ion_mentoring.resonance.key import ResonanceKey

Mode = Literal["default", "summary_light"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation as a model sees it."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that decides an answer: the instruction, the conversation up to its last user message, key and form."""

    system: str
    messages: tuple[Message, ...]
    key: ResonanceKey
    language: str
    shape: Shape
    mode: Mode = "default"
    feeling: str | None = None

    @property
    def question(self) -> str:
        """What the person wrote last."""
        return self.messages[-1].content


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a model read and wrote, as its maker counts them; the playbook costs none."""

    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's whole answer in `language`; `topics` names what it was about, where the model can tell."""

    text: str
    model: str
    language: str
    usage: Usage = field(default_factory=Usage)
    topics: tuple[str, ...] = ()


class Model(Protocol):
    """Turns a prompt into an answer."""

    @property
    def name(self) -> str:
        """The name by which answers, caches and prices know this model."""

    async def complete(self, prompt: Prompt) -> Completion:
        """The whole answer; ModelUnavailable if another model or a later try may do better."""
