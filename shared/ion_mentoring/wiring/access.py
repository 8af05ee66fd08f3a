"""The authenticator: keys and issuers as the settings name them."""

import time
from typing import TYPE_CHECKING

from ion_mentoring.access.authenticator import Authenticator, Verifier
from ion_mentoring.access.caller import Role
from ion_mentoring.access.guarded_authenticator import REFUSED_A_MINUTE, GuardedAuthenticator
from ion_mentoring.settings.access import Access
from ion_mentoring.settings.issuers import IssuerSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.caches import Caches, rate_limit

if TYPE_CHECKING:  # who verifies no tokens does not pay for importing what does
    from ion_mentoring.access.issuers.issuer import Issuer
    from ion_mentoring.access.issuers.key import KeySet


def authenticator(access: Access, keys: Verifier | None, log: EventLog) -> Authenticator:
    """The authenticator; SettingsInvalid if a key is none. Keys that issuers publish are on their way when this returns."""
    return Authenticator(keys=keys, tokens=_tokens(access, log), laptop=access.environment == "local")


def guarded(access: Access, keys: Verifier, kept: Caches, log: EventLog) -> GuardedAuthenticator:
    """The authenticator behind a count of refused credentials."""
    refusals = rate_limit(REFUSED_A_MINUTE, kept)
    return GuardedAuthenticator(
        authenticator(access, keys, log), refusals, lambda network: kept.keys.key(address=network), log, time.time
    )


def _tokens(access: Access, log: EventLog) -> Verifier | None:
    if not access.issuers:
        return None
    from ion_mentoring.access.claims import caller_of
    from ion_mentoring.access.tokens import Tokens

    issuers = [
        _issuer(one, "JWT_KEY" if place == 0 and access.jwt_key else "JWT_ISSUERS", log)
        for place, one in enumerate(access.issuers)
    ]
    return Tokens(issuers, time.time, caller_of)


def _issuer(one: IssuerSettings, setting: str, log: EventLog) -> "Issuer":
    from ion_mentoring.access.issuers.issuer import Issuer

    return Issuer(
        name=one.issuer,
        audience=one.audience,
        keys=_keys(one, setting, log),
        algorithms=frozenset(one.algorithms),
        tenant=one.tenant,
        types=frozenset(kind.lower() for kind in one.types),
        leeway_s=one.leeway_s,
        lifetime_s=one.lifetime_s,
        roles=frozenset(Role(name) for name in one.roles),
    )


def _keys(one: IssuerSettings, setting: str, log: EventLog) -> "KeySet":
    from ion_mentoring.access.issuers.configured_keys import pem_key, secret_key
    from ion_mentoring.access.issuers.key import FixedKeys

    if one.jwks_url:
        from ion_mentoring.wiring.published_keys import published_keys

        return published_keys(one.issuer, one.jwks_url, log)
    if one.secret:
        return FixedKeys((secret_key(one.secret.get_secret_value(), setting),))
    return FixedKeys(tuple(pem_key(pem, one.algorithms, setting) for pem in one.keys))
