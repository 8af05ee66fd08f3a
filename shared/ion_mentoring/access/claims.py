"""The claims of a signed token: what shape each has, and for how long they hold. Issuers differ, and none may break us."""

from collections.abc import Mapping
from typing import Any, Final

from ion_mentoring.access.caller import Caller, Role, qualified
from ion_mentoring.access.issuers.issuer import Issuer
from ion_mentoring.errors import Unauthenticated

SUBJECT: Final = 256  # characters
MOST_TOKENS: Final = 10**12  # of a monthly budget: twelve digits, as in API_KEYS
LAST_TIME: Final = 2**53  # seconds; beyond it, numbers are not what they seem


def must_be_of_a_kind(header: Mapping[str, Any], types: frozenset[str]) -> None:
    """Unauthenticated for a token that says it is another kind of thing, or asks for what we do not know (`crit`)."""
    kind = header.get("typ", "jwt")
    if not isinstance(kind, str) or kind.lower().removeprefix("application/") not in types:
        raise refused("another typ")
    if "crit" in header:
        raise refused("crit")


def must_hold(claims: Mapping[str, Any], now: float, issuer: Issuer) -> None:
    """Unauthenticated for a token that has ended, has not begun, or lives longer than its issuer's tokens may."""
    ends, begins, made = (_time(claims, name) for name in ("exp", "nbf", "iat"))
    if ends is None or ends <= now:
        raise refused("exp")
    if max(begins or 0, made or 0) > now + issuer.leeway_s:
        raise refused("nbf or iat")
    if ends - (now + issuer.leeway_s if made is None else made) > issuer.lifetime_s:
        raise refused("too long a life")


def caller_of(claims: Mapping[str, Any], issuer: Issuer) -> Caller:
    """The caller that the claims name, with the roles and the budget that they carry; a mentee where they name no roles.

    Who is a mentee and nothing else is the user of that name, and speaks for no other.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject.strip() or len(subject) > SUBJECT or not subject.isprintable():
        raise refused("sub")  # it stands in logs and keys, and no store takes half a character
    roles = _roles(claims.get("roles", [Role.MENTEE])) & issuer.roles
    person = subject if roles <= {Role.MENTEE} else None
    name, tenant = qualified(issuer.tenant, f"sub:{subject}"), issuer.tenant
    return Caller(name, roles, monthly_tokens=_budget(claims), tenant=tenant, person=person)


def refused(why: str) -> Unauthenticated:
    """The error for a token; `why` names the claim and never what it says."""
    return Unauthenticated(f"token refused: {why}")


def _roles(claimed: object) -> frozenset[Role]:
    if not isinstance(claimed, list) or not all(isinstance(role, str) for role in claimed):
        raise refused("roles is no list of names")
    return frozenset(role for role in Role if role in claimed)


def _budget(claims: Mapping[str, Any]) -> int | None:
    claimed: Any = claims.get("monthly_tokens")
    if claimed is None or (type(claimed) is int and 0 <= claimed < MOST_TOKENS):
        return claimed
    raise refused("monthly_tokens is no number of tokens")


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    """A NumericDate (RFC 7519, 2); a text is none, whatever it says."""
    if name not in claims:
        return None
    claimed = claims[name]
    if type(claimed) in (int, float) and 0 <= claimed < LAST_TIME:
        return float(claimed)
    raise refused(f"{name} is no number")
