"""The flags as an instance knows them: evaluated from a table at once, which is read again behind whoever evaluates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ion_mentoring.caching.reliance import Reading, Reliance
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.flags.declared import FLAGS
from ion_mentoring.flags.evaluation import Chosen, Evaluation, evaluated
from ion_mentoring.flags.flag import Flag, Value
from ion_mentoring.records.flags.protocol import FlagChoice, FlagChoices
from ion_mentoring.resilience.single_flight import SingleFlight
from ion_mentoring.telemetry.events import EventLog

CHANGED: Final = "flags"  # the tag in the order of invalidations under which what instances know of flags stands
AHEAD: Final = 0.5  # of the time for which a reading counts, after which the store is read again


@dataclass(slots=True)
class KnownFlags:
    """The flags, and the variants that were chosen as far as they were read; where the store is away, what was known counts on.

    `value` and `evaluation` wait for nothing: before the first reading has ended, they give the default.
    """

    choices: FlagChoices
    reliance: Reliance
    log: EventLog
    read: tuple[FlagChoice, ...] | None = None
    _chosen: Mapping[str, Chosen] = field(default_factory=dict)
    _values: Mapping[str, Mapping[str | None, Any]] = field(default_factory=dict)
    _reading: Reading | None = None
    _failed: bool = False
    _flight: SingleFlight[None] = field(init=False)

    def __post_init__(self) -> None:
        self._flight = SingleFlight(self._read)

    def value(self, flag: Flag[Value], tenant: str) -> Value:
        """The value of a flag for a tenant."""
        self._keep_fresh()
        values = self._values.get(flag.name)
        if values is None:
            return flag.usual
        found: Value = values[tenant] if tenant in values else values[None]
        return found

    def evaluation(self, flag: Flag[Value], tenant: str) -> Evaluation[Value]:
        """The value of a flag for a tenant, with its variant and the reason."""
        self._keep_fresh()
        if self.read is None:
            return Evaluation(flag.usual, flag.default, "ERROR", "PROVIDER_NOT_READY")
        return evaluated(flag, self._chosen.get(flag.name, {}), tenant, stale=self._failed)

    async def current(self, flag: Flag[Value], tenant: str) -> Value:
        """The value of a flag, after a reading if the last one does not count any more."""
        await self.renewed()
        return self.value(flag, tenant)

    async def renewed(self) -> None:
        """Waits for a reading that counts; where the store does not answer, for its failure."""
        await self.reliance.asked()
        if not self._holds():
            await self._flight.outcome()

    async def read_anew(self) -> None:
        """Reads what was chosen just now, whatever reading is under way."""
        if self._flight.under_way:
            await self._flight.outcome()
        await self._flight.outcome()

    def _holds(self) -> bool:
        return self._reading is not None and self.reliance.holds(self._reading)

    def _keep_fresh(self) -> None:
        reading, reliance = self._reading, self.reliance
        if reading is None or not reliance.holds(reading) or reliance.age(reading) > reliance.longest_s * AHEAD:
            self._flight.begin()

    async def _read(self) -> None:
        reading = self.reliance.begun()
        try:
            self.read = await self.choices.all()
        except StoreUnavailable as error:
            self._failed = True
            self.log.warning("flags_unread", reason=str(error))
        else:
            self._failed = False
            self._chosen = _by_flag(self.read)
            self._values = {name: _values(FLAGS[name], chosen) for name, chosen in self._chosen.items() if name in FLAGS}
        self._reading = reading


def _by_flag(read: tuple[FlagChoice, ...]) -> dict[str, Chosen]:
    found: dict[str, dict[str | None, str]] = {}
    for choice in read:
        found.setdefault(choice.flag, {})[choice.tenant] = choice.variant
    return dict(found)


def _values(flag: Flag[Any], chosen: Chosen) -> dict[str | None, Any]:
    """The value for each tenant for which one was chosen, and under None for the others."""
    named: dict[str | None, Any] = {tenant: evaluated(flag, chosen, tenant).value for tenant in chosen if tenant is not None}
    return {**named, None: flag.variants.get(chosen.get(None, flag.default), flag.usual)}
