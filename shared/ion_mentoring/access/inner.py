"""Who calls a function of the set: another function of it, or Pub/Sub, by an identity token, and nobody else.

Where Cloud Run checks a token itself it hands it on with its signature replaced, so a function of ours sends its token a second
time in a header of our own; Pub/Sub, which cannot, is told by the claims that the platform has verified.
Source: https://cloud.google.com/run/docs/troubleshooting
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from msgspec import Struct, field

from ion_mentoring.errors import Forbidden, Unauthenticated

HEADER: Final = "x-ion-identity"
REMOVED: Final = ".SIGNATURE_REMOVED_BY_GOOGLE"
MOST_AUDIENCES: Final = 4  # addresses of one function
OWN_HOSTS: Final = ".run.app"


class IdentityVerifier(Protocol):
    """Tells the account of an identity token."""

    async def caller(self, token: str, /) -> str:
        """The account; Unauthenticated if the token does not hold."""


class Presented(Struct, frozen=True):
    """The parts of a call by which it is known: our header, the platform's, and the host that it asked for."""

    identity: str | None
    authorization: str | None
    host: str | None


class InnerAuthenticator(Struct, frozen=True):
    """Lets in calls of `accounts` alone; of any account where that is None, since the token itself is a secret's.

    `verifier` makes what verifies tokens for an audience. That is `audience`, or on the platform (`hosted`) the host that was
    asked for, since no other host leads here. `removed` reads a token whose signature the platform has verified and removed;
    None where it counts for nothing. On a `laptop`, a caller without a token is the developer.
    """

    verifier: Callable[[str], IdentityVerifier]
    accounts: frozenset[str] | None
    audience: str | None
    hosted: bool
    laptop: bool
    removed: "Callable[[str, str], str] | None" = None
    _verifiers: dict[str, IdentityVerifier] = field(default_factory=dict)

    async def check(self, presented: Presented) -> None:
        """Unauthenticated without a token that holds, Forbidden for another account."""
        token = presented.identity or _bearer(presented.authorization)
        if token is None:
            if self.laptop:
                return
            raise Unauthenticated("an inner door")
        account = await self._account(token, self._audience(presented.host), ours=presented.identity is not None)
        if self.accounts is not None and account not in self.accounts:
            raise Forbidden("not this account")

    def _audience(self, host: str | None) -> str:
        if self.audience:
            return self.audience
        if self.hosted and host and host.endswith(OWN_HOSTS):
            return f"https://{host}"
        raise Unauthenticated("no audience of ours")

    async def _account(self, token: str, audience: str, *, ours: bool) -> str:
        if token.endswith(REMOVED):
            if ours or self.removed is None:
                raise Unauthenticated("token refused: no signature")
            return self.removed(token, audience)
        return await self._verifier(audience).caller(token)

    def _verifier(self, audience: str) -> IdentityVerifier:
        if audience not in self._verifiers:
            if len(self._verifiers) >= MOST_AUDIENCES:
                raise Unauthenticated("no audience of ours")
            self._verifiers[audience] = self.verifier(audience)
        return self._verifiers[audience]


def _bearer(authorization: str | None) -> str | None:
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def account_of(claims: Mapping[str, Any], _issuer: object) -> str:
    """The account that verified claims of Google's name; Unauthenticated where its address is not verified."""
    account = claims.get("email")
    if not isinstance(account, str) or claims.get("email_verified") is not True:
        raise Unauthenticated("token refused: email")
    return account
