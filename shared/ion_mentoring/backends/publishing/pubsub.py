"""Pub/Sub, by its REST interface: its own client costs half a second at cold start, for one POST.

Source: https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics/publish
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import httpx2
from msgspec import Struct

from ion_mentoring.errors import IdentityUnavailable, PublishingUnavailable
from ion_mentoring.telemetry.trace import CURRENT, MESSAGE_ATTRIBUTE, span

SERVICE: Final = "https://pubsub.googleapis.com"
TIMEOUT_S: Final = 0.3  # of a request that somebody waits for


class PubSubPublisher(Struct, frozen=True):
    """Publishes to topics of a project; an emulator at `url` takes messages without a `token`."""

    client: httpx2.AsyncClient
    project: str
    token: Callable[[], Awaitable[str]] | None
    url: str = SERVICE
    timeout_s: float = TIMEOUT_S

    async def publish(self, topic: str, data: bytes, attributes: Mapping[str, str]) -> None:
        """Returns once the message is taken; PublishingUnavailable if it may not have been."""
        with span(f"publish {topic}"):
            await self._published(topic, {"data": base64.b64encode(data).decode(), "attributes": {**attributes, **_traced()}})

    async def _published(self, topic: str, message: Mapping[str, Any]) -> None:
        where = f"{self.url}/v1/projects/{self.project}/topics/{topic}:publish"
        try:
            async with asyncio.timeout(self.timeout_s):
                headers = {"authorization": f"Bearer {await self.token()}"} if self.token else {}
                response = await self.client.post(where, json={"messages": [message]}, headers=headers)
        except (httpx2.HTTPError, httpx2.InvalidURL, IdentityUnavailable, TimeoutError) as error:
            raise PublishingUnavailable(f"{topic}: {type(error).__name__}") from error
        if response.status_code != httpx2.codes.OK:
            raise PublishingUnavailable(f"{topic}: {response.status_code}")


def _traced() -> Mapping[str, str]:
    """The attribute by which whoever gets the message knows where it came from; only where traces are kept."""
    current = CURRENT.get()
    return {MESSAGE_ATTRIBUTE: current.traceparent} if current is not None and current.marks is not None else {}
