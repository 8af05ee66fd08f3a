"""This function's own identity in the cloud, as an OIDC token for one audience.

Source: https://cloud.google.com/run/docs/authenticating/service-to-service
"""

import base64
import binascii
import json
from collections.abc import Callable
from functools import partial

import httpx2

from ion_mentoring.backends.identity.cached_token import CachedToken, Token
from ion_mentoring.backends.identity.metadata import METADATA_HOST as METADATA_HOST
from ion_mentoring.backends.identity.metadata import MetadataServer
from ion_mentoring.errors import IdentityUnavailable, PersonaUnavailable


class IdentityTokens:
    """Tokens by audience, renewed in the last five minutes before they end; `now` is wall-clock time in seconds."""

    def __init__(self, client: httpx2.AsyncClient, now: Callable[[], float], host: str = METADATA_HOST) -> None:
        self._metadata = MetadataServer(client, host)
        self._now = now
        self._tokens: dict[str, CachedToken] = {}

    async def token(self, audience: str) -> str:
        """A token that a function at `audience` (its URL) accepts; PersonaUnavailable if none can be had."""
        if audience not in self._tokens:
            self._tokens[audience] = CachedToken(partial(self._fetch, audience), self._now)
        try:
            return await self._tokens[audience].text()
        except IdentityUnavailable as error:
            raise PersonaUnavailable(f"no identity token: {error}", retry_after_s=1) from error

    async def _fetch(self, audience: str) -> Token:
        token = await self._metadata.ask("identity", audience=audience)
        return Token(token, _expiry(token))


def _expiry(token: str) -> float:
    """The time (Unix seconds) at which a token ends; read, not verified, since it came from the metadata server."""
    try:
        payload = token.split(".")[1]
        return float(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"])
    except (IndexError, KeyError, TypeError, ValueError, binascii.Error):
        raise IdentityUnavailable("metadata server: no identity token in its answer") from None  # which would show the token
