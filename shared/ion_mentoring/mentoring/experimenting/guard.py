"""The guard over experiments that run: an arm that is proven to do harm is stopped, without anybody looking."""

import time
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from ion_mentoring.errors import MentoringError
from ion_mentoring.experiments.experiment import Experiment
from ion_mentoring.experiments.verdict import Breach, breaches
from ion_mentoring.mentoring.experimenting.known_experiments import KnownExperiments
from ion_mentoring.mentoring.experimenting.outcomes import ReadOutcomes
from ion_mentoring.mentoring.experimenting.run_experiments import RunExperiments
from ion_mentoring.telemetry.events import EventLog

EVERY_S: Final = 300.0  # between two looks of an instance at the sums


class GuardExperiments(Struct):
    """The use case. By itself it looks at sums alone; `whole` also reads what people said."""

    known: KnownExperiments
    run: RunExperiments
    outcomes: ReadOutcomes
    log: EventLog
    clock: Callable[[], float] = time.monotonic
    _looked_at: float = 0.0

    async def sometimes(self) -> None:
        """Looks at the sums of what runs, where it is time to."""
        if self.clock() - self._looked_at < EVERY_S:
            return
        self._looked_at = self.clock()
        for experiment in self.known.running:
            try:
                samples = (await self.outcomes.summed(experiment)).samples(experiment)
                await self.stop(experiment, breaches(experiment, samples))
            except MentoringError as error:
                self.log.warning("experiment_unguarded", experiment=experiment.id, reason=str(error))

    async def whole(self) -> None:
        """Looks at all that is known of what runs."""
        await self.known.read_anew()
        for experiment in self.known.running:
            samples = (await self.outcomes(experiment)).samples(experiment)
            await self.stop(experiment, breaches(experiment, samples))

    async def stop(self, experiment: Experiment, found: list[Breach]) -> None:
        """Stops the arms that crossed a guardrail."""
        for one in found:
            if await self.run.stop_arm(experiment, one.arm, one.metric):
                low, high = round(one.difference.low, 6), round(one.difference.high, 6)
                self.log.error(
                    "experiment_arm_stopped",
                    experiment=experiment.id,
                    phase=experiment.phase,
                    arm=one.arm,
                    metric=one.metric,
                    low=low,
                    high=high,
                )
