"""Pub/Sub, by its REST interface: its own client costs half a second at cold start, for one POST.

Source: https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics/publish
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import httpx2

from ion_mentoring.errors import IdentityUnavailable, PublishingUnavailable

SERVICE: Final = "https://pubsub.googleapis.com"
TIMEOUT_S: Final = 0.3  # of a request that somebody waits for


@dataclass(frozen=True, slots=True)
class PubSubPublisher:
    """Publishes to topics of a project; an emulator at `url` takes messages without a `token`."""

    client: httpx2.AsyncClient
    project: str
    token: Callable[[], Awaitable[str]] | None
    url: str = SERVICE
    timeout_s: float = TIMEOUT_S

    async def publish(self, topic: str, data: bytes, attributes: Mapping[str, str]) -> None:
        """Returns once the message is taken; PublishingUnavailable if it may not have been."""
        message = {"data": base64.b64encode(data).decode(), "attributes": dict(attributes)}
        where = f"{self.url}/v1/projects/{self.project}/topics/{topic}:publish"
        try:
            async with asyncio.timeout(self.timeout_s):
                headers = {"authorization": f"Bearer {await self.token()}"} if self.token else {}
                response = await self.client.post(where, json={"messages": [message]}, headers=headers)
        except (httpx2.HTTPError, httpx2.InvalidURL, IdentityUnavailable, TimeoutError) as error:
            raise PublishingUnavailable(f"{topic}: {type(error).__name__}") from error
        if response.status_code != httpx2.codes.OK:
            raise PublishingUnavailable(f"{topic}: {response.status_code}")
