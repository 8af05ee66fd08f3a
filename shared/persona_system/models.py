"""The data models of the monolith, with their checks."""

from dataclasses import dataclass, field
from typing import Any, Final

from ion_mentoring.understanding.resonance.key import Intent, Pace, Tone

__all__ = [
    "ChatContext",
    "Intent",
    "Pace",
    "PersonaConfig",
    "PersonaResponse",
    "RhythmAnalysis",
    "RoutingResult",
    "Tone",
    "ToneAnalysis",
]

SHOWN: Final = 50  # characters of a content in the short form of a response


def _share(name: str, value: float | None) -> None:
    if value is not None and not 0 <= value <= 1:
        raise ValueError(f"{name} must be between 0 and 1, not {value}")


def _filled(name: str, value: object) -> None:
    if not value:
        raise ValueError(f"{name} must not be empty")


@dataclass
class RhythmAnalysis:
    """The rhythm of a text."""

    pace: Pace
    avg_sentence_length: float
    punctuation_density: float
    energy_level: float

    def __post_init__(self) -> None:
        """ValueError for a density or energy outside [0, 1]."""
        _share("punctuation_density", self.punctuation_density)
        _share("energy_level", self.energy_level)


@dataclass
class ToneAnalysis:
    """The tone of a text, and the next one that it may be."""

    primary: Tone
    confidence: float
    secondary: Tone | None = None
    secondary_confidence: float | None = None

    def __post_init__(self) -> None:
        """ValueError for a confidence outside [0, 1]."""
        _share("confidence", self.confidence)
        _share("secondary_confidence", self.secondary_confidence)


@dataclass
class PersonaConfig:
    """A persona as data."""

    name: str
    traits: list[str]
    strengths: list[str]
    prompt_style: str
    preferred_tones: list[Tone]
    description: str
    examples: list[Any] = field(default_factory=list)
    version: str = "1.0"

    def __post_init__(self) -> None:
        """ValueError without a name, traits or strengths."""
        for name in ("name", "traits", "strengths"):
            _filled(name, getattr(self, name))


@dataclass
class RoutingResult:
    """The persona for a key, the next best one, and the scores of all."""

    primary_persona: str
    confidence: float
    secondary_persona: str | None = None
    secondary_confidence: float | None = None
    reasoning: str = ""
    all_scores: dict[str, float] = field(default_factory=dict)
    tone_analysis: ToneAnalysis | None = None
    rhythm_analysis: RhythmAnalysis | None = None

    def __post_init__(self) -> None:
        """ValueError for a confidence outside [0, 1]."""
        _share("confidence", self.confidence)
        _share("secondary_confidence", self.secondary_confidence)


@dataclass
class PersonaResponse:
    """An answer, by whom it is, and how sure the routing was."""

    content: str
    persona_used: str
    resonance_key: str
    confidence: float
    metadata: dict[str, Any] = field(default_factory=dict)
    execution_time_ms: float = 0.0

    def __post_init__(self) -> None:
        """ValueError without content or persona, for a confidence outside [0, 1] and for a negative time."""
        _filled("content", self.content)
        _filled("persona_used", self.persona_used)
        _share("confidence", self.confidence)
        if not self.execution_time_ms >= 0:
            raise ValueError(f"execution_time_ms must not be negative, but is {self.execution_time_ms}")

    def __str__(self) -> str:
        """The beginning of the content, for people."""
        shown = self.content if len(self.content) <= SHOWN else f"{self.content[:SHOWN]}..."
        return f"[{self.persona_used}] {shown} (confidence: {self.confidence:.2f})"


@dataclass
class ChatContext:
    """A user, a session, and what was said in it so far, oldest first."""

    user_id: str
    session_id: str
    message_history: list[dict[str, Any]] = field(default_factory=list)
    persona_preference: str | None = None
    custom_context: dict[str, Any] = field(default_factory=dict)

    def add_message(self, role: str, content: str) -> None:
        """Adds what somebody said."""
        self.message_history.append({"role": role, "content": content})

    def get_recent_messages(self, limit: int = 5) -> list[dict[str, Any]]:
        """The last messages, oldest first."""
        return self.message_history[-limit:] if limit > 0 else []


def messages_of(context: ChatContext | None) -> list[dict[str, Any]]:
    """The messages of a context that are some; programs keep there what they like."""
    return [one for one in (context.message_history if context else None) or () if isinstance(one, dict)]
