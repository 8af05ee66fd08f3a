"""Signed tokens (JWT, RFC 7519): verified by algorithm, signature, issuer, audience and time; `roles` says what for.

The claim `monthly_tokens`, where there is one, is what the subject's answers may cost in a month.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import jwt
from jwt.utils import base64url_decode

from ion_mentoring.access.caller import Caller
from ion_mentoring.access.claims import caller_of, must_be_of_a_kind, must_hold, refused, strict_object
from ion_mentoring.access.token_keys import must_fit

LONGEST: Final = 8 * 1024  # characters: real ones have one or two thousand

# Times are looked at with our own clock and leeway, the subject with our own rules.
_OPTIONS: Final[Any] = {
    "require": ["exp", "sub", "iss", "aud"],
    **{f"verify_{name}": False for name in ("exp", "nbf", "iat", "sub", "jti")},
}


class Tokens:
    """Verifies tokens of one issuer for one audience; the algorithm is fixed, never taken from the token."""

    def __init__(self, key: str, *, algorithm: str, issuer: str, audience: str, now: Callable[[], float]) -> None:
        """`key` is a shared secret for HS256, else a public key as PEM; SettingsInvalid if it does not fit.

        `now` is wall-clock time in seconds.
        """
        must_fit(key, algorithm)
        self._key = key
        self._algorithms = [algorithm]
        self._issuer = issuer
        self._audience = audience
        self._now = now

    def caller(self, token: str) -> Caller:
        """The subject of a token with the roles it carries (a mentee if none); Unauthenticated if it does not hold."""
        if len(token) > LONGEST:
            raise refused("too long")
        header, claims = _read(token)
        must_be_of_a_kind(header)
        self._verify(token)
        must_hold(claims, self._now())
        return caller_of(claims)

    def _verify(self, token: str) -> None:
        try:
            jwt.decode(
                token, self._key, algorithms=self._algorithms, issuer=self._issuer, audience=self._audience, options=_OPTIONS
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise refused(type(error).__name__) from error


def _read(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims, not verified yet; the library would take the last of two claims with a name."""
    parts = token.split(".")
    if len(parts) != 3 or not token.isascii():
        raise refused("not three parts")
    try:
        header, claims = (base64url_decode(part) for part in parts[:2])
    except ValueError:
        raise refused("no base64") from None
    return strict_object(header), strict_object(claims)
