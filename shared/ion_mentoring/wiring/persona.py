"""A persona function: one card, a model, nothing of the other personas."""

from functools import cached_property

from ion_mentoring.handlers.call import Endpoints
from ion_mentoring.handlers.http import HttpFunction
from ion_mentoring.handlers.persona import PersonaEndpoints
from ion_mentoring.personas.card import load_card
from ion_mentoring.settings import PersonaSettings
from ion_mentoring.wiring import basics
from ion_mentoring.wiring.local_mentor import local_mentor


class PersonaFunction:
    """The function of the persona whose card stands at a literal path. A wrong card or setting fails here, at load."""

    def __init__(self, card: str) -> None:
        self._card = load_card(card)
        self._settings = basics.settings(PersonaSettings)

    @cached_property
    def http(self) -> HttpFunction:
        """The function, built at its first request as the environment says."""
        settings = self._settings
        name = self._card.id
        log = basics.log(name, settings.deployment)
        mentor = local_mentor(self._card, settings.models, log)
        return HttpFunction(
            endpoints=Endpoints(*PersonaEndpoints(name, mentor, log).endpoints()),
            log=log,
            reports=basics.reports(name, settings.deployment),
            new_id=basics.new_id,
            timeout_s=settings.deployment.request_timeout_s,
        )
