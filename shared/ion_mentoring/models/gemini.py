"""Gemini through google-genai: on Vertex AI with the function's own identity, or by an API key."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any, Final

import httpx2

from ion_mentoring.errors import ModelMisused, ModelUnavailable
from ion_mentoring.models import gemini_form as form
from ion_mentoring.models.exchange import HOOKS, Exchange
from ion_mentoring.models.protocol import Completion, Prompt, Say
from ion_mentoring.models.response_buffer import ResponseBuffer
from ion_mentoring.models.vendor_errors import (
    LONGEST_BUSY_S,
    MALFORMED,
    TOO_LONG,
    broken,
    failed,
    refused,
    retry_after_s,
    status_error,
    unreadable,
)
from ion_mentoring.models.vendor_http import checked_key, checked_url
from ion_mentoring.usage.meter import UsageMeter

if TYPE_CHECKING:
    from google.auth.credentials import Credentials
    from google.auth.exceptions import GoogleAuthError
    from google.genai.errors import APIError
    from google.genai.models import AsyncModels
    from google.genai.types import GenerateContentResponse

# What the vendor's client makes of garbage: it reads forms without looking, and takes what they are for granted.
UNREAD: Final = (ValueError, TypeError, AttributeError, LookupError, RuntimeError, httpx2.InvalidURL)


class Gemini:
    """Asks a Gemini model: the Gemini API's with an `api_key`, else Vertex AI's in `project` and `location`.

    `client` carries the requests, and no others; `url` takes the place of the vendor's base URL, `credentials` that of the
    application's default ones; `thinking` is a level or a number of tokens. The vendor's client is imported and made at the
    first call, and credentials are found and renewed, in a thread. `now` is in unix seconds. SettingsInvalid for a URL or a
    key that no request could carry.
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
        credentials: "Credentials | None" = None,
        thinking: str | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._http, self._model, self._url, self._now = client, model, url, now
        self._thinks = form.thinking(model, thinking)
        self._where: dict[str, Any] = {"enterprise": False, "api_key": api_key}
        if not api_key:
            self._where = {"enterprise": True, "project": project, "location": location, "credentials": credentials}
        self._opening: asyncio.Future[AsyncModels] | None = None
        checked_key(api_key)
        checked_url(url or "")
        client.event_hooks = HOOKS

    @property
    def name(self) -> str:
        """`gemini:` and the model's name."""
        return f"gemini:{self._model}"

    async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
        """The whole answer, in one response or, where somebody listens, as a stream."""
        with meter.calling(self.name, prompt.texts) as call:
            answer = ResponseBuffer(self.name, call, say)
            async with Exchange(self.name, call) as exchange:
                if say:
                    await self._follow(answer, prompt, exchange)
                else:
                    models = await self._models()
                    with self._translating(exchange):
                        response = await exchange.during(models.generate_content(**self._asked(prompt)))
                    _hear(answer, response)
            return answer.concluded(prompt.language)

    async def _follow(self, answer: ResponseBuffer, prompt: Prompt, exchange: Exchange) -> None:
        async with aclosing(self._chunks(prompt, exchange)) as chunks:
            async for chunk in chunks:
                _hear(answer, chunk)

    async def _chunks(self, prompt: Prompt, exchange: Exchange) -> "AsyncGenerator[GenerateContentResponse]":
        models = await self._models()
        with self._translating(exchange):
            chunks: Any = await models.generate_content_stream(**self._asked(prompt))
            async with aclosing(chunks):
                while (chunk := await exchange.during(anext(chunks, None))) is not None:
                    yield chunk

    def _asked(self, prompt: Prompt) -> dict[str, Any]:
        return {"model": self._model, "contents": form.contents(prompt), "config": form.config(prompt, self._thinks)}

    async def _models(self) -> "AsyncModels":
        """The vendor's client, made once an event loop: importing it alone takes a quarter of a second."""
        loop = asyncio.get_running_loop()
        if self._opening is None or self._opening.get_loop() is not loop:
            self._opening = loop.run_in_executor(None, self._open)
        return await asyncio.shield(self._opening)

    def _open(self) -> "AsyncModels":
        from google import genai
        from google.genai import types

        nobody = httpx2.Client(transport=httpx2.BaseTransport())  # never asked; what is not given here loads certificates
        options = types.HttpOptions(
            base_url=self._url, httpx_async_client=self._http, httpx_client=nobody, async_client_args={"ssl": True}
        )
        return genai.Client(http_options=options, **self._where).aio.models

    @contextmanager
    def _translating(self, exchange: Exchange) -> Iterator[None]:
        """Ends what the client, its credentials and broken forms raise; what quotes a body is not even kept as a cause."""
        from google.auth.exceptions import GoogleAuthError
        from google.genai.errors import APIError

        try:
            yield
        except APIError as error:
            raise self._told(error, exchange) from None
        except GoogleAuthError as error:
            raise self._unidentified(error) from error
        except httpx2.HTTPError as error:
            raise failed(self.name, error) from error
        except UNREAD as error:
            raise self._garbled(error, exchange) from None

    def _told(self, error: "APIError", exchange: Exchange) -> ModelUnavailable:
        """Our error for one of the vendor's, as a response's status or within a stream."""
        problem = form.problem(error.details)
        if problem.too_long and error.code == httpx2.codes.BAD_REQUEST:
            return refused(self.name, TOO_LONG)
        wait_s = retry_after_s(exchange.headers, self._now) or problem.wait_s
        wait_s = wait_s and min(wait_s, LONGEST_BUSY_S)
        return status_error(self.name, error.code, kind=problem.kind, wait_s=wait_s)

    def _unidentified(self, error: "GoogleAuthError") -> ModelUnavailable:
        """Without credentials nothing helps; where their server is not reached, another try may."""
        from google.auth.exceptions import TransportError

        transient = error.retryable or isinstance(error, TransportError) or isinstance(error.__cause__, TransportError)
        kind = type(error).__name__
        return broken(self.name, kind) if transient else ModelMisused(f"{self.name}: {kind}")

    def _garbled(self, error: Exception, exchange: Exchange) -> ModelUnavailable:
        """A form that the vendor's client cannot read, or ours that it does not take."""
        kind = type(error).__name__
        if exchange.status is None and not exchange.call.billed:
            return ModelMisused(f"{self.name}: cannot be asked, {kind}")
        if exchange.status is not None and exchange.refused:
            return status_error(self.name, exchange.status, wait_s=retry_after_s(exchange.headers, self._now))
        unread = error if isinstance(error, JSONDecodeError) else error.__cause__
        if isinstance(unread, JSONDecodeError):
            return unreadable(self.name, unread.doc, kind)
        return broken(self.name, f"{MALFORMED}, {kind}")


def _hear(answer: ResponseBuffer, response: "GenerateContentResponse") -> None:
    said = form.said(response, spoken=answer.spoken)
    answer.hear(said.text, said.usage, said.ending, thought=said.thought)
