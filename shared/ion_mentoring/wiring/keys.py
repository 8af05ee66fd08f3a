"""API keys: those of the setting API_KEYS, and those of the store."""

import secrets
from datetime import UTC, datetime

from msgspec import Struct

from ion_mentoring.access.api_keys import ApiKeys
from ion_mentoring.access.caller import Caller
from ion_mentoring.mentoring.issuing.issue_keys import CHANGED, IssueKeys
from ion_mentoring.mentoring.issuing.known_keys import KnownKeys
from ion_mentoring.mentoring.issuing.marks import SecretMarks
from ion_mentoring.sealing.keys import derived
from ion_mentoring.settings.access import Access
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.answering import Answering
from ion_mentoring.wiring.caches import reliance


class AllKeys(Struct, frozen=True):
    """The keys of the setting first, which need nobody, then those of the store."""

    bootstrap: ApiKeys | None
    stored: KnownKeys

    async def caller(self, key: str) -> Caller:
        """The owner; Unauthenticated for what is no key."""
        return (self.bootstrap and self.bootstrap.find(key)) or await self.stored.caller(key)


def bootstrap_keys(access: Access) -> ApiKeys | None:
    """The keys of the setting; SettingsInvalid if one is none."""
    return ApiKeys.parse(access.api_keys.get_secret_value()) if access.api_keys else None


def marks(settings: RouterSettings) -> SecretMarks:
    """Marks under API_KEY_SECRET, and under what CACHE_KEY_SECRET gives; with neither, keys end with this process."""
    own, cache = settings.access.api_key_secret, settings.cache.cache_key_secret
    named = own.get_secret_value().encode().split() if own else []
    of_cache = [derived(cache.get_secret_value().encode(), b"ion-api-keys")] if cache else []
    return SecretMarks((*named, *of_cache) or (secrets.token_bytes(32),))


def known_keys(settings: RouterSettings, marked: SecretMarks, built: Answering, log: EventLog) -> KnownKeys:
    """The keys of the store as this instance knows them."""
    return KnownKeys(built.stores.keys, marked, reliance(settings.cache, built.caches, CHANGED), log)


def issue_keys(marked: SecretMarks, built: Answering, log: EventLog) -> IssueKeys:
    """The issue of keys."""
    return IssueKeys(built.stores.keys, marked, built.caches.answers.invalidate, log, lambda: datetime.now(UTC))
