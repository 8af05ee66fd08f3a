"""The claims of a signed token: what shape each has, and for how long they hold. Issuers differ, and none may break us."""

import json
import math
from collections.abc import Mapping
from typing import Any, Final

from ion_mentoring.access.caller import DEFAULT_TENANT, Caller, Role, qualified
from ion_mentoring.errors import Unauthenticated

LEEWAY_S: Final = 30  # by which an issuer's clock may be ahead of ours
LIFE_S: Final = 24 * 3_600  # a token that lives longer is as good as a key, and none that can be taken back
SUBJECT: Final = 256  # characters
MOST_TOKENS: Final = 10**12  # of a monthly budget: twelve digits, as in API_KEYS
LAST_TIME: Final = 2**53  # seconds; beyond it, numbers are not what they seem
TYPES: Final = frozenset({"jwt", "at+jwt"})  # others are for something else (RFC 8725, 3.11; RFC 9068)


def strict_object(sent: bytes) -> Mapping[str, Any]:
    """A JSON object that all readers understand alike: no name twice, only numbers that JSON knows; Unauthenticated else."""
    try:
        value = json.loads(sent.decode(), object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):
        raise refused("no JSON that can be read in one way") from None
    if not isinstance(value, dict):
        raise refused("no JSON object")
    return value


def must_be_of_a_kind(header: Mapping[str, Any]) -> None:
    """Unauthenticated for a token that says it is another kind of thing, or asks for what we do not know (`crit`)."""
    kind = header.get("typ", "jwt")
    if not isinstance(kind, str) or kind.lower().removeprefix("application/") not in TYPES:
        raise refused("another typ")
    if "crit" in header:
        raise refused("crit")


def must_hold(claims: Mapping[str, Any], now: float) -> None:
    """Unauthenticated for a token that has ended, has not begun, or lives for more than a day."""
    ends, begins, made = (_time(claims, name) for name in ("exp", "nbf", "iat"))
    if ends is None or ends <= now:
        raise refused("exp")
    if max(begins or 0, made or 0) > now + LEEWAY_S:
        raise refused("nbf or iat")
    if ends - (now + LEEWAY_S if made is None else made) > LIFE_S:
        raise refused("a life of more than a day")


def caller_of(claims: Mapping[str, Any], tenant: str = DEFAULT_TENANT) -> Caller:
    """The caller that the claims name, with the roles and the budget that they carry; a mentee where they name no roles.

    Who is a mentee and nothing else is the user of that name, and speaks for no other.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject.strip() or len(subject) > SUBJECT or not subject.isprintable():
        raise refused("sub")  # it stands in logs and keys, and no store takes half a character
    roles = _roles(claims.get("roles", [Role.MENTEE]))
    person = subject if roles <= {Role.MENTEE} else None
    return Caller(qualified(tenant, f"sub:{subject}"), roles, monthly_tokens=_budget(claims), tenant=tenant, person=person)


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


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) < len(pairs):
        raise ValueError("a name twice")
    return found


def _no_number(name: str) -> float:
    raise ValueError(name)


def _finite(digits: str) -> float:
    if math.isfinite(number := float(digits)):
        return number
    raise ValueError("too large")
