"""The endpoints of v2 about what was learnt of a person: what each of them does."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Final

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.owners import Named, owners
from ion_mentoring.catalogue.texts import preferred
from ion_mentoring.errors import ValidationFailed
from ion_mentoring.handlers.contract.advice import (
    ForgottenView,
    PopulationView,
    PreferencesView,
    advice_view,
    chosen,
)
from ion_mentoring.handlers.contract.receipts import Receipts
from ion_mentoring.handlers.web.call import Call
from ion_mentoring.handlers.web.responses import json_response, timestamp
from ion_mentoring.mentoring.answering.values import Learner
from ion_mentoring.mentoring.recommending.advice import AdvisePerson
from ion_mentoring.records.audit.event import Kind
from ion_mentoring.records.profiles.protocol import Choices, Population, Profile
from ion_mentoring.understanding.resonance.key import Tone

ME: Final = "me"


class AdviceCalls(Struct, frozen=True):
    """The collaborators of the endpoints; `counted` counts the population and keeps that."""

    advise: AdvisePerson
    receipts: Receipts
    counted: Callable[[], Awaitable[Population]]

    async def recommend(self, call: Call) -> Response:
        """Gives the recommendation for a person."""
        language = preferred(call.request.header(b"accept-language") or "")
        async with _audited(call, "profile_read"):
            tenant = call.request.query("tenant") or call.caller.tenant
            advice = await self.advise(_owner(call), _tone(call), language, tenant)
        return json_response({"success": True, **advice_view(advice), **_about(call)})

    async def forget(self, call: Call) -> Response:
        """Forgets what was concluded of a person."""
        async with _audited(call, "profile_changed"):
            await self.advise.forget(_owner(call), self._learner(call))
        view: ForgottenView = {"success": True, **_about(call)}  # type: ignore[typeddict-item]
        return json_response(view)

    async def preferences(self, call: Call) -> Response:
        """Gives the choices of a person."""
        return self._chosen(call, (await self._profile(call)).choices)

    async def prefer(self, call: Call) -> Response:
        """Keeps the choices of a person."""
        choices = chosen(call.body.personalise, call.body.experiments, (await self._profile(call)).choices)
        async with _audited(call, "profile_changed"):
            await self.advise.choose(_owner(call), self._learner(call), choices)
        return self._chosen(call, choices)

    async def count(self, call: Call) -> Response:
        """Counts the population."""
        found = await self.counted()
        self.advise.tastes.recount()
        view: PopulationView = {
            "success": True,
            "ratings": found.ratings,
            "people": found.people,
            "cells": {f"{tone}-{persona}": value for (tone, persona), value in found.cells.items()},
            "prior": found.prior,
            **_about(call),  # type: ignore[typeddict-item]
        }
        return json_response(view)

    async def _profile(self, call: Call) -> Profile:
        return await self.advise.profiles.get(_owner(call)) or Profile()

    def _learner(self, call: Call) -> Learner | None:
        return self.receipts.learner(call.caller, call.caller.user(_user(call), "id"))

    @staticmethod
    def _chosen(call: Call, choices: Choices) -> Response:
        view: PreferencesView = {
            "success": True,
            "personalise": choices.personalise,
            "experiments": choices.experiments,
            **_about(call),  # type: ignore[typeddict-item]
        }
        return json_response(view)


def _user(call: Call) -> str | None:
    return None if call.path["id"] == ME else call.path["id"]


def _owner(call: Call) -> str:
    caller, tenant = (call.request.query(name) or None for name in ("caller", "tenant"))
    return owners(call.caller, Named(_user(call), caller, tenant))[-1]


def _audited(call: Call, kind: Kind) -> AbstractAsyncContextManager[object]:
    """The audit of what an admin does to another one's profile."""
    caller, tenant = (call.request.query(name) or None for name in ("caller", "tenant"))
    if caller is None and tenant is None:
        return nullcontext()
    return call.audited(kind, _owner(call), tenant or call.caller.tenant)


def _tone(call: Call) -> Tone | None:
    sent = call.request.query("tone")
    if not sent:
        return None
    allowed = [tone.value for tone in Tone]
    if sent not in allowed:
        raise ValidationFailed("tone", field="tone", details={"allowed": allowed})
    return Tone(sent)


def _about(call: Call) -> dict[str, str]:
    return {"request_id": call.request_id, "timestamp": timestamp()}
