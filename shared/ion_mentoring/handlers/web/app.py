"""The HTTP door of a function: a request becomes a call of one endpoint, and every error becomes a status."""

import asyncio
import re
import time
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from msgspec import Struct, field
from msgspec.structs import replace
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from ion_mentoring.access.admission import Admission, Counted
from ion_mentoring.access.authenticator import Credentials
from ion_mentoring.access.caller import Caller, Role
from ion_mentoring.access.guarded_authenticator import GuardedAuthenticator
from ion_mentoring.access.inner import HEADER, InnerAuthenticator, Presented
from ion_mentoring.access.odd_access import OddAccess
from ion_mentoring.access.origins import Origins
from ion_mentoring.catalogue.texts import preferred
from ion_mentoring.errors import (
    DeadlineExceeded,
    Forbidden,
    MentoringError,
    MethodNotAllowed,
    NotFound,
    RateLimited,
    RequestTooLarge,
    ShuttingDown,
    Unauthenticated,
)
from ion_mentoring.handlers.web.audited import Actor, Trail
from ion_mentoring.handlers.web.call import Call, Endpoint, Endpoints
from ion_mentoring.handlers.web.cors import is_preflight, must_come_from_home, preflight, readable
from ion_mentoring.handlers.web.event_stream import Event, EventStream
from ion_mentoring.handlers.web.http_request import HttpRequest
from ion_mentoring.handlers.web.oddities import administrative, odd_doors, odd_kind
from ion_mentoring.handlers.web.plain_http import must_be_private
from ion_mentoring.handlers.web.rate_headers import rate_headers, refused_headers
from ion_mentoring.handlers.web.responses import error_form, json_response, last_resort
from ion_mentoring.handlers.web.security_headers import STRICT_TRANSPORT
from ion_mentoring.handlers.web.validation import parse
from ion_mentoring.masking.mask import personal_data
from ion_mentoring.resilience import deadline
from ion_mentoring.resilience.bounded import bounded
from ion_mentoring.resilience.shutdown import Shutdown
from ion_mentoring.telemetry import trace
from ion_mentoring.telemetry.events import REQUEST_ID, EventLog
from ion_mentoring.telemetry.product import APIRequestEvent, SecurityEvent

if TYPE_CHECKING:  # who keeps no traces does not pay for importing them
    from ion_mentoring.telemetry.traces import Traces

LEFT: Final = 499  # nobody reads it; nginx's number for a client that went away
COME_BACK_S: Final = 1.0  # another instance is there, or on its way
OPERATORS: Final = frozenset((Role.OPERATOR, Role.ADMIN))  # whose flag has a trace kept
PLATFORM: Final = Caller("platform", everybody=True)

_SANE_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_DRAWN: Final = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # which nobody typed
NOTICED: Final = (Forbidden, NotFound, Unauthenticated, RateLimited)  # what may be odd access
_IDENTITY: Final = HEADER.encode()
_DEADLINE: Final = deadline.HEADER.encode()


class Reports(Protocol):
    """The place where an unexpected error is reported."""

    async def capture(self, error: Exception) -> None:
        """Sends it within a bound, now or with what is sent next; never raises."""

    def due(self) -> bool:
        """True if it is time to send what there is."""

    async def flush(self) -> None:
        """Sends it within a bound; never raises."""


class App(Struct, frozen=True):
    """One function's endpoints behind the checks that all share. Without an `authenticator` callers are functions of ours, as
    `inner` makes sure, or parts of the same process: their deadlines hold here, too."""

    endpoints: Endpoints
    log: EventLog
    reports: Reports
    new_id: Callable[[], str]
    timeout_s: float
    authenticator: GuardedAuthenticator | None = None
    inner: InnerAuthenticator | None = None
    admission: Admission | None = None
    forwarded_hops: int = 0
    origins: Origins = field(default_factory=Origins)
    traces: "Traces | None" = None
    shutdown: Shutdown = field(default_factory=Shutdown)
    trail: Trail | None = None
    odd: OddAccess | None = None

    async def handle(self, request: Request, refusal: MentoringError | None = None) -> Response:
        """The response to any request; whatever happens, it has a status, our error form and a request id.

        `refusal` is what whoever serves this function has against the request: it is the answer then.
        """
        started = time.perf_counter()
        incoming = HttpRequest(request)
        sent = incoming.header(b"x-request-id")
        request_id = sent if sent and _tellable(sent) else self.new_id()
        REQUEST_ID.set(request_id)
        try:
            begin = self.traces.begin if self.traces else trace.continued
            trace.CURRENT.set(begin(incoming.header(b"traceparent")))
            sent_with = incoming.header(_DEADLINE) if self.authenticator is None else None
            deadline.CURRENT.set(deadline.received(sent_with, self.timeout_s))
            response = await self._answered(incoming, request_id, started, refusal)
            if self.reports.due() or (self.traces and self.traces.due()):
                await self._flushed()  # processor time ends with the response
        except Exception:  # noqa: BLE001 - the same handler, for what breaks while it says what broke
            response = last_resort(request_id)
        response.raw_headers.append((b"x-request-id", request_id.encode()))
        readable(response, incoming, self.origins)
        if incoming.header(b"x-forwarded-proto") == "https":
            response.raw_headers.append(STRICT_TRANSPORT)
        return response

    async def _flushed(self) -> None:
        """Sends what there is for operators, all at once."""
        await asyncio.gather(self.reports.flush(), *((self.traces.flush(),) if self.traces else ()))

    def _traced(self, endpoint: Endpoint | None, method: str, status: int, started: float, error: str | None) -> None:
        """Ends this function's part of the trace."""
        current = trace.CURRENT.get()
        if self.traces is None or current is None or current.marks is None:
            return
        path = endpoint.path if endpoint else ""
        attributes = {"http.request.method": method, "http.route": path, "http.response.status_code": status}
        attributes["ion.request_id"] = REQUEST_ID.get()
        self.traces.finish(current, f"{method} {path}".strip(), started, attributes, error if status >= 500 else None)

    async def _answered(
        self, request: HttpRequest, request_id: str, started: float, refusal: MentoringError | None
    ) -> Response:
        endpoint: Endpoint | None = None
        try:
            if refusal:
                raise refusal
            if self.forwarded_hops:
                must_be_private(request)
            if is_preflight(request):
                return self._preflight(request)
            endpoint, values = self._endpoint(request)
            called = self._called(endpoint, values, request, request_id, started)
            response = await bounded(called, partial(deadline.limit_s, self.timeout_s), self.shutdown.timeout)
        except ClientDisconnect:
            self._left(endpoint, request, started)
            return Response(status_code=LEFT)
        except Exception as error:  # noqa: BLE001 - the one handler: nothing may reach the framework unformed
            return self._refused(await self._known(error, endpoint), endpoint, request, request_id, started)
        if isinstance(response, EventStream):
            response.last = partial(self._last, endpoint, request, request_id, started)
            response.done = partial(self._told, endpoint, request, started, response.status_code)
            response.gone = partial(self._left, endpoint, request, started)
        elif self.log.details:
            self._told(endpoint, request, started, response.status_code)
        return response

    def _told(self, endpoint: Endpoint, request: HttpRequest, started: float, status: int) -> None:
        """Tells of a request that ended without an error."""
        ms = (time.perf_counter() - started) * 1000
        self.log.tell(APIRequestEvent(request.method, endpoint.path, status, ms, True))
        if self.traces:
            self._traced(endpoint, request.method, status, started, None)

    def _left(self, endpoint: Endpoint | None, request: HttpRequest, started: float) -> None:
        """Tells of a request whose client went away."""
        ms, path = (time.perf_counter() - started) * 1000, endpoint.path if endpoint else ""
        self.log.tell(APIRequestEvent(request.method, path, LEFT, ms, False, "CLIENT_LEFT"))
        self._traced(endpoint, request.method, LEFT, started, None)

    async def _last(
        self, endpoint: Endpoint, request: HttpRequest, request_id: str, started: float, raised: Exception
    ) -> Event:
        """The error event at the end of a stream."""
        error = await self._known(raised, endpoint)
        if error.retry_after_s is not None:
            error.details["retry_after_s"] = error.retry_after_s
        return Event("error", self._form(error, endpoint, request, request_id, started))

    async def _known(self, raised: Exception, endpoint: Endpoint | None) -> MentoringError:
        """An error of ours for anything that was raised."""
        match raised:
            case MentoringError():
                return raised
            case TimeoutError():
                return self._too_late()
        return await self._unexpected(raised, endpoint)

    def _bound(self, work: Coroutine[Any, Any, None]) -> Coroutine[Any, Any, None]:
        """Work within the time that is left of the request, and of this process."""
        return bounded(work, deadline.limit_s(self.timeout_s), self.shutdown.timeout)

    def _too_late(self) -> MentoringError:
        """The error of what ran out of time: its own, or this process's."""
        if self.shutdown.over:
            return ShuttingDown("told to end", retry_after_s=COME_BACK_S)
        return DeadlineExceeded("request timeout")

    async def _unexpected(self, error: Exception, endpoint: Endpoint | None) -> MentoringError:
        self.log.error("unexpected_error", error=type(error).__name__, path=endpoint.path if endpoint else "")
        await self.reports.capture(error)
        return MentoringError()

    def _preflight(self, request: HttpRequest) -> Response:
        methods, _ = self.endpoints.at(request.path)
        if not methods:
            raise NotFound("unknown path")
        return preflight(request, methods, self.origins)

    def _endpoint(self, request: HttpRequest) -> tuple[Endpoint, Mapping[str, str]]:
        methods, values = self.endpoints.at(request.path)
        if not methods:
            raise NotFound("unknown path")
        endpoint = methods.get("GET" if request.method == "HEAD" else request.method)
        if endpoint is None:
            raise MethodNotAllowed("unknown method", details={"allowed": sorted(methods)})
        return endpoint, values

    async def _called(
        self, endpoint: Endpoint, values: Mapping[str, str], request: HttpRequest, request_id: str, started: float
    ) -> Response:
        admitted = time.perf_counter()
        caller = await self._caller(request, endpoint)
        if self.odd and self.odd.any_shut:
            self._must_be_open(endpoint, caller, request)
        try:
            return await self._run(endpoint, values, request, caller, request_id, started, admitted)
        except MentoringError as error:
            request.refused = caller.id
            if isinstance(error, NOTICED):
                await self._noticed(error, endpoint, caller, request)
            raise

    def _must_be_open(self, endpoint: Endpoint, caller: Caller, request: HttpRequest) -> None:
        """Refuses whoever was refused, or looked for what is not there, too often. Asking a mentor is never shut by this."""
        if self.odd and (doors := odd_doors(endpoint)):
            network = request.address(self.forwarded_hops)
            for kind in doors:
                self.odd.must_be_open(kind, caller, network)

    async def _noticed(self, error: MentoringError, endpoint: Endpoint, caller: Caller, request: HttpRequest) -> None:
        """Tells the audit log of refused administration, and counts what is odd."""
        if isinstance(error, Forbidden | NotFound) and administrative(error, endpoint):
            await Actor(self.trail, caller, request, endpoint.path).tell("refused", error.code)
        if self.odd and (kind := odd_kind(error, endpoint)):
            await self.odd.saw(kind, caller, request.address(self.forwarded_hops), endpoint.path)

    async def _run(
        self,
        endpoint: Endpoint,
        values: Mapping[str, str],
        request: HttpRequest,
        caller: Caller,
        request_id: str,
        started: float,
        admitted: float,
    ) -> Response:
        if self.authenticator is not None:
            must_come_from_home(request, caller, self.origins)
            self._must_be_allowed(caller, endpoint)
        counted = await self._admitted(endpoint, caller)
        if self.traces:
            trace.mark("admit", admitted)
            if caller.roles & OPERATORS:
                trace.sampled_by_operator()
        sent = await request.json() if endpoint.takes else b""
        call = Call(
            request, request_id, caller, sent, values, started, bound=self._bound, route=endpoint.path, trail=self.trail
        )
        response = await endpoint.shortcut(call) if endpoint.shortcut else None
        if response is None:
            call = replace(call, body=parse(endpoint.takes, sent)) if endpoint.takes else call
            counted = await self._admitted_for_all(endpoint, call, counted)
            response = await endpoint.run(call)
        if endpoint.headers:
            response.raw_headers.extend((name.encode(), value.encode()) for name, value in endpoint.headers.items())
        if counted:
            response.raw_headers.extend(rate_headers(counted))
        return response

    def _must_be_allowed(self, caller: Caller, endpoint: Endpoint) -> None:
        try:
            endpoint.allows.check(caller)
        except Forbidden as error:
            self.log.tell(SecurityEvent("forbidden", caller.id, endpoint.path, str(error)))
            raise

    async def _caller(self, request: HttpRequest, endpoint: Endpoint) -> Caller:
        if self.authenticator is None:
            await self._checked_inside(request, endpoint)
            return PLATFORM
        key, authorization = request.header(b"x-api-key"), request.header(b"authorization")
        return await self.authenticator.caller(
            Credentials(authorization, key, request.address(self.forwarded_hops)), endpoint.path
        )

    async def _checked_inside(self, request: HttpRequest, endpoint: Endpoint) -> None:
        """Refuses a call that is not the set's own, but for what is everybody's, such as a probe of the platform."""
        if self.inner is None or endpoint.allows.anyone:
            return
        ours, platforms, host = (request.header(name) for name in (_IDENTITY, b"authorization", b"host"))
        await self.inner.check(Presented(ours, platforms, host))

    async def _admitted(self, endpoint: Endpoint, caller: Caller) -> tuple[Counted, ...]:
        if self.admission is None or not endpoint.limited:
            return ()
        return await self.admission.admit(caller, costs=endpoint.takes is not None)

    async def _admitted_for_all(self, endpoint: Endpoint, call: Call, counted: tuple[Counted, ...]) -> tuple[Counted, ...]:
        """The counts after what a call costs beyond the one request that is counted before its body is read."""
        cost = endpoint.cost(call.body) if endpoint.cost else 1
        if self.admission is None or not counted or cost <= 1:
            return counted
        limit = min(one.status.limit for one in counted)
        if cost > limit:
            rule = "each item is a request, and these are more than a caller has in a minute"
            raise RequestTooLarge("over a whole minute's rate", details={"limit": limit, "rule": rule})
        return await self.admission.more(call.caller, cost - 1)

    def _refused(
        self, error: MentoringError, endpoint: Endpoint | None, request: HttpRequest, request_id: str, started: float
    ) -> Response:
        headers = dict(endpoint.headers) if endpoint else {}
        if error.retry_after_s is not None:
            headers["retry-after"] = str(max(1, round(error.retry_after_s)))
        if isinstance(error, MethodNotAllowed):
            headers["allow"] = ", ".join(error.details["allowed"])
        if error.status == 408:
            headers["connection"] = "close"  # the rest of the body would be read as the next request
        if error.status == 401:
            headers["www-authenticate"] = "Bearer"
        if isinstance(error, RateLimited):
            headers |= refused_headers(error, headers["retry-after"])
        return json_response(self._form(error, endpoint, request, request_id, started), error.status, headers)

    def _form(
        self, error: MentoringError, endpoint: Endpoint | None, request: HttpRequest, request_id: str, started: float
    ) -> dict[str, Any]:
        """The error form for the caller, in a language that it reads; the request's event has the reason, too."""
        ms, path = round((time.perf_counter() - started) * 1000, 3), endpoint.path if endpoint else ""
        method = request.method if endpoint else ""
        why = error.code, str(error), error.field
        self.log.tell(APIRequestEvent(method, path, error.status, ms, False, *why, request.refused))
        if self.traces:
            self._traced(endpoint, method, error.status, started, error.code)
        form = (endpoint and endpoint.error_form) or error_form
        return form(error, preferred(request.header(b"accept-language") or ""), request_id)


def _tellable(request_id: str) -> bool:
    """True for a caller's own id that logs may have: nobody's phone number or token."""
    if _DRAWN.fullmatch(request_id):
        return True
    return _SANE_ID.fullmatch(request_id) is not None and not personal_data(request_id)
