"""Models behind an OpenAI-compatible server: OpenAI itself, vLLM, llama.cpp, Ollama, and most gateways."""

import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager
from typing import Any, Final

import httpx2

from ion_mentoring.errors import ModelMisused, ModelUnavailable
from ion_mentoring.models import openai_form as form
from ion_mentoring.models.event_data import DONE, chunks
from ion_mentoring.models.protocol import Completion, Prompt, Say
from ion_mentoring.models.response_buffer import ResponseBuffer
from ion_mentoring.models.vendor_errors import (
    FILTERED,
    MALFORMED,
    TOO_LONG,
    broken,
    failed,
    refused,
    retry_after_s,
    status_error,
    unreadable,
)
from ion_mentoring.models.vendor_http import WAITS, checked_key, checked_url
from ion_mentoring.usage.meter import UsageMeter, VendorCall

PATH: Final = "/chat/completions"
MOST_BODY_BYTES: Final = 1024 * 1024  # of a whole answer: its text escaped, and thoughts that some servers send along
UNTAKEN: Final = (400, 422)  # statuses of a request that has a parameter too many


class OpenAICompatible:
    """Asks at `url`, the server's base up to `/v1`, with `api_key` as a bearer token where one is needed.

    The client's own redirects and time limits are not used. Which optional parameters the server does not take is
    learned from its first refusal and kept. SettingsInvalid for a URL or a key that no request could carry.
    """

    def __init__(
        self,
        client: httpx2.AsyncClient,
        url: str,
        model: str,
        api_key: str | None,
        *,
        thinking: str | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`thinking` is a level of effort; `now` is in unix seconds, for servers that say until when they are busy."""
        self._client, self._model, self._thinking, self._now = client, model, thinking, now
        self._url = checked_url(url + PATH)
        self._headers = {"accept-encoding": "identity"} | _authorization(api_key)
        self._without: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """`openai:` and the model's name."""
        return f"openai:{self._model}"

    async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
        """The whole answer, in one body or, where somebody listens, as a stream."""
        with meter.calling(self.name, prompt.texts) as call, self._translating():
            answer = ResponseBuffer(self.name, call, say)
            async with self._asked(prompt, call, streaming=say is not None) as response:
                if say:
                    await self._follow(answer, response)
                else:
                    self._hear(answer, self._said(await _body(response)))
                    answer.ended()
            return answer.concluded(prompt.language)

    async def _follow(self, answer: ResponseBuffer, response: httpx2.Response) -> None:
        async with aclosing(chunks(response)) as told:
            async for chunk in told:
                if chunk == DONE:
                    answer.ended()
                else:
                    self._hear(answer, self._said(chunk))

    @asynccontextmanager
    async def _asked(self, prompt: Prompt, call: VendorCall, *, streaming: bool) -> AsyncGenerator[httpx2.Response]:
        """The response of a server that answers, asked once more for each parameter that it turns out not to take."""
        while True:
            asked = form.asked(self._model, prompt, thinking=self._thinking, streaming=streaming, without=self._without)
            async with self._sent(asked, call) as response:
                if response.status_code == httpx2.codes.OK:
                    call.billed = True
                    yield response
                    return
                call.billed = False
                problem = await _problem_of(response)
            unsupported = problem.unsupported & asked.keys()
            if problem.status not in UNTAKEN or not unsupported:
                raise _error(self.name, problem, retry_after_s(response.headers, self._now))
            self._without |= unsupported

    @asynccontextmanager
    async def _sent(self, asked: Mapping[str, Any], call: VendorCall) -> AsyncGenerator[httpx2.Response]:
        """One request. It may be billed as soon as a byte of it has been sent, which only the transport knows."""

        async def trace(event: str, info: Mapping[str, Any]) -> None:
            if event.endswith("send_request_headers.started"):
                call.billed = True

        call.billed = False
        request = self._client.build_request(
            "POST", self._url, json=asked, headers=self._headers, timeout=WAITS, extensions={"trace": trace}
        )
        response = await self._client.send(request, stream=True, follow_redirects=False)
        try:
            yield response
        finally:
            await response.aclose()

    def _said(self, text: str | bytes) -> form.Said:
        """The content of a body or a chunk; ModelUnavailable where it cannot be read."""
        try:
            return form.said(text)
        except ValueError as error:
            raise unreadable(self.name, text) from error

    def _hear(self, answer: ResponseBuffer, said: form.Said) -> None:
        answer.hear(said.text, said.usage, said.ending, thought=said.thought)
        if said.problem:
            raise _error(self.name, said.problem)

    @contextmanager
    def _translating(self) -> Iterator[None]:
        """Ends what the client and broken forms raise."""
        try:
            yield
        except httpx2.HTTPError as error:
            raise failed(self.name, error) from error
        except ValueError as error:
            raise broken(self.name, MALFORMED) from error


async def _body(response: httpx2.Response) -> bytes:
    """A whole body; ValueError if it is larger than any answer."""
    body = bytearray()
    async with aclosing(response.aiter_bytes()) as parts:
        async for part in parts:
            body += part
            if len(body) > MOST_BODY_BYTES:
                raise ValueError("too large")
    return bytes(body)


async def _problem_of(response: httpx2.Response) -> form.Problem:
    """The problem of a response with another status than 200, as far as it can be read."""
    try:
        body = await _body(response)
    except (httpx2.HTTPError, ValueError):
        body = b""
    return form.problem_in(body, response.status_code)


def _error(name: str, problem: form.Problem, wait_s: float | None = None) -> ModelUnavailable:
    """The error that a server's problem is to us."""
    if problem.filtered or problem.too_long:
        return refused(name, FILTERED if problem.filtered else TOO_LONG)
    if problem.kind == form.NO_QUOTA:
        return ModelMisused(f"{name}: {problem.status} {problem.kind}")
    return status_error(name, problem.status, kind=problem.kind, wait_s=wait_s)


def _authorization(api_key: str | None) -> dict[str, str]:
    return {"authorization": f"Bearer {checked_key(api_key)}"} if api_key else {}
