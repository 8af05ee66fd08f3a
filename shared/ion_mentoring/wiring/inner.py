"""The inner door of a function; what verifies tokens is imported with the first one."""

import time
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, Final

from ion_mentoring.access.inner import IdentityVerifier, InnerAuthenticator, account_of
from ion_mentoring.settings.inner import InnerDoor
from ion_mentoring.telemetry.events import EventLog

if TYPE_CHECKING:
    from ion_mentoring.access.issuers.issuer import Issuer
    from ion_mentoring.access.issuers.key import KeySet

# Source: https://accounts.google.com/.well-known/openid-configuration
GOOGLE: Final = "https://accounts.google.com"
GOOGLES_KEYS: Final = "https://www.googleapis.com/oauth2/v3/certs"
LIFETIME_S: Final = 3_700.0  # Google's tokens live for an hour


def inner_door(name: str, settings: InnerDoor, log: EventLog, *, pushed: bool = False) -> InnerAuthenticator:
    """The door of the function `name`; `pushed` where Pub/Sub calls it, whose tokens come without their signature."""
    laptop, hosted = settings.environment == "local" and not settings.k_service, bool(settings.k_service)
    if secret := settings.inner_secret:
        return InnerAuthenticator(partial(_by_secret, secret.get_secret_value()), None, name, hosted, laptop)
    keys = cache(partial(_googles_keys, log))
    if hosted:
        keys()  # on their way before the first call
    removed = partial(_removed) if hosted and pushed else None
    accounts = settings.accounts
    return InnerAuthenticator(partial(_by_google, keys), accounts, settings.inner_audience, hosted, laptop, removed)


def _by_secret(secret: str, audience: str) -> IdentityVerifier:
    from ion_mentoring.access.issuers.configured_keys import secret_key
    from ion_mentoring.access.issuers.issuer import Issuer
    from ion_mentoring.access.issuers.key import FixedKeys
    from ion_mentoring.access.tokens import Tokens
    from ion_mentoring.backends.identity.shared_secret import ISSUER

    issuer = Issuer(ISSUER, audience, FixedKeys((secret_key(secret, "INNER_SECRET"),)), frozenset({"HS256"}))
    return Tokens([issuer], time.time, lambda _claims, _issuer: ISSUER)


def _by_google(keys: "Callable[[], KeySet]", audience: str) -> IdentityVerifier:
    from ion_mentoring.access.tokens import Tokens

    return Tokens([_google(audience, keys())], time.time, account_of)


def _google(audience: str, keys: "KeySet") -> "Issuer":
    from ion_mentoring.access.issuers.issuer import Issuer

    return Issuer(GOOGLE, audience, keys, frozenset({"RS256"}), lifetime_s=LIFETIME_S)


def _googles_keys(log: EventLog) -> "KeySet":
    from ion_mentoring.wiring.published_keys import published_keys

    return published_keys(GOOGLE, GOOGLES_KEYS, log)


def _removed(token: str, audience: str) -> str:
    from ion_mentoring.access.issuers.key import FixedKeys
    from ion_mentoring.access.removed_signatures import RemovedSignatures

    return RemovedSignatures(_google(audience, FixedKeys(())), time.time)(token, audience)
