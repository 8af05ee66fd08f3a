"""Prompts, events and completions: the words between us and any model."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from msgspec import Struct, field

from ion_mentoring.models.generation import Generation
from ion_mentoring.models.shape import Shape
from ion_mentoring.understanding.resonance.key import KeyPart, ResonanceKey
from ion_mentoring.usage.meter import Usage, UsageMeter

Mode = Literal["default", "summary_light"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation as a model sees it."""

    role: Literal["user", "assistant"]
    content: str


class Prompt(Struct, frozen=True):
    """All that decides an answer: the instruction, the conversation up to its last user message, key and form.

    Of the key, the parts that are `unknown` are defaults.
    """

    system: str
    messages: tuple[Message, ...]
    key: ResonanceKey
    language: str
    shape: Shape
    mode: Mode = "default"
    feeling: str | None = None
    unknown: tuple[KeyPart, ...] = ()
    generation: Generation = field(default_factory=Generation)

    @property
    def question(self) -> str:
        """The person's last message."""
        return self.messages[-1].content

    @property
    def turns(self) -> tuple[Message, ...]:
        """The conversation as vendors take it: the user begins, and turns alternate; what one said in a row is one turn."""
        turns: list[Message] = []
        for message in self.messages:
            if turns and turns[-1].role == message.role:
                turns[-1] = Message(message.role, f"{turns[-1].content}\n\n{message.content}")
            elif turns or message.role == "user":
                turns.append(message)
        return tuple(turns)

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that a model has to read, for counting."""
        return (self.system, *(message.content for message in self.messages))


class Started(Struct, frozen=True):
    """An answer begins, and text that was said before is void; `persona` names who begins it where another one takes over."""

    persona: str | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of an answer's text, in order; `usage` is the vendor's count so far, where it tells one on the way.

    Without text it is a sign that a model is at work: its thoughts are not for anybody. `varied` where a variant of the usual
    way to answer wrote it.
    """

    text: str
    usage: Usage | None = None
    varied: bool = False


Event = Started | Delta
Say = Callable[[Event], None]  # a listener, which never waits


class Completion(Struct, frozen=True):
    """A model's whole answer in `language`; `topics` names its subjects, where the model can tell. An answer that only asks
    which of a few things is meant has their titles as `offered`; `plan` lists its moves, in order, where the model plans them.

    `cut_short` says that the model stopped at its limit of tokens, so that the text may end in the middle of a thought,
    `filtered` that a vendor's filter blocked another model's answer before.
    """

    text: str
    model: str
    language: str
    usage: Usage = field(default_factory=Usage)
    topics: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    cut_short: bool = False
    filtered: bool = False


class Model(Protocol):
    """A model that turns a prompt into an answer. Every call to a vendor is counted on the meter, however it ends.

    It raises a ModelUnavailable or one of its kinds, and nothing else, when it does not do its part, which may be after
    some of its text. It neither retries, nor waits without end, nor imports a vendor's client before use.
    """

    @property
    def name(self) -> str:
        """The name by which answers, caches and prices know this model, as in the setting MODEL."""

    async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
        """The whole answer, whose text is never empty; with a listener, it is told the pieces as they come.

        The text is all Deltas since the last Started. Cancelling this ends the call to the vendor.
        """
