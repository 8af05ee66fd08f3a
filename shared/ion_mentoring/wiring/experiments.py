"""The part of experiments that answers need, and the guard over what runs."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ion_mentoring.mentoring.experimenting.gathered import Gathered
from ion_mentoring.mentoring.experimenting.guard import GuardExperiments
from ion_mentoring.mentoring.experimenting.known_experiments import CHANGED, KnownExperiments
from ion_mentoring.mentoring.experimenting.outcomes import ReadOutcomes
from ion_mentoring.mentoring.experimenting.run_experiments import RunExperiments
from ion_mentoring.mentoring.experimenting.watching import Watching
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.records.experiments.protocol import SHARDS
from ion_mentoring.settings.cache import Cache
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.caches import Caches, reliance
from ion_mentoring.wiring.stores import Stores

if TYPE_CHECKING:
    from ion_mentoring.mentoring.answering.variants import Variants


def watching(
    kept: Stores, cache: Cache, caches: Caches, variants: "Callable[[], Variants]", log: EventLog
) -> tuple[Watching, GuardExperiments]:
    """The watch over answers that arms have a part in, and the guard that looks at its sums now and then."""
    known = KnownExperiments(kept.experiments, reliance(cache, caches, CHANGED), log)
    gathered = Gathered(kept.arm_sums, random.randrange(SHARDS), log, _now)  # noqa: S311 - no secret
    guard = guarding(kept, known, caches, variants, log)
    gathered.sent = guard.sometimes
    return Watching(known, kept.exposures, gathered, log, _now), guard


def guarding(
    kept: Stores, known: KnownExperiments, caches: Caches, variants: "Callable[[], Variants]", log: EventLog
) -> GuardExperiments:
    """The guard over what runs."""
    run = RunExperiments(kept.experiments, known, tuple(load_roster()), caches.answers.invalidate, log, _now, variants)
    return GuardExperiments(known, run, ReadOutcomes(kept.ratings, kept.arm_sums), log, time.monotonic)


def _now() -> datetime:
    return datetime.now(UTC)
