"""The router, built at its first request, since nothing may hold a socket before the server has forked."""

import time
from datetime import UTC, datetime
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING

from ion_mentoring.access.caller import DEFAULT_TENANT
from ion_mentoring.access.origins import Origins
from ion_mentoring.flags.declared import CONSOLE_WORKER
from ion_mentoring.handlers.api.advice import AdviceEndpoints
from ion_mentoring.handlers.api.answer_stream import AnswerStreams
from ion_mentoring.handlers.api.answered import Answered
from ion_mentoring.handlers.api.answers import Answers
from ion_mentoring.handlers.api.batches import Batches
from ion_mentoring.handlers.api.consents import ConsentEndpoints
from ion_mentoring.handlers.api.console import Console
from ion_mentoring.handlers.api.console_tenants import tenant_pages
from ion_mentoring.handlers.api.draws import Draws
from ion_mentoring.handlers.api.erased import ErasedOfCall
from ion_mentoring.handlers.api.experiments import ExperimentEndpoints
from ion_mentoring.handlers.api.feedback import Feedback
from ion_mentoring.handlers.api.flags import Flags
from ion_mentoring.handlers.api.guests import GuestPasses
from ion_mentoring.handlers.api.keys import Keys
from ion_mentoring.handlers.api.multi_persona import MultiPersona
from ion_mentoring.handlers.api.operations import Operations
from ion_mentoring.handlers.api.parsed_requests import ParsedRequestCache
from ion_mentoring.handlers.api.probed import Probed
from ion_mentoring.handlers.api.sessions import Sessions
from ion_mentoring.handlers.api.site import Site
from ion_mentoring.handlers.api.users import Users
from ion_mentoring.handlers.api.v1 import V1
from ion_mentoring.handlers.api.v2 import V2
from ion_mentoring.handlers.contract.receipts import Receipts
from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.audited import Trail
from ion_mentoring.handlers.web.call import Endpoints
from ion_mentoring.handlers.web.idempotency import Idempotency
from ion_mentoring.handlers.web.openapi import document
from ion_mentoring.handlers.web.stream_recorder import StreamRecorder
from ion_mentoring.mentoring.issuing.issue_keys import IssueKeys
from ion_mentoring.mentoring.operating.health import Health
from ion_mentoring.mentoring.privacy.last_erased import LastErased
from ion_mentoring.mentoring.recommending.persona import RecommendPersona
from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.settings.group import MiB
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.recent import Recent
from ion_mentoring.wiring import basics, operating
from ion_mentoring.wiring.access import checked, guarded, revocations
from ion_mentoring.wiring.answering import Answering, answering
from ion_mentoring.wiring.auditing import audit_trail
from ion_mentoring.wiring.ending import shutdown
from ion_mentoring.wiring.guests import guest_limits, guests
from ion_mentoring.wiring.keys import AllKeys, bootstrap_keys, issue_keys, known_keys, marks
from ion_mentoring.wiring.limits import admission
from ion_mentoring.wiring.odd import watch

if TYPE_CHECKING:  # who gets no idempotency keys does not pay for importing what seals answers
    from ion_mentoring.caching.envelope import Envelopes
    from ion_mentoring.handlers.api.advice_calls import AdviceCalls
    from ion_mentoring.handlers.api.batch_calls import BatchCalls
    from ion_mentoring.handlers.api.consent_calls import ConsentCalls
    from ion_mentoring.handlers.api.experiment_calls import ExperimentCalls
    from ion_mentoring.handlers.api.feedback_calls import FeedbackCalls
    from ion_mentoring.handlers.api.flag_calls import FlagCalls
    from ion_mentoring.handlers.api.multi_persona_calls import MultiPersonaCalls
    from ion_mentoring.handlers.api.user_calls import UserCalls

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
    v2, operations = _v2(health, built, answered, probed, log), _operations(settings, health, built, log)
    marked = marks(settings)
    keys = AllKeys(bootstrap_keys(access), known_keys(settings, marked, built, log))
    public = (
        *v2.endpoints(),
        *_multi_persona(v2).endpoints(),
        *_sessions(built, log).endpoints(),
        *_feedback(v2, built, log).endpoints(),
        *_advice(v2, built).endpoints(),
        *_users(settings, built, log).endpoints(),
        *_consents(settings, v2, built, log).endpoints(),
        *_keys(settings, keys, issue_keys(marked, built, log), v2.idempotency).endpoints(),
        *_batches(settings, v2, built, log).endpoints(),
        *operations.endpoints(),
        *revocations(settings, built, log).endpoints(),
        *_flags(settings, built, log).endpoints(),
        *_experiments(settings, built).endpoints(),
        *Answers(explanations, built.answer.routing, v2.streams.erased).endpoints(),
        *V1(built.answer, answered, open=access.v1_open).endpoints(),
    )
    console = tenant_pages(settings.console.tenants, settings.console.console_framed_by)
    passes = GuestPasses(cache(lambda: guests(settings.console, built.caches)), console)
    site = Site(lambda: document(endpoints.all))
    pages = Console(console, partial(built.flags.current, CONSOLE_WORKER, DEFAULT_TENANT))
    endpoints = Endpoints(*public, *passes.endpoints(), *site.endpoints(), *pages.endpoints())
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


def _sessions(built: Answering, log: EventLog) -> Sessions:
    cache = built.answer.cache
    return Sessions(built.stores.conversations, lambda owner: cache.tiers.forget(cache.owner(owner)), log)


def _keys(settings: RouterSettings, keys: AllKeys, issue: IssueKeys, idempotency: Idempotency) -> Keys:
    bootstrap = keys.bootstrap.callers if keys.bootstrap else ()
    return Keys(issue, idempotency, bootstrap, settings.cache.cache_max_unverified_s)


def _operations(settings: RouterSettings, health: Health, built: Answering, log: EventLog) -> Operations:
    return Operations(health.all_figures, built.caches.answers.invalidate, settings.cache.cache_max_unverified_s, log)


def _v2(health: Health, built: Answering, answered: Answered, probed: Probed, log: EventLog) -> V2:
    answer = built.answer
    routing = answer.routing
    erased = LastErased(built.stores.erasures, built.stores.keyring)
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


def _multi_persona(v2: V2) -> MultiPersona:
    @cache
    def calls() -> "MultiPersonaCalls":
        from ion_mentoring.wiring.multi_persona import multi_persona_calls

        return multi_persona_calls(v2)

    return MultiPersona(calls)


def _batches(settings: RouterSettings, v2: V2, built: Answering, log: EventLog) -> Batches:
    @cache
    def calls() -> "BatchCalls":
        from ion_mentoring.wiring.batch_calls import batch_calls

        return batch_calls(settings.batches, settings.publishing, built.stores, v2.idempotency, v2.roster, log)

    return Batches(calls)


def _users(settings: RouterSettings, built: Answering, log: EventLog) -> Users:
    @cache
    def calls() -> "UserCalls":
        from ion_mentoring.wiring.user_calls import user_calls

        return user_calls(settings, built, log)

    return Users(calls)


def _consents(settings: RouterSettings, v2: V2, built: Answering, log: EventLog) -> ConsentEndpoints:
    @cache
    def calls() -> "ConsentCalls":
        from ion_mentoring.wiring.consent_calls import consent_calls

        return consent_calls(settings.consent, built, v2.receipts, log)

    return ConsentEndpoints(calls)


def _feedback(v2: V2, built: Answering, log: EventLog) -> Feedback:
    @cache
    def calls() -> "FeedbackCalls":
        from ion_mentoring.wiring.feedback_calls import feedback_calls

        return feedback_calls(built, v2.receipts, v2.idempotency, log)

    return Feedback(calls)


def _advice(v2: V2, built: Answering) -> AdviceEndpoints:
    @cache
    def calls() -> "AdviceCalls":
        from ion_mentoring.wiring.feedback_calls import advice_calls

        return advice_calls(built, v2.receipts)

    return AdviceEndpoints(calls)


def _flags(settings: RouterSettings, built: Answering, log: EventLog) -> Flags:
    @cache
    def calls() -> "FlagCalls":
        from ion_mentoring.wiring.flags import flag_calls

        return flag_calls(built, settings.cache.cache_max_unverified_s, log)

    return Flags(calls)


def _experiments(settings: RouterSettings, built: Answering) -> ExperimentEndpoints:
    @cache
    def calls() -> "ExperimentCalls":
        from ion_mentoring.wiring.experiment_calls import experiment_calls

        return experiment_calls(built, settings.cache.cache_max_unverified_s)

    return ExperimentEndpoints(calls)


def _envelopes(secret: bytes) -> "Envelopes":
    from ion_mentoring.caching.envelope import Envelopes

    return Envelopes(secret)
