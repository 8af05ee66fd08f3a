"""The calls of the router's endpoints for consent, built at the first of them."""

from datetime import UTC, datetime

from ion_mentoring.handlers.api.consent_calls import ConsentCalls
from ion_mentoring.handlers.contract.receipts import Receipts
from ion_mentoring.mentoring.privacy.consenting import ChangeConsent
from ion_mentoring.mentoring.privacy.known_consents import KnownConsents
from ion_mentoring.settings.consent import ConsentSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.answering import Answering
from ion_mentoring.wiring.privacy import kinds


def consent_calls(settings: ConsentSettings, built: Answering, receipts: Receipts, log: EventLog) -> ConsentCalls:
    """The calls over the stores and caches of a router."""
    kept, cache, known = built.stores, built.answer.cache, built.answer.consents
    if not isinstance(known, KnownConsents):
        known = KnownConsents(settings.by_tenant, kept.profiles, log)

    async def forget(owner: str) -> None:
        await cache.tiers.forget(cache.owner(owner))

    change = ChangeConsent(known, kept.profiles, kept.keyring, kinds(kept), forget, kept.settle, log, _now)
    return ConsentCalls(change, receipts, built.tastes.forget)


def _now() -> datetime:
    return datetime.now(UTC)
