"""The calls of the router's endpoints for ratings, built at the first of them."""

from datetime import UTC, datetime

from ion_mentoring.handlers.api.feedback_calls import FeedbackCalls
from ion_mentoring.handlers.contract.receipts import Receipts
from ion_mentoring.handlers.web.idempotency import Idempotency
from ion_mentoring.mentoring.recommending.rate import RateAnswers
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.stores import Stores


def feedback_calls(kept: Stores, receipts: Receipts, idempotency: Idempotency, log: EventLog) -> FeedbackCalls:
    """The calls of the endpoints for ratings."""
    return FeedbackCalls(RateAnswers(kept.ratings, log, lambda: datetime.now(UTC)), receipts, idempotency)
