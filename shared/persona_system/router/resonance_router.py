"""The router of the old package on the library's table of routes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from ion_mentoring.access.caller import Caller
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.personas.routing import WEIGHTS, lead_and_own
from ion_mentoring.understanding.resonance.key import Intent, Pace, ResonanceKey, Tone
from persona_system.base import AbstractPersona, AbstractRouter
from persona_system.library import cards, routing
from persona_system.models import ChatContext, RoutingResult
from persona_system.personas import all_personas

NO_KEY: Final = 0.5  # the confidence where what came is no key at all


class ResonanceBasedRouter(AbstractRouter):
    """Routes by tone, pace and intent."""

    def __init__(self) -> None:
        self.personas: dict[str, AbstractPersona] = all_personas()
        self.scoring_weights = {part: float(weight) for part, weight in WEIGHTS.items()}
        affinities = {name: card.affinity for name, card in cards().items()}
        self.tone_affinity = {tone: {name: own.tone[tone] for name, own in affinities.items()} for tone in Tone}
        self.pace_affinity = {pace: {name: own.pace[pace] for name, own in affinities.items()} for pace in Pace}
        self.intent_affinity = {part: {name: own.intent[part] for name, own in affinities.items()} for part in Intent}

    def route(self, resonance_key: Any, context: ChatContext | None = None) -> RoutingResult:
        """The persona for a key, the same with any context; what is wrong with a key is put right, not refused."""
        if not isinstance(resonance_key, str):
            return RoutingResult(next(iter(cards())), NO_KEY, reasoning="no resonance key")
        parts = routing()
        asked = AnswerRequest("", Caller("program"), key=ResonanceKey.legacy(resonance_key), language="en")
        decision = parts.decide(asked)
        route = decision.route
        return RoutingResult(
            primary_persona=route.names[route.primary],
            confidence=route.confidence,
            secondary_persona=route.names[route.secondary] if route.secondary else None,
            secondary_confidence=route.scores[route.secondary] if route.secondary else None,
            reasoning=parts.reasoning(decision, decision.persona),
            all_scores={route.names[persona]: score for persona, score in route.scores.items()},
        )

    def get_available_personas(self) -> list[str]:
        """The names of all personas, in listed order."""
        return list(self.personas)

    def evaluate_confidence(self, persona: str, scores: Mapping[str, float]) -> float:
        """Half of what a score and its lead over the best other one give, in [0, 1]; 0 for a name without a score."""
        if persona not in scores:
            return 0.0
        others = [Decimal(str(score)) for name, score in scores.items() if name != persona]
        halved = lead_and_own(Decimal(str(scores[persona])), max(others, default=Decimal(0))) / 2
        return float(min(max(halved, Decimal(0)), Decimal(1)))
