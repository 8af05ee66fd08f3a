"""Signed tokens (JWT, RFC 7519): verified by algorithm, issuer, audience and expiry; `roles` says what for.

The claim `monthly_tokens`, where there is one, is what the subject's answers may cost in a month.
"""

from collections.abc import Sequence

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from ion_mentoring.access.caller import Caller, Role
from ion_mentoring.errors import SettingsInvalid, Unauthenticated


class Tokens:
    """Verifies tokens of one issuer for one audience; the algorithm is fixed, never taken from the token."""

    def __init__(self, key: str, *, algorithm: str, issuer: str, audience: str) -> None:
        """`key` is a shared secret for HS256, else a public key as PEM; SettingsInvalid if it is none."""
        if not algorithm.startswith("HS"):
            _must_be_pem(key)
        self._key = key
        self._algorithms = [algorithm]
        self._issuer = issuer
        self._audience = audience

    def caller(self, token: str) -> Caller:
        """The subject of a token with the roles it carries (a mentee if none); Unauthenticated if it does not hold."""
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=self._algorithms,
                issuer=self._issuer,
                audience=self._audience,
                options={"require": ["exp", "sub", "iss", "aud"]},
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated(f"token refused: {type(error).__name__}") from error
        if not claims["sub"].isprintable():  # it stands in logs, and no store takes half a character
            raise Unauthenticated("token refused: a subject that cannot be written")
        roles = _roles(claims.get("roles", [Role.MENTEE]))
        return Caller(f"sub:{claims['sub']}", roles, monthly_tokens=_budget(claims.get("monthly_tokens")))


def _must_be_pem(key: str) -> None:
    try:
        load_pem_public_key(key.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SettingsInvalid("JWT_KEY: is no public key as PEM", field="JWT_KEY") from error


def _roles(claimed: object) -> frozenset[Role]:
    if not isinstance(claimed, Sequence) or isinstance(claimed, str):
        raise Unauthenticated("token refused: roles is no list")
    return frozenset(Role(role) for role in claimed if role in set(Role))


def _budget(claimed: object) -> int | None:
    if claimed is None or (type(claimed) is int and claimed >= 0):
        return claimed
    raise Unauthenticated("token refused: monthly_tokens is no number of tokens")
