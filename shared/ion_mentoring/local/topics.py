"""The bus over HTTP, in the words of Pub/Sub's own REST interface, so that a publisher need not know which of them it has.

Source: https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics/publish
"""

import base64
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from ion_mentoring.errors import InvalidInput, NotFound
from ion_mentoring.handlers.call import Call, Endpoint
from ion_mentoring.handlers.responses import json_response
from ion_mentoring.local.bus import Bus


class Published(BaseModel):
    """One message to publish; `data` is base64."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    data: str = ""
    attributes: dict[str, str] = {}


class PublishRequest(BaseModel):
    """Up to 1,000 messages."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    messages: Annotated[list[Published], Field(min_length=1, max_length=1_000)]


@dataclass(frozen=True, slots=True)
class Topics:
    """The endpoints of the bus."""

    bus: Bus

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table."""
        return (
            Endpoint("POST", "/v1/projects/{project}/topics/{topic}:publish", self._publish, "Publish", PublishRequest),
            Endpoint("GET", "/local/bus", self._state, "What the bus did so far"),
        )

    async def _publish(self, call: Call) -> Response:
        topic = call.path["topic"]
        if topic not in self.bus.routes:
            raise NotFound("unknown topic", field="topic", details={"allowed": list(self.bus.routes)})
        try:
            data = [base64.b64decode(message.data, validate=True) for message in call.body.messages]
        except ValueError as error:
            raise InvalidInput("data is not base64", field="messages") from error
        sent = zip(data, call.body.messages, strict=True)
        return json_response({"messageIds": [self.bus.publish(topic, one, message.attributes) for one, message in sent]})

    async def _state(self, _call: Call) -> Response:
        return json_response(self.bus.state())
