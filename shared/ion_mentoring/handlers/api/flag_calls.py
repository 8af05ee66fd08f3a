"""The endpoints of v2 for flags: what each of them does."""

import re
from typing import Any

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.caller import DEFAULT_TENANT, TENANT
from ion_mentoring.catalogue.texts import preferred
from ion_mentoring.errors import ValidationFailed
from ion_mentoring.flags.declared import FLAGS
from ion_mentoring.flags.flag import Flag
from ion_mentoring.handlers.contract.flag_requests import TurnFlagRequest
from ion_mentoring.handlers.contract.flags import FlagListView, FlagView, TurnedFlagView, flag_view
from ion_mentoring.handlers.web.call import Call
from ion_mentoring.handlers.web.responses import json_response, timestamp
from ion_mentoring.mentoring.flagging.turn_flags import TurnFlags


class FlagCalls(Struct, frozen=True):
    """The collaborators of the endpoints; `unverified_s` is the time after which a turn is known in all instances."""

    turn: TurnFlags
    unverified_s: float

    async def list(self, call: Call) -> Response:
        """Gives all flags."""
        tenant = _tenant(call)
        await self.turn.known.renewed()
        view: FlagListView = {
            "success": True,
            "flags": [self._view(call, flag, tenant) for flag in FLAGS.values()],
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view)

    async def set(self, call: Call) -> Response:
        """Chooses a variant."""
        sent: TurnFlagRequest = call.body
        flag = self.turn.flag(call.path["name"])
        async with call.audited("flag_turned", tenant=sent.tenant) as act:
            act.facts = {"flag": flag.name}
            await self.turn.turn(flag, sent.variant, sent.tenant)
            act.facts = {"flag": flag.name, "variant": sent.variant}
        return self._turned(call, flag, sent.tenant)

    async def reset(self, call: Call) -> Response:
        """Goes back to what holds where nobody chose."""
        flag, tenant = self.turn.flag(call.path["name"]), _tenant(call)
        async with call.audited("flag_turned", tenant=tenant) as act:
            act.facts = {"flag": flag.name, "variant": "-"}
            await self.turn.reset(flag, tenant)
        return self._turned(call, flag, tenant)

    def _turned(self, call: Call, flag: Flag[Any], tenant: str | None) -> Response:
        view: TurnedFlagView = {
            "success": True,
            "flag": self._view(call, flag, tenant),
            "everywhere_within_s": self.unverified_s,
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view)

    def _view(self, call: Call, flag: Flag[Any], tenant: str | None) -> FlagView:
        known = self.turn.known
        language = preferred(call.request.header(b"accept-language") or "")
        evaluation = known.evaluation(flag, tenant or DEFAULT_TENANT)
        return flag_view(flag, known.read or (), evaluation, language, self.turn.now().date())


def _tenant(call: Call) -> str | None:
    sent = call.request.query("tenant") or None
    if sent is not None and not re.fullmatch(TENANT, sent):
        raise ValidationFailed("tenant", field="tenant", details={"rule": TENANT})
    return sent
