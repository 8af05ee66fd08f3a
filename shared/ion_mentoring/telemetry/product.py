"""The events of the product: each is one type, and is told once to every outlet (docs/telemetry.md has the table).

Their values are facts: ids, numbers, codes and names from our own tables, and never a person's words.
"""

from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple, Protocol

Severity = Literal["DEBUG", "INFO", "WARNING", "ERROR"]

AnswerPath = Literal["cached", "embedded", "model"]  # `embedded`: by the playbook, or the safe answer

EMBEDDED: Final = ("playbook", "safety")
SEVERITIES: Final[tuple[Severity, ...]] = ("DEBUG", "INFO", "WARNING", "ERROR")
EXPECTED: Final = ("OVERLOADED", "SHUTTING_DOWN")  # codes of refusals where all is well: another instance answers


class ProductEvent(Protocol):
    """An event of the product: a named tuple."""

    @property
    def severity(self) -> Severity:
        """The level at which the log has it."""

    @property
    def _fields(self) -> tuple[str, ...]:
        """The names of its values."""

    def __iter__(self) -> Iterator[Any]:
        """Its values."""


class PersonaProcessEvent(NamedTuple):
    """A persona's answer, whole or streamed, known or new; or that there was none, with the code of the error."""

    persona: str
    resonance_key: str
    confidence: float
    execution_time_ms: float
    cache_hit: bool
    success: bool
    error: str | None
    cache_layer: str | None
    model: str | None
    degraded: tuple[str, ...]
    caller: str
    input_tokens: int
    output_tokens: int
    nano_usd: int
    path: AnswerPath = "cached"

    @property
    def severity(self) -> Severity:
        """Why there is no answer is told by the request's own event."""
        return "INFO"


def answer_path(cache_layer: str | None, model: str | None) -> AnswerPath:
    """The way of an answer."""
    if cache_layer is not None:
        return "cached"
    return "embedded" if model in EMBEDDED else "model"


class RoutingDecisionEvent(NamedTuple):
    """The choice of a persona for a question that was read; `chosen` by the caller, `caring` out of care, or `explored`:
    another than the best was tried. `propensity` is the probability of a choice that was drawn."""

    persona: str
    primary_persona: str
    secondary_persona: str | None
    resonance_key: str
    confidence: float
    margin: float | None
    language: str
    detected: bool
    chosen: bool
    caring: bool
    explored: bool = False
    propensity: float | None = None

    @property
    def severity(self) -> Severity:
        """The answer's own event says the outcome."""
        return "DEBUG"


class CachePerformanceEvent(NamedTuple):
    """The caches of one instance, once in a minute of traffic: counts since the last time, and L1's bytes now."""

    hit_count: int
    miss_count: int
    hit_rate: float
    size: int
    max_size: int
    l1_hits: int
    l2_hits: int
    stampedes_prevented: int

    @property
    def severity(self) -> Severity:
        """Figures, whatever they are."""
        return "INFO"


class APIRequestEvent(NamedTuple):
    """A request over HTTP that ended; `path` is the endpoint's, with names in place of values, and empty if it is unknown.

    `caller` is the id of a caller who got an error; who got what they asked for stands in the answer's own event.
    """

    method: str
    path: str
    status: int
    execution_time_ms: float
    success: bool
    error: str | None = None
    reason: str | None = None
    field: str | None = None
    caller: str | None = None

    @property
    def severity(self) -> Severity:
        """DEBUG for what went well, since an answer has an event of its own; ERROR for what is our fault."""
        if self.success:
            return "DEBUG"
        if self.status < 500:
            return "INFO"
        return "WARNING" if self.error in EXPECTED else "ERROR"


class SecurityEvent(NamedTuple):
    """A sign of an attack: `credential_refused`, `shut_out` (a network, for the rest of the minute), `forbidden`, or one of the
    kinds of odd access, once a window.

    `who` is the pseudonym of a network, or the id of a caller.
    """

    kind: str
    who: str
    path: str
    reason: str

    @property
    def severity(self) -> Severity:
        """An operator may want to count it."""
        return "WARNING"


class DangerEvent(NamedTuple):
    """An answer to signs of danger, by the kind of danger; who asked is not part of it."""

    kind: str
    language: str

    @property
    def severity(self) -> Severity:
        """An operator may want to count it."""
        return "WARNING"


class DeadLetterEvent(NamedTuple):
    """A message that no attempt could deliver, with the last status."""

    topic: str
    message_id: str
    status: int

    @property
    def severity(self) -> Severity:
        """An operator should look."""
        return "ERROR"


EVENTS: Final = (
    PersonaProcessEvent,
    RoutingDecisionEvent,
    CachePerformanceEvent,
    APIRequestEvent,
    SecurityEvent,
    DangerEvent,
    DeadLetterEvent,
)
