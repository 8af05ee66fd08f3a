"""Gemini through google-genai: on Vertex AI with the function's own identity, or by an API key."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import httpx2
from google import genai
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError
from google.genai import errors, types

from ion_mentoring.errors import ModelMisused, ModelUnavailable
from ion_mentoring.models import gemini_form as form
from ion_mentoring.models.hearing import Hearing
from ion_mentoring.models.protocol import Completion, Delta, Prompt
from ion_mentoring.models.spending import Tab, VendorCall
from ion_mentoring.models.vendor_errors import TOO_LONG, broken, refused, retry_after_s, status_error

Result = TypeVar("Result")
MALFORMED: Final = (ValueError, TypeError, AttributeError, LookupError, RecursionError)  # what the client makes of garbage


@dataclass(slots=True)
class Exchange:
    """One request to the vendor: the call that it is counted on, and its response, for whoever has to close it."""

    call: VendorCall
    responses: list[httpx2.Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.call.billed = False  # until a byte of it has been sent

    async def close(self) -> None:
        """Ends the response wherever it is: the vendor's client leaves that to the garbage collector."""
        for response in self.responses:
            await response.aclose()


_CURRENT: Final[ContextVar[Exchange | None]] = ContextVar("exchange", default=None)


class Gemini:
    """Asks a Gemini model: the Gemini API's with an `api_key`, else Vertex AI's in `project` and `location`.

    `client` carries the requests, and no others; `url` takes the place of the vendor's base URL, `credentials` that of the
    application's default ones, which are looked for at the first call, in a thread. `now` is in unix seconds.
    """

    def __init__(
        self,
        client: httpx2.AsyncClient,
        model: str,
        *,
        project: str | None = None,
        location: str = "global",
        api_key: str | None = None,
        url: str | None = None,
        credentials: Credentials | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._model, self._now = model, now
        client.event_hooks = {"request": [_asking], "response": [_answered]}
        options = types.HttpOptions(base_url=url, httpx_async_client=client)
        where: dict[str, Any] = {"vertexai": False, "api_key": api_key}
        if not api_key:
            where = {"vertexai": True, "project": project, "location": location, "credentials": credentials}
        self._models = genai.Client(http_options=options, **where).aio.models

    @property
    def name(self) -> str:
        """`gemini:` and the model's name."""
        return f"gemini:{self._model}"

    async def complete(self, prompt: Prompt, tab: Tab) -> Completion:
        """The whole answer."""
        with tab.calling(self.name, prompt.texts) as call, self._translating(call):
            answer, exchange = Hearing(self.name, call), Exchange(call)
            response = await _following(exchange, self._models.generate_content(**self._asked(prompt)))
            _hear(answer, response)
            return answer.completion(prompt.language)

    async def stream(self, prompt: Prompt, tab: Tab) -> AsyncGenerator[Delta | Completion]:
        """The pieces as they come, then the Completion."""
        with tab.calling(self.name, prompt.texts) as call, self._translating(call):
            answer, exchange = Hearing(self.name, call), Exchange(call)
            chunks: Any = await self._models.generate_content_stream(**self._asked(prompt))
            try:  # the request is sent with the first chunk that is asked for
                while (chunk := await _following(exchange, anext(chunks, None))) is not None:
                    said = _hear(answer, chunk)
                    if said.text:
                        yield Delta(said.text, said.usage)
            finally:
                await exchange.close()
                await chunks.aclose()
            yield answer.completion(prompt.language)

    def _asked(self, prompt: Prompt) -> Mapping[str, Any]:
        return {"model": self._model, "contents": form.contents(prompt), "config": form.config(prompt)}

    @contextmanager
    def _translating(self, call: VendorCall) -> Iterator[None]:
        """Ends what the client, its credentials and broken forms raise."""
        try:
            yield
        except errors.APIError as error:
            call.billed = bool(call.heard)  # an error instead of the end comes after what has to be paid
            raise self._error(error) from error
        except GoogleAuthError as error:
            call.billed = False
            kind = type(error).__name__
            raise (broken(self.name, kind) if error.retryable else ModelMisused(f"{self.name}: {kind}")) from error
        except httpx2.HTTPError as error:
            raise broken(self.name, type(error).__name__) from error
        except MALFORMED as error:
            raise broken(self.name, "malformed") from error

    def _error(self, error: errors.APIError) -> ModelUnavailable:
        """The error that a status is to us; its kind is one of google.rpc.Code's names."""
        if form.too_long(error):
            return refused(self.name, TOO_LONG)
        headers: Mapping[str, str] = getattr(error.response, "headers", None) or {}
        wait_s = retry_after_s(headers, self._now) or form.wait_s(error)
        return status_error(self.name, error.code, kind=form.kind(error), wait_s=wait_s)


async def _following(exchange: Exchange, step: Awaitable[Result]) -> Result:
    """What comes of a step, during which the client's hooks find the exchange that it belongs to."""
    token = _CURRENT.set(exchange)
    try:
        return await step
    finally:
        _CURRENT.reset(token)


async def _asking(request: httpx2.Request) -> None:
    """Has the transport say when it begins to send, since what was never sent is not billed."""
    exchange = _CURRENT.get()

    async def trace(event: str, info: Mapping[str, Any]) -> None:
        if exchange and event.endswith("send_request_headers.started"):
            exchange.call.billed = True

    request.extensions = {**request.extensions, "trace": trace}


async def _answered(response: httpx2.Response) -> None:
    if exchange := _CURRENT.get():
        exchange.responses.append(response)


def _hear(answer: Hearing, response: types.GenerateContentResponse) -> form.Said:
    said = form.said(response)
    answer.hear(said.text, said.usage, said.ending)
    return said
