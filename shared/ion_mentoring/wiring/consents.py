"""Consent as answers obey it, for tenants with terms: who has none pays for nothing of it."""

from typing import TYPE_CHECKING

from ion_mentoring.settings.consent import ConsentSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.stores import Stores

if TYPE_CHECKING:
    from ion_mentoring.mentoring.privacy.known_consents import KnownConsents


def known_consents(settings: ConsentSettings, kept: Stores, log: EventLog) -> "KnownConsents | None":
    """The consent of people, where a tenant asks for any."""
    if not settings.by_tenant:
        return None
    from ion_mentoring.mentoring.privacy.known_consents import KnownConsents

    return KnownConsents(settings.by_tenant, kept.profiles, log)
