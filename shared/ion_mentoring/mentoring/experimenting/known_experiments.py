"""The experiments that run, as an instance knows them: read again behind whoever asks, and never waited for."""

from dataclasses import dataclass, field
from typing import Final

from ion_mentoring.caching.entry import Epoch
from ion_mentoring.caching.reliance import Reading, Reliance
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.experiments.assignment import NONE, Assigned, Assigning
from ion_mentoring.experiments.experiment import Experiment
from ion_mentoring.records.experiments.protocol import Experiments
from ion_mentoring.resilience.single_flight import SingleFlight
from ion_mentoring.telemetry.events import EventLog

CHANGED: Final = "experiments"  # the tag in the order of invalidations under which what instances know of them stands
AHEAD: Final = 0.5  # of the time for which a reading counts, after which the store is read again

LOOKS_EVERY_S: Final = 0.25  # at whether a reading still counts, where no invalidation came


@dataclass(slots=True)
class KnownExperiments:
    """The running experiments as far as they were read; where the store is away, what was known goes on."""

    kept: Experiments
    reliance: Reliance
    log: EventLog
    running: tuple[Experiment, ...] = ()
    _assigning: Assigning = field(default_factory=Assigning)
    _reading: Reading | None = None
    _epoch: Epoch | None = None
    _looked_until: float = 0.0
    _flight: SingleFlight[None] = field(init=False)

    def __post_init__(self) -> None:
        self._flight = SingleFlight(self._read)

    def assigned(self, unit: str) -> Assigned:
        """The arms that a unit meets; none before the first reading has ended."""
        reliance = self.reliance
        if reliance.now() >= self._looked_until or reliance.epochs.current is not self._epoch:
            self._keep_fresh()
        if not self.running:
            return NONE
        return self._assigning.known.get(unit) or self._assigning.of(unit)

    async def ready(self) -> None:
        """Waits for the first reading, or its failure."""
        if self._reading is None:
            await self._flight.outcome()

    async def read_anew(self) -> None:
        """Reads what runs just now, whatever reading is under way."""
        if self._flight.under_way:
            await self._flight.outcome()
        await self._flight.outcome()

    def _keep_fresh(self) -> None:
        """Begins to read again what does not count for long any more; then it is not asked for a moment."""
        reading, reliance = self._reading, self.reliance
        if reading is None or not reliance.holds(reading) or reliance.age(reading) > reliance.longest_s * AHEAD:
            self._flight.begin()
        else:
            self._epoch, self._looked_until = reliance.epochs.current, reliance.now() + LOOKS_EVERY_S

    async def _read(self) -> None:
        reading = self.reliance.begun()
        try:
            found = await self.kept.all()
        except StoreUnavailable as error:
            self.log.warning("experiments_unread", reason=str(error))
        else:
            running = tuple(sorted((one for one in found if one.state == "running"), key=lambda one: one.id))
            if running != self.running:
                self.running, self._assigning = running, Assigning(running)
        self._reading = reading
