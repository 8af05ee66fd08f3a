"""The calls of the router's endpoints about ratings and what is learnt of them, built at the first of them."""

from datetime import UTC, datetime

from ion_mentoring.handlers.api.advice_calls import AdviceCalls
from ion_mentoring.handlers.api.feedback_calls import FeedbackCalls
from ion_mentoring.handlers.contract.receipts import Receipts
from ion_mentoring.handlers.web.idempotency import Idempotency
from ion_mentoring.mentoring.recommending.advice import AdvisePerson
from ion_mentoring.mentoring.recommending.rate import RateAnswers
from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.answering import Answering
from ion_mentoring.wiring.population import count_population


def feedback_calls(built: Answering, receipts: Receipts, idempotency: Idempotency, log: EventLog) -> FeedbackCalls:
    """The calls of the endpoints for ratings."""
    kept = built.stores
    rate = RateAnswers(kept.ratings, kept.profiles, log, _now, built.tastes.forget, built.experiments.gathered.unsafe)
    return FeedbackCalls(rate, receipts, idempotency, built.answer.consents)


def advice_calls(built: Answering, receipts: Receipts) -> AdviceCalls:
    """The calls of the endpoints about what was learnt."""
    kept, routing = built.stores, built.answer.routing
    advise = AdvisePerson(
        routing.roster, routing.table, kept.ratings, kept.profiles, built.tastes, PlaybookModel(), routing.exploration, _now
    )
    return AdviceCalls(advise, receipts, count_population(built))


def _now() -> datetime:
    return datetime.now(UTC)
