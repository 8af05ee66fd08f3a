"""The endpoints of v2 for API keys: issue, list, rotate, revoke."""

from datetime import timedelta

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.caller import SCOPES, Caller
from ion_mentoring.access.permissions import ISSUES
from ion_mentoring.errors import Forbidden
from ion_mentoring.handlers.contract.key_requests import (
    CreateKeyRequest,
    IssuedKeyView,
    KeyListView,
    KeyView,
    RevokedKeyView,
    RotateKeyRequest,
    bootstrap_view,
    key_view,
)
from ion_mentoring.handlers.web.call import Call, Endpoint
from ion_mentoring.handlers.web.idempotency import Idempotency
from ion_mentoring.handlers.web.query import optional
from ion_mentoring.handlers.web.responses import json_response, timestamp
from ion_mentoring.mentoring.issuing.issue_keys import IssuedKey, IssueKeys, KeyOrder

ROOT = "/api/v2/api-keys"


class Keys(Struct, frozen=True):
    """`bootstrap` are the callers of the setting API_KEYS; a revoked key is known to be so after `unverified_s` seconds."""

    issue: IssueKeys
    idempotency: Idempotency
    bootstrap: tuple[Caller, ...]
    unverified_s: float

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table of keys."""
        whose = {"tenant": optional("string", "For admins of the service: the tenant whose keys are meant.")}
        return (
            Endpoint(
                "POST",
                ROOT,
                self._create,
                "Issue a key, which is shown this once",
                CreateKeyRequest,
                IssuedKeyView,
                ISSUES,
                stores=True,
            ),
            Endpoint("GET", ROOT, self._list, "The keys of a tenant", gives=KeyListView, allows=ISSUES, query=whose),
            Endpoint(
                "POST",
                f"{ROOT}/{{id}}/rotate",
                self._rotate,
                "A new secret for a key, beside the one before for a while",
                RotateKeyRequest,
                IssuedKeyView,
                ISSUES,
                stores=True,
            ),
            Endpoint("DELETE", f"{ROOT}/{{id}}", self._revoke, "Revoke a key", gives=RevokedKeyView, allows=ISSUES),
        )

    async def _create(self, call: Call) -> Response:
        return await self.idempotency.once(call, self._created)

    async def _created(self, call: Call) -> Response:
        sent: CreateKeyRequest = call.body
        order = KeyOrder(
            tenant=_tenant(call.caller, sent.tenant),
            name=sent.name,
            role=sent.role,
            scopes=sent.scopes,
            ends_at=sent.expires_at,
            per_minute=sent.requests_per_minute,
            monthly_tokens=sent.monthly_tokens,
        )
        async with call.audited("key_created", tenant=order.tenant) as act:
            issued = await self.issue.create(order, call.caller)
            act.target = issued.record.id
            act.facts = {"role": issued.record.role, "scopes": " ".join(issued.record.scopes)}
        return _issued(issued, call)

    async def _list(self, call: Call) -> Response:
        tenant = _tenant(call.caller, call.request.query("tenant") or None)
        found = [key_view(record, used_at) for record, used_at in await self.issue.listed(tenant)]
        view: KeyListView = {
            "success": True,
            "keys": [*(_bootstrap(caller) for caller in self.bootstrap if caller.tenant == tenant), *found],
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view)

    async def _rotate(self, call: Call) -> Response:
        return await self.idempotency.once(call, self._rotated)

    async def _rotated(self, call: Call) -> Response:
        sent: RotateKeyRequest = call.body
        async with call.audited("key_rotated", call.path["id"]) as act:
            issued = await self.issue.rotate(call.path["id"], call.caller, timedelta(seconds=sent.overlap_s))
            act.target_tenant = issued.record.tenant
        return _issued(issued, call)

    async def _revoke(self, call: Call) -> Response:
        async with call.audited("key_revoked", call.path["id"]) as act:
            revoked = await self.issue.revoke(call.path["id"], call.caller)
            act.target_tenant = revoked.tenant
        view: RevokedKeyView = {
            "success": True,
            "key": key_view(revoked),
            "everywhere_within_s": self.unverified_s,
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view)


def _tenant(caller: Caller, named: str | None) -> str:
    """The tenant that is meant: the caller's own, unless it is of the service and says otherwise."""
    if named is None or named == caller.tenant:
        return caller.tenant
    if not caller.of_the_service:
        raise Forbidden("not this tenant", field="tenant")
    return named


def _issued(issued: IssuedKey, call: Call) -> Response:
    view: IssuedKeyView = {
        "success": True,
        "api_key": issued.secret,
        "key": key_view(issued.record),
        "request_id": call.request_id,
        "timestamp": timestamp(),
    }
    return json_response(view)


def _bootstrap(caller: Caller) -> KeyView:
    (role,) = caller.roles
    name = caller.id.rpartition("key:")[2]
    return bootstrap_view(caller.tenant, name, role.value, sorted(SCOPES[role]), caller.monthly_tokens)
