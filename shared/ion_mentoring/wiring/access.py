"""The authenticator: keys and issuers as the settings name them."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ion_mentoring.access.authenticator import Authenticator, Verifier
from ion_mentoring.access.caller import Caller, Role
from ion_mentoring.access.guarded_authenticator import REFUSED_A_MINUTE, GuardedAuthenticator
from ion_mentoring.access.key_networks import KeyNetworks
from ion_mentoring.settings.access import Access
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.answering import Answering
from ion_mentoring.wiring.caches import rate_limit, reliance
from ion_mentoring.wiring.guests import guests
from ion_mentoring.wiring.keys import bootstrap_keys

if TYPE_CHECKING:  # who verifies no tokens does not pay for importing what does
    from ion_mentoring.access.issuers.issuer import Issuer
    from ion_mentoring.access.issuers.key import KeySet
    from ion_mentoring.settings.issuers import IssuerSettings


def checked(access: Access, log: EventLog) -> None:
    """SettingsInvalid if a key of a caller or of an issuer is none."""
    bootstrap_keys(access)
    _issuers(access, log)


def guarded(
    settings: RouterSettings, keys: Verifier, built: Answering, log: EventLog, networks: KeyNetworks | None
) -> GuardedAuthenticator:
    """The authenticator behind a count of refused credentials. Keys that issuers publish are on their way when this returns."""
    access, kept = settings.access, built.caches
    tokens = _tokens(settings, built, log) if access.issuers else None
    laptop, admitted = access.environment == "local", guests(settings.console, kept)
    named = Authenticator(keys=keys, tokens=tokens, laptop=laptop, guests=admitted)
    refusals = rate_limit(REFUSED_A_MINUTE, kept)
    return GuardedAuthenticator(named, refusals, lambda network: kept.keys.key(address=network), log, time.time, networks)


def _tokens(settings: RouterSettings, built: Answering, log: EventLog) -> Verifier:
    from ion_mentoring.access.claims import caller_of
    from ion_mentoring.access.revoked_tokens import RevokedTokens
    from ion_mentoring.access.tokens import Tokens
    from ion_mentoring.mentoring.revoking.known_revocations import KnownRevocations
    from ion_mentoring.mentoring.revoking.revoke_tokens import CHANGED

    revoked = RevokedTokens()

    def read(claims: Mapping[str, Any], issuer: "Issuer") -> Caller:
        revoked.check(claims, issuer)
        return caller_of(claims, issuer)

    tokens = Tokens(_issuers(settings.access, log), time.time, read)
    return KnownRevocations(built.stores.revocations, revoked, tokens, reliance(settings.cache, built.caches, CHANGED), log)


def _issuers(access: Access, log: EventLog) -> "list[Issuer]":
    return [
        _issuer(one, "JWT_KEY" if place == 0 and access.jwt_key else "JWT_ISSUERS", log)
        for place, one in enumerate(access.issuers)
    ]


def _issuer(one: "IssuerSettings", setting: str, log: EventLog) -> "Issuer":
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
        home=one.home,
    )


def _keys(one: "IssuerSettings", setting: str, log: EventLog) -> "KeySet":
    from ion_mentoring.access.issuers.configured_keys import pem_key, secret_key
    from ion_mentoring.access.issuers.key import FixedKeys

    if one.jwks_url:
        from ion_mentoring.wiring.published_keys import published_keys

        return published_keys(one.issuer, one.jwks_url, log)
    if one.secret:
        return FixedKeys((secret_key(one.secret.get_secret_value(), setting),))
    return FixedKeys(tuple(pem_key(pem, one.algorithms, setting) for pem in one.keys))
