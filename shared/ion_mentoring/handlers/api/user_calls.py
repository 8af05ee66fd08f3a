"""The endpoints of v2 for people: what each of them does."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.owners import Named, owners
from ion_mentoring.errors import NotFound, ValidationFailed
from ion_mentoring.handlers.api.user_export import UserExports
from ion_mentoring.handlers.contract.user_views import UserErasureView
from ion_mentoring.handlers.web.call import Call
from ion_mentoring.handlers.web.responses import json_response, timestamp
from ion_mentoring.mentoring.privacy.erase_user import EraseUser
from ion_mentoring.records.erasures.protocol import Erasure

ID: Final = re.compile(r"[A-Za-z0-9_.:@-]{1,128}")


class UserCalls(Struct, frozen=True):
    """The calls of the endpoints."""

    erase_user: EraseUser
    exports: UserExports

    async def export(self, call: Call) -> Response:
        """Exports everything that is kept of a user; the audit log is told before the first of it goes out."""
        meant = _owners(call)
        async with call.audited("user_exported", meant[-1], call.request.query("tenant") or call.caller.tenant):
            return await self.exports(call, meant)

    async def erase(self, call: Call) -> Response:
        """Erases a user, or goes on with it. One who never was is erased as well: nobody learns who was here."""
        meant = _owners(call)
        tenant = call.request.query("tenant") or call.caller.tenant
        async with call.audited("user_erased", meant[-1], tenant) as act:
            found = [await self.erase_user(owner) for owner in meant]
            act.facts = {"count": str(sum(sum(one.erased.values()) for one in found))}
        return json_response(_view(call, found))

    async def progress(self, call: Call) -> Response:
        """Tells how far it is."""
        found = [one for owner in _owners(call) if (one := await self.erase_user.progress(owner))]
        if not found:
            raise NotFound("no erasure")
        return json_response(_view(call, found))


def _owners(call: Call) -> tuple[str, ...]:
    """The owners of what is kept of the user of the path, who is called as requests may call one, or is the token's own."""
    user = call.path["id"]
    if user != call.caller.person and not ID.fullmatch(user):
        raise ValidationFailed("id", field="id", details={"rule": "1 to 128 of letters, digits, `_ - . : @`"})
    caller, tenant = (call.request.query(name) or None for name in ("caller", "tenant"))
    return owners(call.caller, Named(user, caller, tenant))


def _view(call: Call, found: Sequence[Erasure]) -> UserErasureView:
    erased: Counter[str] = Counter()
    for one in found:
        erased.update(one.erased)
    ends = [one.finished_at for one in found if one.finished_at]
    over = len(ends) == len(found)
    return {
        "success": True,
        "state": "done" if over else "running",
        "asked_at": timestamp(min(one.asked_at for one in found)),
        "finished_at": timestamp(max(ends)) if over else None,
        "erased": dict(erased),
        "request_id": call.request_id,
        "timestamp": timestamp(),
    }
