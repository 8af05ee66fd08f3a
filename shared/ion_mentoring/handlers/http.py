"""The HTTP door of a function: a request becomes a call of one endpoint, and every error becomes a status."""

import asyncio
import re
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final, Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from ion_mentoring.access.caller import Caller
from ion_mentoring.access.gate import Credentials, Gate
from ion_mentoring.access.limits import Allowance, RateLimit
from ion_mentoring.catalogue.texts import preferred
from ion_mentoring.errors import (
    DeadlineExceeded,
    InvalidJson,
    MentoringError,
    MethodNotAllowed,
    NotFound,
    Overloaded,
    RateLimited,
    RequestTooLarge,
    UnsupportedMediaType,
)
from ion_mentoring.handlers.call import BODY_LIMIT, Call, Endpoint, Endpoints
from ion_mentoring.handlers.event_stream import Event, Events, EventStream
from ion_mentoring.handlers.responses import error_form, json_response
from ion_mentoring.handlers.validation import parse
from ion_mentoring.resilience import deadline
from ion_mentoring.telemetry import trace
from ion_mentoring.telemetry.events import REQUEST_ID, EventLog

_SANE_ID: Final = re.compile(r"^[A-Za-z0-9._:-]{1,128}$")


class Reports(Protocol):
    """Where an error that nobody foresaw is reported."""

    async def capture(self, error: Exception) -> None:
        """Sends it within a bound; never raises."""


@dataclass(frozen=True, slots=True)
class HttpFunction:
    """One function's endpoints behind the checks that all share. Without a `gate` everybody is let in by the platform, which
    lets in functions of ours alone: their deadlines hold here, too."""

    endpoints: Endpoints
    log: EventLog
    reports: Reports
    new_id: Callable[[], str]
    timeout_s: float
    gate: Gate | None = None
    limit: RateLimit | None = None
    forwarded_hops: int = 0

    async def handle(self, request: Request) -> Response:
        """The response to any request; whatever happens, it has a status, our error form and a request id."""
        started = time.perf_counter()
        sent = request.headers.get("x-request-id", "")
        request_id = sent if _SANE_ID.match(sent) else self.new_id()
        REQUEST_ID.set(request_id)
        trace.CURRENT.set(trace.continued(request.headers.get("traceparent")))
        sent_with = request.headers.get(deadline.HEADER) if self.gate is None else None
        deadline.CURRENT.set(deadline.received(sent_with, self.timeout_s))
        response = await self._answered(request, request_id, started)
        response.headers["x-request-id"] = request_id
        return response

    async def _answered(self, request: Request, request_id: str, started: float) -> Response:
        endpoint: Endpoint | None = None
        try:
            endpoint, values = self._endpoint(request)
            async with asyncio.timeout(deadline.limit_s(self.timeout_s)):
                response = await self._called(endpoint, values, request, request_id, started)
            if isinstance(response, EventStream):
                response.events = self._ended(response.events, endpoint, request, request_id)
            return response
        except ClientDisconnect:
            return Response(status_code=499)  # nobody reads it; nginx's number for a client that went away
        except TimeoutError:
            return self._refused(DeadlineExceeded("request timeout"), endpoint, request, request_id)
        except MentoringError as error:
            return self._refused(error, endpoint, request, request_id)
        except Exception as error:  # noqa: BLE001 - the one handler: nothing may reach the framework unformed
            return self._refused(await self._unforeseen(error, endpoint), endpoint, request, request_id)

    async def _ended(self, events: Events, endpoint: Endpoint, request: Request, request_id: str) -> Events:
        """The events of a stream up to its end, which is an error event where it had none of its own or ran out of time."""
        error = MentoringError("a stream without its end")
        try:
            async with aclosing(deadline.each_within(events, deadline.limit_s(self.timeout_s))) as within:
                async for event in within:
                    yield event
                    if event.ends:
                        return
        except TimeoutError:
            error = DeadlineExceeded("request timeout")
        except MentoringError as known:
            error = known
        except Exception as unforeseen:  # noqa: BLE001 - the same handler, for what happens after the response has begun
            error = await self._unforeseen(unforeseen, endpoint)
        if error.retry_after_s is not None:
            error.details["retry_after_s"] = error.retry_after_s
        yield Event("error", self._form(error, endpoint, request, request_id))

    async def _unforeseen(self, error: Exception, endpoint: Endpoint | None) -> MentoringError:
        self.log.error("unforeseen", error=type(error).__name__, path=endpoint.path if endpoint else "")
        await self.reports.capture(error)
        return MentoringError()

    def _endpoint(self, request: Request) -> tuple[Endpoint, dict[str, str]]:
        methods, values = self.endpoints.at(_own_path(request))
        if not methods:
            raise NotFound("unknown path")
        endpoint = methods.get("GET" if request.method == "HEAD" else request.method)
        if endpoint is None:
            raise MethodNotAllowed("unknown method", details={"allowed": sorted(methods)})
        return endpoint, dict(values)

    async def _called(
        self, endpoint: Endpoint, values: dict[str, str], request: Request, request_id: str, started: float
    ) -> Response:
        caller = self._caller(request)
        if endpoint.roles is not None:
            caller.must_be(endpoint.roles)
        allowance = await self._allowance(endpoint, caller)
        body = parse(endpoint.takes, await _json_body(request)) if endpoint.takes else None
        response = await endpoint.run(Call(request, request_id, caller, body, values, started))
        for name, value in (*endpoint.headers.items(), *_rate_headers(allowance)):
            response.headers[name] = value
        return response

    def _caller(self, request: Request) -> Caller:
        if self.gate is None:
            return Caller("platform")
        headers = request.headers
        return self.gate.caller(Credentials(headers.get("authorization"), headers.get("x-api-key"), self._address(request)))

    def _address(self, request: Request) -> str:
        """The client's address: the one that the outermost trusted proxy saw, since those further left can be made up."""
        if self.forwarded_hops:
            hops = request.headers.get("x-forwarded-for", "").split(",")
            if len(hops) >= self.forwarded_hops:
                return hops[-self.forwarded_hops].strip()
        return request.client.host if request.client else "unknown"

    async def _allowance(self, endpoint: Endpoint, caller: Caller) -> Allowance | None:
        if self.limit is None or not endpoint.limited:
            return None
        allowance = await self.limit.take(caller.id)
        if not allowance.allowed:
            raise RateLimited("over the limit", details={"limit": allowance.limit}, retry_after_s=allowance.reset_s)
        return allowance

    def _refused(self, error: MentoringError, endpoint: Endpoint | None, request: Request, request_id: str) -> Response:
        headers = dict(endpoint.headers) if endpoint else {}
        if error.retry_after_s is not None:
            headers["retry-after"] = str(max(1, round(error.retry_after_s)))
        if isinstance(error, MethodNotAllowed):
            headers["allow"] = ", ".join(error.details["allowed"])
        if error.status == 401:
            headers["www-authenticate"] = "Bearer"
        if isinstance(error, RateLimited):
            headers |= {"ratelimit-limit": str(error.details["limit"]), "ratelimit-remaining": "0"}
            headers["ratelimit-reset"] = headers["retry-after"]
        return json_response(self._form(error, endpoint, request, request_id), error.status, headers)

    def _form(self, error: MentoringError, endpoint: Endpoint | None, request: Request, request_id: str) -> dict[str, Any]:
        """What the caller is told of an error, in a language that it reads; the log is told the reason, too."""
        tell = self.log.info if error.status < 500 else self.log.warning if isinstance(error, Overloaded) else self.log.error
        tell("refused", code=error.code, status=error.status, reason=str(error), field=error.field)
        form = (endpoint and endpoint.error_form) or error_form
        return form(error, preferred(request.headers.get("accept-language", "")), request_id)


def _own_path(request: Request) -> str:
    """The path below the place where the local set mounts this function; in the cloud, all of it."""
    path: str = request.scope["path"]
    return path.removeprefix(request.scope.get("root_path", "")) or "/"


async def _json_body(request: Request) -> bytes:
    """The body of a JSON request, never more of it than the limit."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise UnsupportedMediaType("content type", details={"expected": "application/json"})
    return await limited_body(request)


async def limited_body(request: Request, limit: int = BODY_LIMIT) -> bytes:
    """The body of a request; RequestTooLarge as soon as it is known to be over `limit` bytes."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise RequestTooLarge("declared length", details={"limit_bytes": limit})
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise RequestTooLarge("length", details={"limit_bytes": limit})
        chunks.append(chunk)
    body = b"".join(chunks)
    if not body.strip():
        raise InvalidJson("no body")
    return body


def _rate_headers(allowance: Allowance | None) -> list[tuple[str, str]]:
    if allowance is None:
        return []
    return [
        ("ratelimit-limit", str(allowance.limit)),
        ("ratelimit-remaining", str(allowance.remaining)),
        ("ratelimit-reset", str(allowance.reset_s)),
    ]
