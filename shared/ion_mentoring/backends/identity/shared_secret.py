"""The identity of the local set's functions: tokens signed with a secret that was drawn when the set started."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any, Final

ISSUER: Final = "ion-local"
LIFETIME_S: Final = 600
RENEW_BEFORE_S: Final = 60


class SecretTokens:
    """Tokens by audience, the name of the function that is called: the last part of its URL. `now` is wall-clock time."""

    def __init__(self, secret: str, now: Callable[[], float]) -> None:
        self._secret = secret.encode()
        self._now = now
        self._made: dict[str, tuple[float, str]] = {}

    async def token(self, url: str) -> str:
        """A token that the function at a URL accepts."""
        audience, now = url.rstrip("/").rpartition("/")[2], self._now()
        ends_at, token = self._made.get(audience, (0.0, ""))
        if ends_at - RENEW_BEFORE_S <= now:
            ends_at = now + LIFETIME_S
            token = self._signed({"iss": ISSUER, "aud": audience, "sub": ISSUER, "iat": int(now), "exp": int(ends_at)})
            self._made[audience] = ends_at, token
        return token

    def _signed(self, claims: dict[str, Any]) -> str:
        parts = b".".join(_part(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
        return (parts + b"." + _part(hmac.new(self._secret, parts, hashlib.sha256).digest())).decode()


def _part(sent: bytes) -> bytes:
    return base64.urlsafe_b64encode(sent).rstrip(b"=")
