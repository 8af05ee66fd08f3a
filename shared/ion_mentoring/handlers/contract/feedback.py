"""Ratings as callers send them and see them."""

from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from ion_mentoring.handlers.contract.receipts import FORM, LONGEST
from ion_mentoring.handlers.contract.requests import Id
from ion_mentoring.handlers.web.bodies import Body
from ion_mentoring.handlers.web.responses import timestamp
from ion_mentoring.records.feedback.protocol import Outcome, RatedAnswer, Rating, Reason, Verdict

REQUEST_ID: Final = r"^[A-Za-z0-9._:-]{1,128}$"
MOST_REASONS: Final = 5


def _few(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    if len(reasons) > MOST_REASONS:
        raise PydanticCustomError("too_long", "has over {limit} entries", {"limit": MOST_REASONS})
    return tuple(dict.fromkeys(reasons))


class FeedbackRequest(Body):
    """One person's rating of an answer: the whole of it takes the place of the one before.

    `receipt` is the answer's `metadata.receipt`; without it a rating is kept, and teaches nothing. `outcome` is for later:
    what came of the advice.
    """

    request_id: Annotated[str, Field(pattern=REQUEST_ID, description="The `request_id` of the answer.")]
    verdict: Verdict | None = None
    reasons: Annotated[
        tuple[Reason, ...], Field(strict=False, json_schema_extra={"maxItems": MOST_REASONS}), AfterValidator(_few)
    ] = ()
    outcome: Outcome | None = None
    receipt: Annotated[str, Field(pattern=FORM, max_length=LONGEST)] | None = None
    user_id: Annotated[Id | None, Field(description="The user of the caller's who was answered.")] = None


class RatingView(TypedDict):
    """A rating. `counts` is false where nothing vouches for the answer; `answer` has what is known of that."""

    request_id: str
    verdict: Verdict | None
    reasons: list[Reason]
    outcome: Outcome | None
    counts: bool
    answer: dict[str, Any] | None
    rated_at: str


class FeedbackView(TypedDict):
    """A rating that was kept."""

    success: bool
    rating: RatingView
    request_id: str
    timestamp: str


class FeedbackListView(TypedDict):
    """A user's ratings, the newest first."""

    success: bool
    ratings: list[RatingView]
    request_id: str
    timestamp: str


class FeedbackTakenBackView(TypedDict):
    """A rating that is no more."""

    success: bool
    rated: str
    request_id: str
    timestamp: str


def rating_view(rating: Rating) -> RatingView:
    """A rating as its owner sees it."""
    return {
        "request_id": rating.request_id,
        "verdict": rating.verdict,
        "reasons": list(rating.reasons),
        "outcome": rating.outcome,
        "counts": rating.answer is not None,
        "answer": _answer_view(rating.answer) if rating.answer else None,
        "rated_at": timestamp(rating.at),
    }


def _answer_view(answer: RatedAnswer) -> dict[str, Any]:
    return {
        "persona": answer.persona,
        "card_version": answer.card,
        "resonance_key": answer.key,
        "language": answer.language,
        "model": answer.model,
        "topics": list(answer.topics),
        "propensity": answer.propensity,
        "experiments": [{"id": one.experiment, "phase": one.phase, "arm": one.arm} for one in answer.exposures],
        "answered_at": timestamp(answer.answered_at),
    }
