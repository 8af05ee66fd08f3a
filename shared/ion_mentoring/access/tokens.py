"""Signed tokens (JWT, RFC 7519): verified by algorithm, signature, issuer, audience and time, and remembered until they end."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Generic

import jwt
from jwt.utils import base64url_decode

from ion_mentoring.access.claims import must_be_of_a_kind, must_hold, refused
from ion_mentoring.access.issuers.issuer import Issuer
from ion_mentoring.access.issuers.key import VerificationKey
from ion_mentoring.access.strict_json import strict_object
from ion_mentoring.access.verified_tokens import Holder, VerifiedToken, VerifiedTokens
from ion_mentoring.errors import HomeElsewhere

LONGEST: Final = 8 * 1024  # characters: real ones have one or two thousand
MOST_KID: Final = 512  # characters

# Times are looked at with our own clock and leeway, the subject with our own rules.
_OPTIONS: Final[Any] = {
    "require": ["exp", "sub", "iss", "aud"],
    **{f"verify_{name}": False for name in ("exp", "nbf", "iat", "sub", "jti")},
}

Read = Callable[[Mapping[str, Any], Issuer], Holder]


class Tokens(Generic[Holder]):
    """Verifies tokens of some issuers; algorithms are an issuer's own, never taken from a token.

    `read` makes of verified claims whoever holds the token, or raises Unauthenticated; `now` is wall-clock time in seconds.
    """

    def __init__(self, issuers: Iterable[Issuer], now: Callable[[], float], read: Read[Holder]) -> None:
        self._by_name: dict[str, list[Issuer]] = {}
        for issuer in issuers:
            self._by_name.setdefault(issuer.name, []).append(issuer)
        self._now = now
        self._read = read
        self._verified: VerifiedTokens[Holder] = VerifiedTokens()

    async def caller(self, token: str) -> Holder:
        """The holder of a token; Unauthenticated if it does not hold, HomeElsewhere if it does, for another set.

        IssuerUnavailable if nobody can tell, since the issuer's keys cannot be had.
        """
        if len(token) > LONGEST:
            raise refused("too long")
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        return self._verified.holder(digest, self._now()) or await self._new(token, digest)

    def forget(self) -> None:
        """Verifies all tokens anew, since some of them may not hold any more."""
        self._verified.forget()

    async def _new(self, token: str, digest: bytes) -> Holder:
        """The holder of a token that is not known yet."""
        header, claims = read_token(token)
        issuer = self._issuer(claims)
        must_be_of_a_kind(header, issuer.types)
        await _verify(token, header, issuer)
        must_hold(claims, self._now(), issuer)
        if issuer.home:
            raise HomeElsewhere("another set", details={"home": issuer.home})
        holder = self._read(claims, issuer)
        now = self._now()
        self._verified.keep(digest, VerifiedToken(holder, claims["exp"], issuer.keys, issuer.keys.trusted(now)))
        return holder

    def _issuer(self, claims: Mapping[str, Any]) -> Issuer:
        """The issuer that a token names, not verified yet; of several with its name, the one whose audience it is for."""
        name, audience = claims.get("iss"), claims.get("aud")
        named = self._by_name.get(name, ()) if isinstance(name, str) else ()
        for issuer in named:
            if audience == issuer.audience or (isinstance(audience, list) and issuer.audience in audience):
                return issuer
        raise refused("aud" if named else "iss")


async def _verify(token: str, header: Mapping[str, Any], issuer: Issuer) -> None:
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in issuer.algorithms:
        raise refused("alg")
    if kid is not None and (not isinstance(kid, str) or len(kid) > MOST_KID):
        raise refused("kid")
    reason = "no such key"
    for key in await issuer.keys.find(kid, algorithm):
        try:
            return _must_be_signed(token, key, issuer)
        except jwt.InvalidSignatureError:
            reason = "InvalidSignatureError"
        except (jwt.PyJWTError, ValueError) as error:
            raise refused(type(error).__name__) from error
    raise refused(reason)


def _must_be_signed(token: str, key: VerificationKey, issuer: Issuer) -> None:
    jwt.decode(token, key.material, algorithms=[key.algorithm], issuer=issuer.name, audience=issuer.audience, options=_OPTIONS)


def read_token(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims, not verified yet; the library would take the last of two claims with a name."""
    parts = token.split(".")
    if len(parts) != 3 or not token.isascii():
        raise refused("not three parts")
    try:
        header, claims = (strict_object(base64url_decode(part)) for part in parts[:2])
    except ValueError:
        raise refused("no JSON in base64 that can be read in one way") from None
    return header, claims
