"""The door of a persona function as seen from outside: one exchange over HTTPS, with this function's identity in the cloud."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import httpx2
from msgspec import Struct

from ion_mentoring.access.inner import HEADER
from ion_mentoring.errors import Overloaded, PersonaBusy, PersonaUnavailable, ShuttingDown
from ion_mentoring.models.protocol import Say
from ion_mentoring.personas.contract import PATH, PersonaRequest, Reply
from ion_mentoring.personas.remote import codec
from ion_mentoring.resilience import deadline
from ion_mentoring.telemetry.events import REQUEST_ID
from ion_mentoring.telemetry.trace import CURRENT

EVENT_STREAM: Final = "text/event-stream"
DROPPED: Final = (httpx2.ReadError, httpx2.WriteError, httpx2.RemoteProtocolError)
BROKE_OFF: Final = "broke off"
BUSY: Final = (Overloaded.code, ShuttingDown.code)  # the function is well, this instance of it cannot
STALE_S: Final = 0.5  # a connection that the server had closed already fails at once; later, an answer was under way

Identity = Callable[[str], Awaitable[str]]


class PersonaClient(Struct, frozen=True):
    """Asks the persona function at `url`; `identity` gives the bearer token for it, None where none is checked."""

    url: str
    client: httpx2.AsyncClient
    identity: Identity | None = None

    async def answer(self, question: PersonaRequest, say: Say | None, limit_s: float) -> Reply:
        """The function's reply; PersonaBusy if it limits itself, PersonaUnavailable for whatever else it does.

        Such an error's details say what the function had spent, or that it was `lost` when it might have spent something.
        """
        try:
            return await self._exchange(question, say, limit_s)
        except httpx2.ConnectError as error:
            raise PersonaUnavailable("persona function: not reached", retry_after_s=1) from error
        except (httpx2.HTTPError, ValueError) as error:
            raise _lost(_reason(error)) from error

    async def _exchange(self, question: PersonaRequest, say: Say | None, limit_s: float) -> Reply:
        response = await self._sent(question, say is not None, limit_s)
        try:
            if response.status_code != 200:
                _, details = codec.error_in(await response.aread())
                raise _refusal(response.status_code, response.headers, details)
            return await _reply(response, say) if say else Reply.model_validate_json(await response.aread())
        finally:
            await response.aclose()

    async def _sent(self, question: PersonaRequest, streaming: bool, limit_s: float) -> httpx2.Response:
        """The beginning of the response; asked once more where a kept connection had been closed by the server."""
        headers = await self._headers(streaming, limit_s)
        request = self.client.build_request(
            "POST", self.url + PATH, content=question.model_dump_json(), headers=headers, timeout=limit_s
        )
        sent_at = time.monotonic()
        try:
            return await self.client.send(request, stream=True)
        except DROPPED:
            if time.monotonic() - sent_at > STALE_S:
                raise
            return await self.client.send(request, stream=True)

    async def _headers(self, streaming: bool, limit_s: float) -> dict[str, str]:
        headers = {
            "content-type": "application/json",
            "accept": EVENT_STREAM if streaming else "application/json",
            "x-request-id": REQUEST_ID.get(),
            deadline.HEADER: deadline.header_value(limit_s),
        }
        if trace := CURRENT.get():
            headers["traceparent"] = trace.traceparent
        if self.identity:
            token = await self.identity(self.url)
            headers |= {"authorization": f"Bearer {token}", HEADER: token}  # the platform takes the signature out of its own
        return headers


async def _reply(response: httpx2.Response, say: Say) -> Reply:
    """The reply at the end of a stream of events, whose pieces are said."""
    async for event in httpx2.EventSource(response):
        if event.event == codec.ERROR:
            raise _broken(*codec.error_in(event.data))
        part = codec.part_of(event.event, event.data)
        if isinstance(part, Reply):
            return part
        say(part)
    raise _lost(BROKE_OFF)


def _lost(reason: str) -> PersonaUnavailable:
    """The error of a function that may have answered and spent something, which nobody got to know."""
    return PersonaUnavailable(f"persona function: {reason}", details={"lost": True}, retry_after_s=1)


def _reason(error: Exception) -> str:
    """The reason of a reply that did not come whole, or is none."""
    kind = type(error).__name__
    if isinstance(error, DROPPED):
        return f"{BROKE_OFF}, {kind}"
    return f"malformed, {kind}" if isinstance(error, ValueError) else kind


def _refusal(status: int, headers: Mapping[str, str], details: Mapping[str, Any]) -> PersonaUnavailable:
    """The error of a response that is none; a 429, or a 503 that names a time, says that the function is well and busy."""
    sent = headers.get("retry-after", "")
    wait_s = float(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None
    kind = PersonaBusy if status == 429 or (status == 503 and wait_s is not None) else PersonaUnavailable
    return kind(f"persona function: {status}", details=details, retry_after_s=wait_s or 1)


def _broken(code: str, details: Mapping[str, Any]) -> PersonaUnavailable:
    """The error of a stream that ends with one: its cost is known, and it says so if the function could not just now."""
    sent = details.get("retry_after_s")
    wait_s = sent if isinstance(sent, int | float) else 1
    kind = PersonaBusy if code in BUSY else PersonaUnavailable
    return kind(f"persona function: {BROKE_OFF}", details=details, retry_after_s=wait_s)
