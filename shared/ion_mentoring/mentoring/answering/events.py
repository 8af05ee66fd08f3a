"""The events of the product that an answer leaves on its way."""

from ion_mentoring.errors import MentoringError
from ion_mentoring.mentoring.answering.values import AnswerRequest, RoutingDecision
from ion_mentoring.telemetry.product import PersonaProcessEvent, RoutingDecisionEvent


def routing_event(decision: RoutingDecision) -> RoutingDecisionEvent:
    """The event of a routing decision."""
    route = decision.route
    return RoutingDecisionEvent(
        decision.persona.id,
        route.primary,
        route.secondary,
        str(decision.key),
        route.confidence,
        route.margin,
        decision.language,
        decision.detection is not None,
        decision.chosen,
        decision.caring,
        decision.explored,
        decision.propensity,
    )


def unanswered_event(
    request: AnswerRequest, decision: RoutingDecision, error: MentoringError, seconds: float
) -> PersonaProcessEvent:
    """The event of a question that no persona answered."""
    persona, key, confidence = decision.persona.id, str(decision.key), decision.route.confidence
    caller, ms = request.caller.id, round(seconds * 1000, 3)
    return PersonaProcessEvent(persona, key, confidence, ms, False, False, error.code, None, None, (), caller, 0, 0, 0, "model")
