"""The audit log of a process."""

import secrets
from datetime import UTC, datetime

from ion_mentoring.mentoring.auditing.trail import AuditTrail
from ion_mentoring.sealing.audit import AuditKeys
from ion_mentoring.settings.audit import AuditSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.ids import drawn
from ion_mentoring.wiring.stores import Stores


def audit_keys(settings: AuditSettings) -> AuditKeys:
    """Keys under AUDIT_SECRET, and under CACHE_KEY_SECRET; with neither, they end with this process."""
    own, cache = settings.audit_secret, settings.cache_key_secret
    named = own.get_secret_value().encode().split() if own else []
    of_cache = [cache.get_secret_value().encode()] if cache else []
    return AuditKeys((*named, *of_cache) or (secrets.token_bytes(32),))


def audit_trail(settings: AuditSettings, region: str, stores: Stores, log: EventLog) -> AuditTrail:
    """The writer of this process, under a name of its own."""
    return AuditTrail(stores.audit, audit_keys(settings), f"{region}-{drawn(48)}", log, lambda: datetime.now(UTC))
