"""The event bus of the local set: at-least-once delivery by push, with retries and dead letters as Pub/Sub has them."""

import asyncio
import base64
import itertools
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from ion_mentoring.telemetry.product import DeadLetterEvent

MAX_ATTEMPTS: Final = 5  # as our subscriptions in the cloud have it
FIRST_BACKOFF_S: Final = 0.2
LONGEST_BACKOFF_S: Final = 10.0

Push = Callable[[str, Mapping[str, Any]], Awaitable[int]]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class Bus:
    """Delivers messages of the topics in `routes` (topic to function, None where nobody subscribes); `push` gives the HTTP
    status of one attempt. `tell` is told of what no attempt could deliver, and `bury` is `push` for that.

    Messages are numbered from `first_id` on: what lasts longer than this process must not know their ids already.
    """

    routes: Mapping[str, str | None]
    push: Push
    sleep: Sleep = asyncio.sleep
    tell: Callable[[DeadLetterEvent], object] = lambda _dead: None
    first_id: int = 1
    bury: Push | None = None
    delivered: int = 0
    dead: list[DeadLetterEvent] = field(default_factory=list)
    _numbers: Iterator[int] = field(init=False)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(self.first_id)

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str], ordering_key: str = "") -> str:
        """Takes a message and returns its id at once; delivery goes on by itself. KeyError for an unknown topic."""
        function = self.routes[topic]
        message_id = str(next(self._numbers))
        message: dict[str, Any] = {
            "data": base64.b64encode(data).decode(),
            "attributes": dict(attributes),
            "messageId": message_id,
            "publishTime": datetime.now(UTC).isoformat(),
        }
        if ordering_key:
            message["orderingKey"] = ordering_key
        if function is None:
            return message_id
        task = asyncio.get_running_loop().create_task(self._deliver(topic, function, message))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return message_id

    async def idle(self) -> None:
        """Returns once every message published so far is delivered or dead."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    def state(self) -> dict[str, Any]:
        """The state of the bus."""
        dead = [{"topic": one.topic, "message_id": one.message_id, "last_status": one.status} for one in self.dead]
        return {"topics": list(self.routes), "delivered": self.delivered, "under_way": len(self._under_way), "dead": dead}

    async def _deliver(self, topic: str, function: str, message: Mapping[str, Any]) -> None:
        status = 0
        for attempt in range(1, MAX_ATTEMPTS + 1):
            body = {
                "message": message,
                "subscription": f"projects/local/subscriptions/{topic}-push",
                "deliveryAttempt": attempt,
            }
            status = await self.push(function, body)
            if 200 <= status < 300:
                self.delivered += 1
                return
            if attempt < MAX_ATTEMPTS:
                await self.sleep(min(FIRST_BACKOFF_S * 2 ** (attempt - 1), LONGEST_BACKOFF_S))
        dead = DeadLetterEvent(topic, str(message["messageId"]), status)
        self.dead.append(dead)
        self.tell(dead)
        if self.bury is not None:
            await self.bury(function, {"message": message, "subscription": f"projects/local/subscriptions/{topic}-dead-push"})
