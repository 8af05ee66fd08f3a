"""One call of an endpoint: who calls, with what; and the endpoint itself, as the table of a function lists it."""

import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Any

from msgspec import Struct, field
from pydantic import BaseModel
from starlette.responses import Response

from ion_mentoring.access.caller import Caller
from ion_mentoring.access.permissions import NOBODY, Permission
from ion_mentoring.errors import MentoringError
from ion_mentoring.handlers.web.audited import Actor, Audited, Trail
from ion_mentoring.handlers.web.country import country_of
from ion_mentoring.handlers.web.http_request import HttpRequest
from ion_mentoring.records.audit.event import Kind

Bound = Callable[[Coroutine[Any, Any, None]], Coroutine[Any, Any, None]]


async def _unbound(work: Coroutine[Any, Any, None]) -> None:
    await work


class Call(Struct, frozen=True):
    """A request after the checks that all share: the bytes of its body, and what they are as a model once that is checked.

    `entry` names what it leaves in a session, where it may come twice. `bound` gives work that goes on behind the response
    the time that is left of the request. `route` is the endpoint's path, `trail` the way into the audit log.
    """

    request: HttpRequest
    request_id: str
    caller: Caller
    sent: bytes
    path: Mapping[str, str]
    started: float
    body: Any = None
    entry: str | None = None
    bound: Bound = _unbound
    route: str = ""
    trail: Trail | None = None

    @property
    def country(self) -> str | None:
        """The person's country, as the caller's headers say."""
        return country_of(self.request.header(b"accept-language") or "")

    def audited(self, kind: Kind, target: str | None = None, tenant: str | None = None) -> Audited:
        """A block that does something to `target` of `tenant`, which the audit log is told when it is over."""
        return Audited(Actor(self.trail, self.caller, self.request, self.route), kind, target, tenant)


Run = Callable[[Call], Awaitable[Response]]
Shortcut = Callable[[Call], Awaitable[Response | None]]
ErrorForm = Callable[[MentoringError, str, str], dict[str, Any]]


class Deferred(Struct, frozen=True):
    """A model that only the contract needs, and that is imported when that is made."""

    get: Callable[[], Any]


class Endpoint(Struct, frozen=True):
    """A method and path (`/personas/{name}`), what it takes, who may call it, and what it does.

    `cost` says of a checked body how many requests of the caller's rate it is, where that is not one.
    `query` has the JSON schemas of what its query string may say, by name; what has a default may be left out.
    `bodies` are the media types of what it reads by itself, with their models where they have one; `also_gives` are those that
    it answers in beside JSON, and `status` is that of its success.
    `shortcut` may answer before the body is checked, where it is known that it is good; None where it does not know.
    `allows` is checked wherever callers are told apart; `limited` counts the call against the caller's rate.
    `error_form` writes an error as (error, language, request_id) -> JSON object, None for the usual form.
    `streams` says that it can answer in events.
    `stores` says that it keeps something, and so takes an Idempotency-Key.
    """

    method: str
    path: str
    run: Run
    summary: str
    takes: type[BaseModel] | None = None
    gives: Any = None
    allows: Permission = NOBODY
    limited: bool = True
    error_form: ErrorForm | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    documented: bool = True
    streams: bool = False
    stores: bool = False
    shortcut: Shortcut | None = None
    query: Mapping[str, Any] = field(default_factory=dict)
    cost: Callable[[Any], int] | None = None
    bodies: Mapping[str, Any] = field(default_factory=dict)
    also_gives: tuple[str, ...] = ()
    status: int = 200


class Family(Struct, frozen=True):
    """Endpoints below some paths, made at the first request for one of these: a start does not import what they take and give.

    ValueError where one of them is found elsewhere.
    """

    roots: tuple[str, ...]
    make: Callable[[], tuple[Endpoint, ...]]

    def has(self, path: str) -> bool:
        """True for a path that may be one of its own."""
        return any(path == root or path.startswith(f"{root}/") for root in self.roots)

    def made(self) -> tuple[Endpoint, ...]:
        """The endpoints."""
        endpoints = self.make()
        for endpoint in endpoints:
            if not self.has(endpoint.path):
                raise ValueError(f"{endpoint.path} is not below {', '.join(self.roots)}")
        return endpoints


class Endpoints:
    """The table of a function's endpoints."""

    def __init__(self, *parts: Endpoint | Family) -> None:
        self._parts = parts
        self._made: dict[Family, tuple[Endpoint, ...]] = {}
        self._waiting = [part for part in parts if isinstance(part, Family)]
        self._fixed: dict[str, dict[str, Endpoint]] = {}
        self._patterns: dict[str, tuple[re.Pattern[str], dict[str, Endpoint]]] = {}
        self._list(part for part in parts if isinstance(part, Endpoint))

    @property
    def all(self) -> tuple[Endpoint, ...]:
        """All of them, in their order."""
        while self._waiting:
            self._make(self._waiting[0])
        nested = (self._made[part] if isinstance(part, Family) else (part,) for part in self._parts)
        return tuple(endpoint for endpoints in nested for endpoint in endpoints)

    def at(self, path: str) -> tuple[Mapping[str, Endpoint], Mapping[str, str]]:
        """The endpoints at a path by method, and the values in the path; nothing where the path is unknown."""
        methods = self._fixed.get(path)
        if methods is not None:
            return methods, {}
        self._make_those_of(path)
        return (self._fixed[path], {}) if path in self._fixed else self._matching(path)

    def _matching(self, path: str) -> tuple[Mapping[str, Endpoint], Mapping[str, str]]:
        for pattern, found in self._patterns.values():
            if match := pattern.fullmatch(path):
                return found, match.groupdict()
        return {}, {}

    def _make(self, family: Family) -> None:
        self._waiting.remove(family)
        self._made[family] = family.made()
        self._list(self._made[family])

    def _list(self, endpoints: Iterable[Endpoint]) -> None:
        """Lists endpoints, and those of all families that may have another method of their paths."""
        for endpoint in endpoints:
            self._methods(endpoint.path)[endpoint.method] = endpoint
            self._make_those_of(endpoint.path)

    def _make_those_of(self, path: str) -> None:
        for family in [waiting for waiting in self._waiting if waiting.has(path)]:
            if family in self._waiting:  # one may bring another one along
                self._make(family)

    def _methods(self, path: str) -> dict[str, Endpoint]:
        """The endpoints of a path by method, to be added to."""
        if "{" not in path:
            return self._fixed.setdefault(path, {})
        if path not in self._patterns:
            self._patterns[path] = (re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path)), {})
        return self._patterns[path][1]


def elapsed_ms(call: Call) -> float:
    """Milliseconds since the request came in."""
    return round((time.perf_counter() - call.started) * 1000, 3)
