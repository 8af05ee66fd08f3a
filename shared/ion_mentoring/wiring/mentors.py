"""The mentors by persona: behind their functions where a URL is set, else in this process."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from ion_mentoring.mentoring.answering.mentor import LocalMentor
from ion_mentoring.mentoring.answering.variant_mentor import VariantMentor
from ion_mentoring.models.fallback import FallbackModels
from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.personas.contract import Mentor
from ion_mentoring.personas.roster import VARIANT_CARDS, Roster
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.settings.deployment import Deployment
from ion_mentoring.settings.models import ModelChoice
from ion_mentoring.settings.personas import Personas
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.clients import http_client, metadata_host
from ion_mentoring.wiring.models import breaker, models, playbook
from ion_mentoring.wiring.variants import building

if TYPE_CHECKING:
    from ion_mentoring.personas.remote.client import Identity


class Mentors(Struct, frozen=True):
    """A mentor for each persona, one that cannot be away for each, one that asks no vendor, and the breakers by what they
    guard."""

    by_persona: Mapping[str, Mentor]
    last_resort: Mapping[str, Mentor]
    own: Mapping[str, Mentor]
    persona_breakers: dict[str, Breaker] = field(default_factory=dict)
    model_breakers: dict[str, Breaker] = field(default_factory=dict)


def mentors(roster: Roster, personas: Personas, choice: ModelChoice, deployment: Deployment, log: EventLog) -> Mentors:
    """Mentors as the settings say."""
    urls = {name: url for name, url in personas.urls.items() if name in roster}
    persona_breakers = {name: breaker() for name in urls}
    model_breakers: dict[str, Breaker] = {}
    by_persona: dict[str, Mentor] = {}
    if len(urls) < len(roster):
        asked = models(choice, model_breakers, log)
        build = building(roster, VARIANT_CARDS, choice, model_breakers, log)
        here = {name: LocalMentor(card, asked) for name, card in roster.items() if name not in urls}
        by_persona |= {name: VariantMentor(mentor, build, log) for name, mentor in here.items()}
    if urls:
        by_persona |= _remote(urls, personas, persona_breakers, choice, deployment)
    resort = playbook(choice, log)
    last_resort = {name: LocalMentor(card, resort) for name, card in roster.items()}
    book = PlaybookModel()
    alone = FallbackModels(book.name, (book,), log)
    own = {name: LocalMentor(card, alone) for name, card in roster.items()}
    return Mentors(by_persona, last_resort, own, persona_breakers, model_breakers)


def _remote(
    urls: Mapping[str, str], personas: Personas, breakers: Mapping[str, Breaker], choice: ModelChoice, deployment: Deployment
) -> dict[str, Mentor]:
    from ion_mentoring.backends.identity.identity import IdentityTokens
    from ion_mentoring.personas.remote.client import PersonaClient
    from ion_mentoring.personas.remote.mentor import RemoteMentor

    client = http_client(at_once=2 * choice.answers_at_once)
    signed, own = _local_identity(personas), IdentityTokens(client, time.time, metadata_host())
    return {
        name: RemoteMentor(
            PersonaClient(url, client, signed or (own.token if url.startswith("https://") else None)),
            breakers[name],
            deployment.request_timeout_s,
            choice.model if choice.vendors else None,
            {variant: model for variant, model in choice.variants.items() if choice.variant(variant)},
        )
        for name, url in urls.items()
    }


def _local_identity(personas: Personas) -> "Identity | None":
    """What signs calls inside a local set, whose functions have no accounts."""
    if personas.inner_secret is None:
        return None
    from ion_mentoring.backends.identity.shared_secret import SecretTokens

    return SecretTokens(personas.inner_secret.get_secret_value(), time.time).token
