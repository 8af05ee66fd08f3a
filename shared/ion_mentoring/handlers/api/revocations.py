"""The endpoint of v2 that revokes tokens."""

from typing import Final

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.permissions import REVOKES
from ion_mentoring.handlers.contract.revocation_requests import RevokedTokensView, RevokeTokensRequest
from ion_mentoring.handlers.web.call import Call, Endpoint
from ion_mentoring.handlers.web.responses import json_response, timestamp
from ion_mentoring.mentoring.revoking.revoke_tokens import RevokeTokens

PATH: Final = "/api/v2/token-revocations"
SUMMARY: Final = "Revoke a token, or all that a subject was given up to now"


class Revocations(Struct, frozen=True):
    """`unverified_s` is the time after which a revocation is known in all instances."""

    revoke: RevokeTokens
    unverified_s: float

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table of revocations."""
        return (Endpoint("POST", PATH, self._revoke, SUMMARY, RevokeTokensRequest, RevokedTokensView, REVOKES),)

    async def _revoke(self, call: Call) -> Response:
        asked: RevokeTokensRequest = call.body
        async with call.audited("token_revoked", asked.value, asked.tenant or call.caller.tenant) as act:
            act.facts = {"by": asked.by}
            made = await self.revoke(call.caller, "jti" if asked.by == "jti" else "sub", asked.value, asked.tenant)
        view: RevokedTokensView = {
            "success": True,
            "tenant": made.tenant,
            "by": asked.by,
            "value": asked.value,
            "revoked_at": timestamp(made.made_at),
            "everywhere_within_s": self.unverified_s,
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view)
