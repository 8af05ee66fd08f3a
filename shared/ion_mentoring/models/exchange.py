"""One request under a vendor's own client, whose HTTP client we give it: what was sent, what came back, and its end."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Final, Self, TypeVar, cast

import httpx2
from msgspec import Struct, field

from ion_mentoring.errors import ModelUnavailable
from ion_mentoring.models.event_lines import EventLines
from ion_mentoring.models.vendor_errors import broken
from ion_mentoring.models.vendor_http import WAITS
from ion_mentoring.usage.meter import VendorCall

MOST_BODY_BYTES: Final = 8 * 1024 * 1024  # of one response: its text in the smallest pieces, each in half a kilobyte of form

Result = TypeVar("Result")


class Exchange(Struct):
    """A request of the model `name` and its response, which end with the context; `status` is None until there is one.

    The call may be billed as soon as a byte has been sent, and is not if the response is an error.
    """

    name: str
    call: VendorCall
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    response: httpx2.Response | None = None

    async def __aenter__(self) -> Self:
        self.call.billed = False
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Closes the response wherever it is: a vendor's client may leave that to the garbage collector."""
        if self.response is not None:
            await self.response.aclose()

    @property
    def refused(self) -> bool:
        """True if the response is an error."""
        return self.status is not None and self.status != httpx2.codes.OK

    async def during(self, work: Awaitable[Result]) -> Result:
        """Does some of the vendor's client's work, in which a request that it sends is this one."""
        token = _CURRENT.set(self)
        try:
            return await work
        finally:
            _CURRENT.reset(token)

    async def sending(self, request: httpx2.Request) -> None:
        """Has the transport tell when it begins to send, and wait as we want; the vendor's client says `no limit at all`."""

        async def trace(event: str, info: Mapping[str, Any]) -> None:
            if event.endswith("send_request_headers.started"):
                self.call.billed = True

        request.headers["accept-encoding"] = "identity"  # what unfolds cannot be bounded where it is read
        request.extensions = {**request.extensions, "timeout": WAITS.as_dict(), "trace": trace}

    async def answering(self, response: httpx2.Response) -> None:
        """Notes a response and bounds its body: an error's ends there, any other's fails."""
        self.response, self.status, self.headers = response, response.status_code, response.headers
        self.call.billed = not self.refused
        encoding = response.headers.pop("content-encoding", "identity")
        if encoding != "identity" and not self.refused:
            raise broken(self.name, "encoded")
        response.stream = EventLines(_Bounded(cast(httpx2.AsyncByteStream, response.stream), self))


_CURRENT: Final[ContextVar[Exchange]] = ContextVar("exchange")


async def _sending(request: httpx2.Request) -> None:
    await _CURRENT.get().sending(request)


async def _answering(response: httpx2.Response) -> None:
    await _CURRENT.get().answering(response)


HOOKS: Final[dict[str, list[Callable[..., Any]]]] = {"request": [_sending], "response": [_answering]}
"""For an HTTP client that carries exchanges, and nothing else."""


class _Bounded(httpx2.AsyncByteStream):
    """A body of bounded length."""

    def __init__(self, body: httpx2.AsyncByteStream, exchange: Exchange) -> None:
        self._body, self._exchange = body, exchange

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        try:
            async for part in self._body:
                size += len(part)
                if size > MOST_BODY_BYTES:
                    raise broken(self._exchange.name, "more than an answer may have")
                yield part
        except (httpx2.TransportError, ModelUnavailable):
            if not self._exchange.refused:  # an error has its status, whatever becomes of its body
                raise

    async def aclose(self) -> None:
        await self._body.aclose()
