"""A persona behind its own function: the contract over HTTPS, with this function's identity in the cloud."""

from collections.abc import Awaitable, Callable

import httpx2
from pydantic import ValidationError

from ion_mentoring.errors import PersonaUnavailable
from ion_mentoring.personas.contract import PATH, Question, Reply
from ion_mentoring.telemetry.events import REQUEST_ID
from ion_mentoring.telemetry.trace import CURRENT

Identity = Callable[[str], Awaitable[str]]


class RemoteMentor:
    """Asks the persona function at `url`; `identity` gives the bearer token for it, None where none is checked."""

    def __init__(self, url: str, client: httpx2.AsyncClient, *, identity: Identity | None, timeout_s: float) -> None:
        self._url = url
        self._client = client
        self._identity = identity
        self._timeout_s = timeout_s

    async def answer(self, question: Question) -> Reply:
        """The function's reply; PersonaUnavailable for whatever else it does, with its Retry-After if it sent one."""
        try:
            response = await self._asked(question.model_dump_json(), await self._headers())
        except httpx2.HTTPError as error:
            raise PersonaUnavailable(f"persona function: {type(error).__name__}", retry_after_s=1) from error
        if response.status_code != 200:
            raise PersonaUnavailable(f"persona function: {response.status_code}", retry_after_s=_retry_after(response))
        try:
            return Reply.model_validate_json(response.content)
        except ValidationError as error:
            raise PersonaUnavailable("persona function: not a reply", retry_after_s=1) from error

    async def _asked(self, body: str, headers: dict[str, str]) -> httpx2.Response:
        """One request; once more where the server closed a kept connection just as it was used again."""
        try:
            return await self._client.post(self._url + PATH, content=body, headers=headers, timeout=self._timeout_s)
        except (httpx2.ReadError, httpx2.WriteError, httpx2.RemoteProtocolError):
            return await self._client.post(self._url + PATH, content=body, headers=headers, timeout=self._timeout_s)

    async def _headers(self) -> dict[str, str]:
        headers = {"content-type": "application/json", "x-request-id": REQUEST_ID.get()}
        if trace := CURRENT.get():
            headers["traceparent"] = trace.traceparent
        if self._identity:
            headers["authorization"] = f"Bearer {await self._identity(self._url)}"
        return headers


def _retry_after(response: httpx2.Response) -> float:
    sent = response.headers.get("retry-after", "")
    return float(sent) if sent.isdigit() else 1.0
