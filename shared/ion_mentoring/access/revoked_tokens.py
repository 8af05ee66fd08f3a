"""Tokens that no longer hold although their signature does."""

from collections.abc import Mapping
from typing import Any

from ion_mentoring.access.claims import refused
from ion_mentoring.access.issuers.issuer import Issuer

Entry = tuple[str, str, str]  # tenant, `jti` or `sub`, and its value


class RevokedTokens:
    """The tokens and subjects that were revoked, with the time at which they were (Unix seconds)."""

    def __init__(self) -> None:
        self._revoked: Mapping[Entry, float] = {}

    def take(self, revoked: Mapping[Entry, float]) -> bool:
        """Knows these from now on; True if they are others than before."""
        changed = revoked != self._revoked
        self._revoked = revoked
        return changed

    def check(self, claims: Mapping[str, Any], issuer: Issuer) -> None:
        """Unauthenticated for a token that was revoked, by its own id or with all that its subject had until then."""
        if not self._revoked:
            return
        if (issuer.tenant, "jti", str(claims.get("jti"))) in self._revoked:
            raise refused("revoked")
        at = self._revoked.get((issuer.tenant, "sub", claims["sub"]))
        if at is not None and claims.get("iat", 0) <= at:
            raise refused("revoked with its subject")
