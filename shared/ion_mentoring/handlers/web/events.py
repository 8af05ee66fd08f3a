"""The door for events: a Pub/Sub message, however it is delivered, becomes a call; its answer acknowledges or does not.

Raw push, binary and structured CloudEvents are taken. Any 2xx acknowledges; any other status brings the message back, and after
the subscription's attempts to its dead-letter topic. Source: https://cloud.google.com/pubsub/docs/push
"""

import base64
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any, Final, Protocol

from msgspec import Struct, field
from pydantic import ConfigDict, Field
from starlette.responses import Response

from ion_mentoring import __version__
from ion_mentoring.access.permissions import ANYONE
from ion_mentoring.errors import InvalidInput
from ion_mentoring.handlers.web.bodies import Body
from ion_mentoring.handlers.web.call import Call, Endpoint
from ion_mentoring.handlers.web.responses import json_response
from ion_mentoring.telemetry.trace import MESSAGE_ATTRIBUTE, link

DEAD: Final = "/dead"


class PushMessage(Body):
    """A message as Pub/Sub writes it; `data` is base64."""

    model_config = ConfigDict(strict=False, populate_by_name=True)

    data: str = ""
    attributes: Annotated[dict[str, str], Field(default_factory=dict)]
    id: Annotated[str, Field(alias="messageId")] = ""


class Push(Body):
    """The body of a push, or the `data` of its CloudEvent."""

    model_config = ConfigDict(strict=False, populate_by_name=True)

    message: PushMessage
    delivery_attempt: Annotated[int | None, Field(alias="deliveryAttempt")] = None


class Delivery(Body):
    """Either form of body: a push, or a structured CloudEvent (https://cloudevents.io) around one."""

    model_config = ConfigDict(strict=False, populate_by_name=True)

    message: PushMessage | None = None
    delivery_attempt: Annotated[int | None, Field(alias="deliveryAttempt")] = None
    data: Push | None = None


class Event(Struct, frozen=True):
    """One message: its id, its bytes, and how often it came (None where the sender does not say)."""

    id: str
    data: bytes
    attributes: Mapping[str, str] = field(default_factory=dict)
    attempt: int | None = None


Work = Callable[[Event], Awaitable[Mapping[str, Any]]]


class Jobs(Protocol):
    """A watch over jobs that run by a schedule."""

    def job(self, name: str, schedule: str) -> AbstractAsyncContextManager[None]:
        """One run of a job; `schedule` is cron's."""


class EventEndpoints(Struct, frozen=True):
    """A worker's door: `work` gives what it did as a JSON object, or raises the error that brings the message back.

    `bury` is the same for dead letters, where something is to be done about them.
    """

    work: Work
    bury: Work | None = None

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table of a worker."""
        dead = Endpoint("POST", DEAD, self._bury, "One dead letter", Delivery)
        return (
            Endpoint("POST", "/", self._deliver, "One Pub/Sub message", Delivery),
            Endpoint("GET", "/health", self._health, "Liveness", allows=ANYONE),
            *((dead,) if self.bury else ()),
        )

    async def _deliver(self, call: Call) -> Response:
        event = event_of(call.body)
        link(event.attributes.get(MESSAGE_ATTRIBUTE))
        return json_response({"success": True, **await self.work(event)})

    async def _bury(self, call: Call) -> Response:
        bury = self.bury or self.work
        return json_response({"success": True, **await bury(event_of(call.body))})

    async def _health(self, _call: Call) -> Response:
        return json_response({"status": "healthy", "version": __version__})


def event_of(delivery: Delivery) -> Event:
    """The message of a delivery; InvalidInput where there is none or its data is not base64."""
    push = delivery.data or delivery
    if push.message is None:
        raise InvalidInput("no Pub/Sub message in the body", field="message")
    try:
        data = base64.b64decode(push.message.data, validate=True)
    except ValueError as error:  # binascii.Error is one, and what is not ASCII is another
        raise InvalidInput("the message's data is not base64", field="message.data") from error
    return Event(push.message.id, data, push.message.attributes, push.delivery_attempt)
