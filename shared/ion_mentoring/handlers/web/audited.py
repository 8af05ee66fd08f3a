"""Deeds of an endpoint to others' things, told to the audit log with their outcome."""

from types import TracebackType
from typing import Final, NamedTuple, Self

from ion_mentoring.access.caller import Caller
from ion_mentoring.access.network import neighbourhood
from ion_mentoring.errors import Forbidden, MentoringError, NotFound
from ion_mentoring.handlers.web.http_request import HttpRequest
from ion_mentoring.records.audit.event import Audit, AuditEvent, Fact, Kind

UNKNOWN: Final = "UNKNOWN"  # the outcome of what was cut off: it may have happened


class Trail(NamedTuple):
    """The audit log, and how many proxies of ours stand before us, behind which the caller's address stands."""

    log: Audit
    hops: int


class Actor(NamedTuple):
    """The caller of an endpoint, by its path, and from where."""

    trail: Trail | None
    caller: Caller
    request: HttpRequest
    route: str

    async def tell(
        self,
        kind: Kind,
        outcome: str,
        target: str | None = None,
        target_tenant: str | None = None,
        facts: dict[Fact, str] | None = None,
    ) -> None:
        """Tells the audit log, where there is one."""
        if self.trail is None:
            return
        caller = self.caller
        event = AuditEvent(
            kind=kind,
            who=caller.id,
            tenant=caller.tenant,
            roles=tuple(role.value for role in caller.roles),
            address=neighbourhood(self.request.address(self.trail.hops)),
            path=self.route,
            outcome=outcome,
            target=target,
            target_tenant=target_tenant,
            facts=facts or {},
        )
        await self.trail.log.tell(event)


class Audited:
    """An act, told when it is over: done, or failed with a code. A refusal is told where all refusals are."""

    def __init__(self, actor: Actor, kind: Kind, target: str | None, target_tenant: str | None) -> None:
        self._actor = actor
        self._kind = kind
        self.target = target
        self.target_tenant = target_tenant
        self.facts: dict[Fact, str] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Forbidden | NotFound):
            return
        outcome = "done" if error is None else error.code if isinstance(error, MentoringError) else UNKNOWN
        await self._actor.tell(self._kind, outcome, self.target, self.target_tenant, self.facts)
