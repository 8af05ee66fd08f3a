"""Publishing: a message handed to a topic is delivered at least once, later, to whoever works on it."""

from collections.abc import Mapping
from typing import Protocol


class Publisher(Protocol):
    """Takes messages."""

    async def publish(self, topic: str, data: bytes, attributes: Mapping[str, str]) -> None:
        """Returns once the message is taken; PublishingUnavailable, in bounded time, if it may not have been."""
