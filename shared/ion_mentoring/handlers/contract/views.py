"""The responses to callers, as typed shapes: the OpenAPI document is made from them, and endpoints fill them."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, NotRequired, Protocol

from msgspec.structs import asdict
from pydantic import Field
from typing_extensions import TypedDict

from ion_mentoring.handlers.web.call import Call, elapsed_ms
from ion_mentoring.handlers.web.responses import timestamp
from ion_mentoring.mentoring.answering.values import Answer, RoutingDecision
from ion_mentoring.personas.card import Affinity, Card
from ion_mentoring.personas.contract import Reply
from ion_mentoring.personas.routing import Contribution, Route
from ion_mentoring.records.ledger.prices import Cost
from ion_mentoring.understanding.resonance.detector import Detection
from ion_mentoring.understanding.safety.contacts import Contact
from ion_mentoring.usage.meter import Usage

Decided = Literal["score", "key", "asked_for", "conversation", "care", "safety"]


class Deciding(Protocol):
    """What a decision was made of, besides the scores."""

    @property
    def chosen(self) -> bool: ...
    @property
    def caring(self) -> bool: ...
    @property
    def stays(self) -> bool: ...
    @property
    def detection(self) -> Detection | None: ...


class RoutingView(TypedDict):
    """Why this persona: what decided (the `score`, the `key` that was given, or what goes before both), names, scores by
    persona id, what tone, pace, intent, situation and the person's own affinity add to each, what the first is ahead of the
    second, and the smallest change of the key by which another persona would have been chosen. `explored` where another than
    the best was tried."""

    decided_by: Decided
    primary_persona: str
    secondary_persona: str | None
    confidence: float
    scores: dict[str, float]
    contributions: dict[str, dict[str, float]]
    margin: float | None
    counterfactual: dict[str, str] | None
    explored: bool
    reasoning: str


class PerformanceView(TypedDict):
    """The time it took (milliseconds), and the cache that answered; `stale` if its answer is older than it should be."""

    execution_time_ms: float
    cache_hit: bool
    cache_layer: str | None
    stale: bool
    cache_key: str


class AnswerView(TypedDict):
    """One mentoring answer."""

    success: bool
    content: str
    persona_used: str
    resonance_key: str
    confidence: float
    routing: RoutingView
    performance: PerformanceView
    metadata: NotRequired[dict[str, Any]]
    request_id: str
    timestamp: str


class BulkView(TypedDict):
    """The results of many questions in the order in which they were asked: each an answer or an error form."""

    success: bool
    total: int
    successful: int
    succeeded: Annotated[int, Field(deprecated=True, description="What `successful` says; it goes with the next version.")]
    failed: int
    results: list[dict[str, Any]]
    request_id: str
    timestamp: str


class ResonanceView(TypedDict):
    """The key of a text, with a confidence in [0, 1] for each part and the features that decided."""

    success: bool
    resonance_key: str
    tone: str
    pace: str
    intent: str
    confidence: dict[str, float]
    language: str
    feeling: str | None
    features: list[dict[str, Any]]
    safety: NotRequired[str]
    care: NotRequired[str]
    request_id: str
    timestamp: str


class RecommendView(TypedDict):
    """The persona that fits a scenario; scores by persona id in [0, 1]."""

    success: bool
    recommended_persona: str
    scores: dict[str, float]
    reasons: list[str]
    resonance_key: str
    persona: dict[str, Any]
    safety: NotRequired[str]
    care: NotRequired[str]
    request_id: str
    timestamp: str


class InvalidatedView(TypedDict):
    """The invalidation: here at once, in every other instance after so many seconds at the latest."""

    success: bool
    pattern: str
    everywhere_within_s: float
    request_id: str
    timestamp: str


class PersonaView(TypedDict):
    """A persona's card, as far as it is public."""

    id: str
    name: dict[str, str]
    role: dict[str, str]
    description: dict[str, str]
    emoji: str
    traits: dict[str, tuple[str, ...]]
    strengths: tuple[str, ...]
    prompt_style: str
    preferred_tones: list[str]
    never: dict[str, str]
    best_for_tones: list[str]
    best_for_paces: list[str]
    best_for_intents: list[str]
    version: int


class DecidedView(TypedDict):
    """The part of an answer that is the same for everybody who asks the same."""

    persona_used: str
    resonance_key: str
    confidence: float
    routing: RoutingView


def answer_view(answer: Answer, call: Call, *, with_metadata: bool = True, receipt: str | None = None) -> AnswerView:
    """An answer as v2 shows it."""
    decided = decided_view(answer)
    view: AnswerView = {
        "success": True,
        "content": answer.content,
        "persona_used": decided["persona_used"],
        "resonance_key": decided["resonance_key"],
        "confidence": decided["confidence"],
        "routing": decided["routing"],
        "performance": performance_view(
            call, layer=answer.cache_layer, stale=answer.stale, cache_key=answer.address.told if answer.address else ""
        ),
        "request_id": call.request_id,
        "timestamp": timestamp(),
    }
    if with_metadata:
        view["metadata"] = metadata(answer, receipt)
    return view


def decided_view(answer: Answer) -> DecidedView:
    """The mentor who answers, and the reasons."""
    decision = answer.decision
    return {
        "persona_used": answer.persona.name.en,
        "resonance_key": str(decision.key),
        "confidence": decision.route.confidence,
        "routing": routing_view(decision, answer.reasoning, answer.safety),
    }


def performance_view(call: Call, *, layer: str | None, stale: bool, cache_key: str) -> PerformanceView:
    """The time that the call has taken so far, and the cache that answered."""
    return {
        "execution_time_ms": elapsed_ms(call),
        "cache_hit": layer is not None,
        "cache_layer": layer,
        "stale": stale,
        "cache_key": cache_key,
    }


def metadata(answer: Answer, receipt: str | None = None) -> dict[str, Any]:
    """The metadata of an answer, with its receipt where it may be rated."""
    detection = answer.decision.detection
    detected = detected_view(detection) if detection else {}
    facts = reply_metadata(answer, usage=answer.usage, cost=answer.cost, degraded=answer.degraded, detected=detected)
    if answer.safety:
        facts["safety"] = answer.safety
    if answer.care:
        facts["care"] = answer.care
    if answer.lines:
        facts["lines"] = [_line_view(one) for one in answer.lines]
    if receipt:
        facts["receipt"] = receipt
    if answer.unagreed:
        facts["unagreed"] = list(answer.unagreed)
    return facts


def _line_view(one: Contact) -> dict[str, str]:
    return {"name": one.name, "by": one.by, "to": one.to, **({"says": one.says} if one.says else {})}


def reply_metadata(
    reply: Answer | Reply, *, usage: Usage, cost: Cost, degraded: Sequence[str], detected: dict[str, Any]
) -> dict[str, Any]:
    """The metadata of what a persona replied, with what that has cost."""
    facts: dict[str, Any] = {
        "language": reply.language,
        "model": reply.model,
        "usage": {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens},
        "cost": cost_view(cost),
        "detected": detected,
        "topics": list(reply.topics),
        "ai_generated": True,
        "degraded": list(degraded),
    }
    if reply.offered:
        facts["offered"] = list(reply.offered)
    if reply.plan:
        facts["plan"] = list(reply.plan)
    if reply.cut_short:
        facts["cut_short"] = True
    if reply.variant:
        facts["variant"] = reply.variant.named
    return facts


def cost_view(cost: Cost) -> dict[str, Any]:
    """The cost in US dollars; not `priced` where a model has no price, `estimated` where its vendor could not count."""
    return {"usd": cost.nano_usd / 1e9, "priced": cost.unpriced_tokens == 0, "estimated": cost.estimated}


def decided_by(decision: Deciding, safety: str | None) -> Decided:
    """What chose the persona: the safe answer to a danger, a choice, care, the conversation, a given key, or the score."""
    reasons: tuple[tuple[object, Decided], ...] = (
        (safety, "safety"),
        (decision.chosen, "asked_for"),
        (decision.caring, "care"),
        (decision.stays, "conversation"),
        (decision.detection is None, "key"),
    )
    return next((name for holds, name in reasons if holds), "score")


def routing_view(decision: RoutingDecision, reasoning: str, safety: str | None = None) -> RoutingView:
    """A route with its names and numbers. Contributions add up to the score of the same persona."""
    route: Route = decision.route
    return {
        "decided_by": decided_by(decision, safety),
        "primary_persona": route.names[route.primary],
        "secondary_persona": route.names[route.secondary] if route.secondary else None,
        "confidence": route.confidence,
        "scores": dict(route.scores),
        "contributions": {persona: _contribution(own) for persona, own in route.contributions.items()},
        "margin": route.margin,
        "counterfactual": _counterfactual(route),
        "explored": decision.explored,
        "reasoning": reasoning,
    }


def _contribution(own: Contribution) -> dict[str, float]:
    parts = {"tone": own.tone, "pace": own.pace, "intent": own.intent, "situation": own.situation, "affinity": own.affinity}
    return {**parts, "experiment": own.experiment} if own.experiment else parts


def _counterfactual(route: Route) -> dict[str, str] | None:
    change = route.counterfactual
    return {"part": change.part, "value": str(change.value), "persona": route.names[change.persona]} if change else None


def detected_view(detection: Detection) -> dict[str, Any]:
    """The detection of a text: confidences by part, the deciding features, and a feeling that has no tone of its own."""
    confidence = detection.confidence
    return {
        "resonance_key": str(detection.key),
        "confidence": {"tone": confidence.tone, "pace": confidence.pace, "intent": confidence.intent},
        "features": [
            {"part": feature.part, "value": feature.value, "feature": feature.name, "weight": feature.weight}
            for feature in detection.features
        ],
        "feeling": detection.feeling,
        "unknown": list(detection.unknown),
    }


def persona_view(card: Card) -> PersonaView:
    """The public part of a card."""
    affinity = card.affinity
    return {
        "id": card.id,
        "name": asdict(card.name),
        "role": asdict(card.role),
        "description": asdict(card.description),
        "emoji": card.emoji,
        "traits": card.traits.model_dump(),
        "strengths": card.strengths,
        "prompt_style": card.prompt.style,
        "preferred_tones": [tone.value for tone in card.preferred_tones],
        "never": asdict(card.never),
        "best_for_tones": [part.value for part in Affinity.best(affinity.tone)],
        "best_for_paces": [part.value for part in Affinity.best(affinity.pace)],
        "best_for_intents": [part.value for part in Affinity.best(affinity.intent)],
        "version": card.version,
    }
