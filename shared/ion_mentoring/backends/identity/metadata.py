"""The platform's metadata server, which knows this function's own service account.

It is asked directly: google-auth's way is synchronous and costs its import at cold start, for one GET.
Source: https://cloud.google.com/run/docs/container-contract#metadata-server
"""

import asyncio
from typing import Final

import httpx2
from msgspec import Struct

from ion_mentoring.errors import IdentityUnavailable

METADATA_HOST: Final = "metadata.google.internal"
TIMEOUT_S: Final = 3.0  # it answers in milliseconds, but for an instance's first seconds
FLAVOR: Final = {"Metadata-Flavor": "Google"}  # without it, it answers 403


class MetadataServer(Struct, frozen=True):
    """Answers about the service account that this runs as; `host` may have a port, as GCE_METADATA_HOST has."""

    client: httpx2.AsyncClient
    host: str = METADATA_HOST
    timeout_s: float = TIMEOUT_S

    async def ask(self, what: str, **parameters: str) -> str:
        """The server's answer about the account (`token`, `identity`); else IdentityUnavailable, within `timeout_s` seconds."""
        try:
            async with asyncio.timeout(self.timeout_s):
                response = await self.client.get(self._url(what), params=parameters, headers=FLAVOR)
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
            raise IdentityUnavailable(f"metadata server: {type(error).__name__}") from error
        if response.status_code != 200:
            raise IdentityUnavailable(f"metadata server: {response.status_code}")
        return response.text.strip()

    def _url(self, what: str) -> str:
        return f"http://{self.host}/computeMetadata/v1/instance/service-accounts/default/{what}"
