"""The bus over HTTP, in the words of Pub/Sub's own REST interface, so that a publisher need not know which of them it has.

Source: https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics/publish
"""

import base64
import re
from typing import Annotated, Final

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from starlette.responses import Response

from ion_mentoring.errors import InvalidInput, NotFound
from ion_mentoring.handlers.web.call import Call, Endpoint
from ion_mentoring.handlers.web.responses import json_response
from ion_mentoring.local.bus import Bus

_BASE64: Final = re.compile(r"[A-Za-z0-9+/]*=*|[A-Za-z0-9_-]*=*")  # Pub/Sub takes no mixture of the two alphabets
_FROM_URL_SAFE: Final = str.maketrans("-_", "+/")


class Published(BaseModel):
    """One message to publish, with `data`, attributes or both; what Pub/Sub itself gives a message is not looked at."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True, coerce_numbers_to_str=True
    )

    data: str | None = None
    attributes: dict[str, str] | None = None
    ordering_key: str | None = None
    message_id: str | None = None
    publish_time: str | None = None

    @property
    def decoded(self) -> bytes:
        """The data; InvalidInput where it is no base64, in either alphabet, with its padding or without (RFC 4648, 3.2, 5)."""
        data = self.data or ""
        if not _BASE64.fullmatch(data):
            raise InvalidInput("data is not base64", field="messages")
        letters = data.rstrip("=").translate(_FROM_URL_SAFE)
        try:
            return base64.b64decode(letters + "=" * (-len(letters) % 4))
        except ValueError as error:  # one letter too many or too few
            raise InvalidInput("data is not base64", field="messages") from error


class PublishRequest(BaseModel):
    """Up to 1,000 messages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    messages: Annotated[list[Published], Field(min_length=1, max_length=1_000)]


class Topics(Struct, frozen=True):
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
        sent = [(message.decoded, message) for message in call.body.messages]
        if not all(data or message.attributes for data, message in sent):
            raise InvalidInput("a message without data and attributes", field="messages")
        ids = [self.bus.publish(topic, data, message.attributes or {}, message.ordering_key or "") for data, message in sent]
        return json_response({"messageIds": ids})

    async def _state(self, _call: Call) -> Response:
        return json_response(self.bus.state())
