"""The router, built at its first request, since nothing may hold a socket before the server has forked."""

import time
from datetime import UTC, datetime
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

from ion_mentoring.access.caller import DEFAULT_TENANT
from ion_mentoring.access.origins import Origins
from ion_mentoring.flags.declared import CONSOLE_WORKER
from ion_mentoring.handlers.api.answer_stream import AnswerStreams
from ion_mentoring.handlers.api.answered import Answered
from ion_mentoring.handlers.api.console import Console
from ion_mentoring.handlers.api.console_tenants import tenant_pages
from ion_mentoring.handlers.api.draws import Draws
from ion_mentoring.handlers.api.erased import ErasedOfCall
from ion_mentoring.handlers.api.guests import GuestPasses
from ion_mentoring.handlers.api.parsed_requests import ParsedRequestCache
from ion_mentoring.handlers.api.probed import Probed
from ion_mentoring.handlers.api.site import Site
from ion_mentoring.handlers.api.v1 import V1
from ion_mentoring.handlers.api.v2 import V2
from ion_mentoring.handlers.contract.receipts import Receipts
from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.audited import Trail
from ion_mentoring.handlers.web.call import Endpoints
from ion_mentoring.handlers.web.idempotency import Idempotency
from ion_mentoring.handlers.web.stream_recorder import StreamRecorder
from ion_mentoring.mentoring.operating.health import Health
from ion_mentoring.mentoring.privacy.last_erased import LastErased
from ion_mentoring.mentoring.recommending.persona import RecommendPersona
from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.settings.group import MiB
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.recent import Recent
from ion_mentoring.wiring import basics, operating
from ion_mentoring.wiring.access import checked, guarded
from ion_mentoring.wiring.answering import Answering, answering
from ion_mentoring.wiring.auditing import audit_trail
from ion_mentoring.wiring.ending import shutdown
from ion_mentoring.wiring.families import Families
from ion_mentoring.wiring.guests import guest_limits, guests
from ion_mentoring.wiring.keys import AllKeys, bootstrap_keys, known_keys, marks
from ion_mentoring.wiring.limits import admission
from ion_mentoring.wiring.odd import watch

if TYPE_CHECKING:  # who gets no idempotency keys does not pay for importing what seals answers
    from ion_mentoring.caching.envelope import Envelopes

UNDERSTOOD = 10_000
UNDERSTOOD_BYTES = 16 * MiB


class RouterFunction:
    """The router as its environment says. A wrong setting fails here, at load, before anything is served."""

    def __init__(self) -> None:
        with basics.starting():
            self._settings = basics.settings(RouterSettings)
            checked(self._settings.access, basics.log("router", self._settings.deployment))

    @cached_property
    def http(self) -> App:
        """The function, built at its first request."""
        return build(self._settings)


def build(settings: RouterSettings) -> App:
    """A router as these settings say."""
    deployment, access = settings.deployment, settings.access
    recent = Recent(time.monotonic)
    log, reports, traces = basics.told("router", deployment, recent)
    built = answering(
        deployment,
        settings.models,
        settings.personas,
        settings.cache,
        settings.store,
        log,
        someone_waits=True,
        publishing=settings.publishing,
        access=access,
        explores=True,
        consent=settings.consent,
    )
    health = operating.health(settings, built, recent)
    explanations = built.caches.explanations
    shutdown().hear(explanations.send_soon)
    shutdown().hear(built.experiments.gathered.send_soon)
    answered = Answered(log, explanations, built.answer.routing.roster)
    watched = watch(access, built.caches, log)
    probed = Probed(watched.probing, access.forwarded_hops)
    v2 = _v2(health, built, answered, probed, log)
    marked = marks(settings)
    keys = AllKeys(bootstrap_keys(access), known_keys(settings, marked, built, log))
    families = Families(settings, built, v2, keys, marked, health, log)
    console = tenant_pages(settings.console.tenants, settings.console.console_framed_by)
    passes = GuestPasses(cache(lambda: guests(settings.console, built.caches)), console)
    site = Site(lambda: _contract(endpoints))
    pages = Console(console, partial(built.flags.current, CONSOLE_WORKER, DEFAULT_TENANT))
    endpoints = Endpoints(
        *v2.endpoints(),
        *families.all(),
        *V1(built.answer, answered, open=access.v1_open).endpoints(),
        *passes.endpoints(),
        *site.endpoints(),
        *pages.endpoints(),
    )
    return App(
        endpoints=endpoints,
        log=log,
        reports=reports,
        traces=traces,
        new_id=basics.new_id,
        timeout_s=deployment.request_timeout_s,
        authenticator=guarded(settings, keys, built, log, watched.networks),
        admission=admission(access, built.caches, guest_limits(settings.console)),
        forwarded_hops=access.forwarded_hops,
        origins=Origins(access.origins),
        shutdown=shutdown(),
        trail=Trail(audit_trail(settings.audit, deployment.region, built.stores, log), access.forwarded_hops),
        odd=watched.odd,
    )


def _v2(health: Health, built: Answering, answered: Answered, probed: Probed, log: EventLog) -> V2:
    answer = built.answer
    routing = answer.routing
    asked = built.stores.profiles if answer.consents else None
    erased = LastErased(built.stores.erasures, built.stores.keyring, asked)
    recorder = StreamRecorder(built.caches.stream_logs, built.caches.keys, basics.new_id, time.monotonic)
    return V2(
        answer=answer,
        answered=answered,
        parsed=ParsedRequestCache(built.caches.keys, max_bytes=UNDERSTOOD_BYTES, max_entries=UNDERSTOOD, now=time.time),
        streams=AnswerStreams(answer, recorder, built.caches.keys, erased),
        idempotency=Idempotency(
            built.stores.requests, _envelopes, log, lambda: datetime.now(UTC), basics.new_id, ErasedOfCall(erased)
        ),
        receipts=Receipts(built.caches.keys),
        probed=probed,
        draws=Draws(built.caches.keys),
        recommend=RecommendPersona(routing.roster, routing.table, routing.detector, PlaybookModel()),
        detector=routing.detector,
        roster=routing.roster,
        health=health.health,
        status=health.status,
        operated=health.operated,
    )


def _contract(endpoints: Endpoints) -> dict[str, Any]:
    from ion_mentoring.handlers.web.openapi import document

    return document(endpoints.all)


def _envelopes(secret: bytes) -> "Envelopes":
    from ion_mentoring.caching.envelope import Envelopes

    return Envelopes(secret)
