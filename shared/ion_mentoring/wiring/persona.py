"""A persona function: one card, a model, nothing of the other personas."""

from functools import cached_property

from ion_mentoring.handlers.persona import PersonaEndpoints
from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.call import Endpoints
from ion_mentoring.mentoring.answering.mentor import LocalMentor
from ion_mentoring.mentoring.answering.variant_mentor import VariantMentor
from ion_mentoring.personas.card import load_card
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.resilience.concurrency import ConcurrencyLimit
from ion_mentoring.settings.persona import PersonaSettings
from ion_mentoring.wiring import basics
from ion_mentoring.wiring.ending import shutdown
from ion_mentoring.wiring.inner import inner_door
from ion_mentoring.wiring.models import models
from ion_mentoring.wiring.variants import building


class PersonaFunction:
    """The function of the persona whose card stands at a literal path. A wrong card or setting fails here, at load.

    `variants` is the literal path of its other cards, which are read when an experiment first needs one.
    """

    def __init__(self, card: str, variants: str | None = None) -> None:
        self._card = load_card(card)
        self._variants = variants
        with basics.starting():
            self._settings = basics.settings(PersonaSettings)

    @cached_property
    def http(self) -> App:
        """The function, built at its first request as the environment says."""
        settings, choice = self._settings, self._settings.models
        name = self._card.id
        log, reports, traces = basics.told(name, settings.deployment, trusted=True)
        breakers: dict[str, Breaker] = {}
        build = building({name: self._card}, self._variants, choice, breakers, log)
        mentor = VariantMentor(LocalMentor(self._card, models(choice, breakers, log)), build, log)
        concurrency = ConcurrencyLimit(choice.answers_at_once, choice.answers_waiting)
        return App(
            endpoints=Endpoints(*PersonaEndpoints(name, mentor, log, concurrency, breakers).endpoints()),
            log=log,
            reports=reports,
            traces=traces,
            new_id=basics.new_id,
            timeout_s=settings.deployment.request_timeout_s,
            inner=inner_door(name, settings.inner, log),
            shutdown=shutdown(),
        )
