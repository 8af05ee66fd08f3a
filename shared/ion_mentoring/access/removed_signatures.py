"""Identity tokens whose signature the platform has verified and removed: only their claims are left to look at."""

from collections.abc import Callable

from msgspec import Struct

from ion_mentoring.access.claims import must_be_of_a_kind, must_hold, refused
from ion_mentoring.access.inner import REMOVED, account_of
from ion_mentoring.access.issuers.issuer import Issuer
from ion_mentoring.access.tokens import LONGEST, read_token


class RemovedSignatures(Struct, frozen=True):
    """Reads them, of the issuer that the platform believes. Only for functions that it lets nobody in to without a token."""

    issuer: Issuer
    now: Callable[[], float]

    def __call__(self, token: str, audience: str) -> str:
        """The account of a token for an audience; Unauthenticated if its claims do not fit."""
        if len(token) > LONGEST or not token.endswith(REMOVED):
            raise refused("not one of the platform's")
        header, claims = read_token(token)
        must_be_of_a_kind(header, self.issuer.types)
        if claims.get("iss") != self.issuer.name or claims.get("aud") != audience:
            raise refused("iss or aud")
        must_hold(claims, self.now(), self.issuer)
        return account_of(claims, self.issuer)
