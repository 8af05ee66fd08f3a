"""The figures of a router for operators, built of the parts that it answers with."""

import time
from datetime import UTC, datetime

from ion_mentoring import __version__
from ion_mentoring.mentoring.operating.alerts import Alerts
from ion_mentoring.mentoring.operating.health import Health
from ion_mentoring.mentoring.operating.open_batches import OpenBatches
from ion_mentoring.mentoring.operating.reach import reach, store_ping
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.telemetry.recent import Recent
from ion_mentoring.wiring.answering import Answering

STARTED = time.monotonic()


def health(settings: RouterSettings, built: Answering, recent: Recent) -> Health:
    """The figures of this instance, and of what it shares with others."""
    roster = built.answer.routing.roster
    return Health(
        cache=built.caches.answers,
        performance=built.performance,
        reach=reach({"cache": built.caches.answers.l2_state, "store": store_ping(built.stores.stored)}, time.monotonic),
        troubles={"cache": built.caches.answers.l2_trouble, "store": built.stores.guards.trouble},
        ledger=built.stores.ledger,
        roster=roster,
        persona_breakers=built.mentors.persona_breakers,
        model_breakers=built.mentors.model_breakers,
        model=settings.models.model,
        version=__version__,
        region=settings.deployment.region,
        environment=settings.deployment.environment,
        uptime_s=lambda: time.monotonic() - STARTED,
        now=_now,
        recent=recent,
        alerts=Alerts(recent, tuple(roster)),
        batches=OpenBatches(built.stores.submissions, built.stores.batches, _now),
    )


def _now() -> datetime:
    return datetime.now(UTC)
