"""The endpoints of v2 for consent: what each of them does."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Final

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.owners import Named, owners
from ion_mentoring.handlers.contract.consents import consent_view, said
from ion_mentoring.handlers.contract.receipts import Receipts
from ion_mentoring.handlers.contract.requests import ConsentRequest
from ion_mentoring.handlers.web.call import Call
from ion_mentoring.handlers.web.responses import json_response
from ion_mentoring.mentoring.privacy.consenting import ChangeConsent, Said
from ion_mentoring.records.audit.event import Kind
from ion_mentoring.records.profiles.consent import PURPOSES, Consent, Giver
from ion_mentoring.settings.terms import Terms

ME: Final = "me"


class ConsentCalls(Struct, frozen=True):
    """The collaborators of the endpoints. `relearn` reads what was learnt of a person anew, by their mark."""

    consent: ChangeConsent
    receipts: Receipts
    relearn: Callable[[str], None]

    async def read(self, call: Call) -> Response:
        """Gives a person's consent."""
        async with _audited(call, "profile_read"):
            return self._shown(call, await self.consent.read(_owners(call)[-1]))

    async def change(self, call: Call) -> Response:
        """Keeps a change; what was kept for what is withdrawn is erased."""
        sent: ConsentRequest = call.body
        return await self._changed(call, said(sent, _giver(call)))

    async def withdraw(self, call: Call) -> Response:
        """Withdraws everything; who is a child, and whose guardian, is no consent and stays."""
        return await self._changed(call, Said(_giver(call), purposes=dict.fromkeys(PURPOSES, False)))

    async def _changed(self, call: Call, change: Said) -> Response:
        meant = _owners(call)
        async with _audited(call, "consent_changed"):
            consent = await self.consent.change(meant, change, self._terms(call))
        if learner := self.receipts.learner(call.caller, call.caller.user(_user(call), "id")):
            self.relearn(learner.mark)
        return self._shown(call, consent)

    def _terms(self, call: Call) -> Terms | None:
        return self.consent.terms(call.request.query("tenant") or call.caller.tenant)

    def _shown(self, call: Call, consent: Consent) -> Response:
        return json_response(consent_view(consent, self._terms(call), call.request_id))


def _giver(call: Call) -> Giver:
    """The person where it is their own token; a service or an admin tells what the tenant knows."""
    return "person" if call.caller.person is not None else "tenant"


def _user(call: Call) -> str | None:
    return None if call.path["id"] == ME else call.path["id"]


def _owners(call: Call) -> tuple[str, ...]:
    """The owners, the last of whom the consent is kept of."""
    caller, tenant = (call.request.query(name) or None for name in ("caller", "tenant"))
    return owners(call.caller, Named(_user(call), caller, tenant))


def _audited(call: Call, kind: Kind) -> AbstractAsyncContextManager[object]:
    """The audit of what an admin does to another one's consent."""
    caller, tenant = (call.request.query(name) or None for name in ("caller", "tenant"))
    if caller is None and tenant is None:
        return nullcontext()
    return call.audited(kind, _owners(call)[-1], tenant or call.caller.tenant)
