"""The response about why an answer came from whom it came, as typed shapes."""

from datetime import UTC, datetime
from typing import Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ion_mentoring.handlers.contract.views import Decided, RoutingView, decided_by, detected_view, routing_view
from ion_mentoring.handlers.web.responses import timestamp
from ion_mentoring.mentoring.answering.explaining import Replay, RoutingRecord


class SubjectView(TypedDict):
    """The likely subject of a text, and how likely it is, in [0, 1]."""

    title: str
    probability: float


class ReplayView(TypedDict):
    """The decision made again from what was read then: `same` if it gives that to the last digit.

    `changed` names the personas whose cards have changed since; `routing` is null where one of them has left.
    """

    same: bool
    changed: list[str]
    routing: RoutingView | None


class WhyView(TypedDict):
    """Why an answer came from whom it came: what was read, what that gave, and the same decided again."""

    success: bool
    answer_id: Annotated[str, Field(description="The request_id of the answer.")]
    answered_at: str
    language: str
    resonance_key: str
    detected: Annotated[dict[str, Any], Field(description="As in the answer's metadata; empty where the caller gave the key.")]
    subject: SubjectView | None
    decided_by: Annotated[
        Decided, Field(description="What chose the persona: the `score`, the `key` that was given, or what goes before both.")
    ]
    persona: str
    answered_by: str
    scores: dict[str, float]
    reasoning: str
    cards: Annotated[dict[str, int], Field(description="The versions of the cards by which it was decided.")]
    replay: ReplayView
    variant: NotRequired[dict[str, str]]
    safety: NotRequired[str]
    care: NotRequired[str]
    request_id: str
    timestamp: str


def why_view(answer_id: str, at: float, then: RoutingRecord, again: Replay | None, request_id: str) -> WhyView:
    """A record and its replay, as v2 shows them; `at` in Unix seconds."""
    subject = then.subject
    view: WhyView = {
        "success": True,
        "answer_id": answer_id,
        "answered_at": timestamp(datetime.fromtimestamp(at, UTC)),
        "language": then.language,
        "resonance_key": str(then.key),
        "detected": detected_view(then.detection) if then.detection else {},
        "subject": {"title": subject.title, "probability": subject.probability} if subject else None,
        "decided_by": decided_by(then, then.safety),
        "persona": then.persona,
        "answered_by": then.answered,
        "scores": then.scores,
        "reasoning": then.reasoning,
        "cards": then.cards,
        "replay": {
            "same": again is not None and again.same,
            "changed": list(again.changed) if again else [],
            "routing": routing_view(again.decision, again.reasoning, then.safety) if again else None,
        },
        "request_id": request_id,
        "timestamp": timestamp(),
    }
    if then.variant:
        view["variant"] = then.variant.named
    if then.safety:
        view["safety"] = then.safety
    if then.care:
        view["care"] = then.care
    return view
