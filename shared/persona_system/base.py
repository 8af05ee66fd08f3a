"""The bases that programs derive their own routers, personas, builders, analyzers and middleware from."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from persona_system.models import ChatContext, PersonaConfig, PersonaResponse, RoutingResult


class AbstractRouter(ABC):
    """A router from resonance keys to personas."""

    @abstractmethod
    def route(self, resonance_key: str, context: ChatContext | None = None) -> RoutingResult:
        """The persona for a key."""

    def get_available_personas(self) -> list[str]:
        """The names of the personas that it routes to."""
        return []


class AbstractPersona(ABC):
    """A persona with its configuration."""

    def __init__(self, config: PersonaConfig) -> None:
        self.config = config

    @abstractmethod
    def generate_system_prompt(self) -> str:
        """The instruction of the persona."""

    @abstractmethod
    def build_user_prompt(self, user_input: str, resonance_key: str, context: ChatContext | None = None) -> str:
        """The prompt around one text of a user."""

    def post_process_response(self, response: str, metadata: Mapping[str, Any] | None = None) -> str:
        """The response without space around it; `metadata` is for those who override this."""
        return response.strip()


class AbstractPromptBuilder(ABC):
    """A builder of prompts."""

    @abstractmethod
    def build(
        self,
        user_input: str,
        resonance_key: str,
        context: ChatContext | None = None,
        *,
        mode: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> str:
        """The whole prompt for one text of a user."""


@dataclass
class AnalysisResult:
    """The result of an analyzer."""

    value: Any = None
    confidence: float = 0.0
    metadata: dict[str, Any] = field(default_factory=dict)


class AbstractAnalyzer(ABC):
    """An analyzer of texts."""

    @abstractmethod
    def analyze(self, text: str) -> Any:
        """The result for one text, for instance an AnalysisResult."""


class AbstractMiddleware:
    """A step before and after an answer; each may be overridden by itself."""

    def process_request(self, user_input: str, context: ChatContext | None = None) -> str:
        """The text that is answered."""
        return user_input

    def process_response(self, response: PersonaResponse, context: ChatContext | None = None) -> PersonaResponse:
        """The answer that is given."""
        return response
