"""The new pipeline of the old package: it routes, and has the library's mentors answer in this process."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ion_mentoring.personas.card import Affinity
from ion_mentoring.understanding.resonance.key import ResonanceKey, UnknownKeyPart
from persona_system.library import card_named, cards, recommending
from persona_system.models import ChatContext, PersonaResponse, RoutingResult, messages_of
from persona_system.prompts import PromptBuilderFactory
from persona_system.router import ResonanceBasedRouter

if TYPE_CHECKING:
    from ion_mentoring.handlers.api.v1 import V1ChatView


class NewPersonaPipeline:
    """Routes a key, answers a text, recommends a persona."""

    def __init__(self) -> None:
        self.router = ResonanceBasedRouter()
        self.personas = self.router.personas
        self.prompt_factory = PromptBuilderFactory

    def process(
        self,
        user_input: str,
        resonance_key: str,
        context: ChatContext | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> PersonaResponse:
        """The answer to a text, by the embedded model unless MODEL names another. It may be called from any thread."""
        began = time.perf_counter()
        routing = self.router.route(resonance_key, context)
        view = _answered(user_input, resonance_key, routing, context)
        own = view["persona_used"] == routing.primary_persona
        routed = _routing_result(routing) if own else view["metadata"]["routing_result"]
        return PersonaResponse(
            content=view["content"],
            persona_used=view["persona_used"],
            resonance_key=resonance_key if isinstance(resonance_key, str) else view["resonance_key"],
            confidence=routing.confidence,
            metadata={**view["metadata"], "routing_result": routed, "user_provided_metadata": dict(metadata or {})},
            execution_time_ms=(time.perf_counter() - began) * 1000,
        )

    def get_persona_capabilities(self, persona_name: str) -> dict[str, Any]:
        """The traits and strengths of a persona, and what it is best for; ValueError for an unknown name."""
        card = card_named(persona_name)
        return {
            "name": card.name.en,
            "traits": list(card.traits.en),
            "strengths": list(card.strengths),
            "best_for_tones": [part.value for part in Affinity.best(card.affinity.tone)],
            "best_for_paces": [part.value for part in Affinity.best(card.affinity.pace)],
            "best_for_intents": [part.value for part in Affinity.best(card.affinity.intent)],
        }

    def get_all_personas_info(self) -> dict[str, dict[str, Any]]:
        """The capabilities of all personas, by name."""
        return {name: self.get_persona_capabilities(name) for name in self.personas}

    def recommend_persona(self, scenario: str, context: ChatContext | None = None) -> dict[str, Any]:
        """The persona for a scenario, with the scores of all; the same with any context."""
        found = recommending()(scenario, None)
        name = found.persona.name.en
        return {
            "recommended_persona": name,
            "scores": {one: found.scores[card.id] for one, card in cards().items()},
            "capabilities": self.get_persona_capabilities(name),
        }

    def validate_resonance_key(self, resonance_key: Any) -> bool:
        """True for a key in an accepted spelling."""
        try:
            ResonanceKey.parse(resonance_key)
        except (UnknownKeyPart, AttributeError, TypeError):
            return False
        return True


def _answered(text: Any, key: Any, routing: RoutingResult, context: ChatContext | None) -> "V1ChatView":
    from ion_mentoring.wiring.embedded import ProgramRequest, embedded  # who only routes does not pay for it

    known = isinstance(key, str)
    said = [(str(one.get("role", "")), str(one.get("content", ""))) for one in messages_of(context)]
    asked = ProgramRequest(
        text="" if text is None else str(text),
        key=ResonanceKey.legacy(key if known else ""),
        persona=None if known else routing.primary_persona,
        user_id=context.user_id if context else None,
        history=tuple(said),
    )
    return embedded().answer(asked)


def _routing_result(routing: RoutingResult) -> dict[str, Any]:
    return {
        "secondary_persona": routing.secondary_persona,
        "all_scores": dict(routing.all_scores),
        "reasoning": routing.reasoning,
    }
