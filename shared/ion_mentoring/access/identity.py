"""This function's own identity in the cloud, as an OIDC token for one audience.

The metadata server is asked directly: google-auth's way is synchronous and costs its import at cold start, for one GET.
Source: https://cloud.google.com/run/docs/authenticating/service-to-service
"""

import base64
import binascii
import json
from collections.abc import Callable

import httpx2

from ion_mentoring.errors import PersonaUnavailable

METADATA_HOST = "metadata.google.internal"
REFRESH_BEFORE_S = 300.0


class IdentityTokens:
    """Tokens by audience, kept until five minutes before they expire."""

    def __init__(self, client: httpx2.AsyncClient, now: Callable[[], float], host: str = METADATA_HOST) -> None:
        self._client = client
        self._now = now
        self._url = f"http://{host}/computeMetadata/v1/instance/service-accounts/default/identity"
        self._tokens: dict[str, tuple[str, float]] = {}

    async def token(self, audience: str) -> str:
        """A token that a function at `audience` (its URL) accepts; PersonaUnavailable if none can be had."""
        token, expires_at = self._tokens.get(audience, ("", 0.0))
        if self._now() < expires_at - REFRESH_BEFORE_S:
            return token
        token = await self._fetch(audience)
        self._tokens[audience] = (token, _expiry(token))
        return token

    async def _fetch(self, audience: str) -> str:
        try:
            response = await self._client.get(self._url, params={"audience": audience}, headers={"Metadata-Flavor": "Google"})
            response.raise_for_status()
        except httpx2.HTTPError as error:
            raise PersonaUnavailable(f"no identity token: {type(error).__name__}", retry_after_s=1) from error
        return response.text.strip()


def _expiry(token: str) -> float:
    """The time (Unix seconds) at which a token ends; read, not verified, since it came from the metadata server."""
    try:
        payload = token.split(".")[1]
        return float(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"])
    except (IndexError, KeyError, ValueError, binascii.Error) as error:
        raise PersonaUnavailable("the metadata server sent no token", retry_after_s=1) from error
