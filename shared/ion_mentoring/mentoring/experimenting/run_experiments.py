"""The running of experiments: made, begun, grown, stopped and rolled back by operators, and known to all instances."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from ion_mentoring.errors import CacheUnavailable, NotFound, ValidationFailed, WrongState
from ion_mentoring.experiments.assignment import overlap
from ion_mentoring.experiments.experiment import Arm, Experiment, refused
from ion_mentoring.mentoring.experimenting.known_experiments import CHANGED, KnownExperiments
from ion_mentoring.personas.variant import Variant, persona_of
from ion_mentoring.records.experiments.protocol import Experiments
from ion_mentoring.telemetry.events import EventLog

if TYPE_CHECKING:  # made when somebody first names a variant
    from ion_mentoring.mentoring.answering.variants import Variants

TRIES: Final = 5  # of a change that meets another one
Change = Callable[[Experiment], Experiment]


class RunExperiments(Struct, frozen=True):
    """The use case. `personas` are those that weights may name, `variants` what arms may name beside the usual; `invalidate`
    makes void, in all instances, what they know."""

    kept: Experiments
    known: KnownExperiments
    personas: Sequence[str]
    invalidate: Callable[[str], Awaitable[None]]
    log: EventLog
    now: Callable[[], datetime]
    variants: "Callable[[], Variants]"

    async def make(self, experiment: Experiment) -> Experiment:
        """Keeps a draft; ValidationFailed where it cannot be run, WrongState where there is one of that id."""
        self._named(experiment.checked())
        if not await self.kept.add(experiment):
            raise WrongState("there is an experiment of this id", field="id")
        return experiment

    async def get(self, name: str) -> Experiment:
        """The experiment of an id; NotFound where there is none."""
        found = await self.kept.get(name)
        if found is None:
            raise NotFound("no such experiment")
        return found

    async def start(self, name: str, exposure: float | None = None, arms: Sequence[Arm] | None = None) -> Experiment:
        """Begins a draft, lets a running one meet more people, or begins the next phase of one that has ended.

        With other `arms`, or a smaller exposure than before, an experiment that has ended gets a phase with a salt of its own.
        WrongState where another one that runs could change the same answers.
        """

        def started(one: Experiment) -> Experiment:
            if one.state == "running":
                if arms is not None:
                    raise WrongState("its arms are fixed while it runs: stop it, and start it with others", field="arms")
                return one.grown(one.exposure if exposure is None else exposure)
            fresh = replace(one, arms=tuple(replace(arm, stopped=None) for arm in arms or one.arms)).checked()
            wanted, phase = one.exposure if exposure is None else exposure, one.phase + (one.state != "draft")
            return replace(
                fresh, state="running", exposure=wanted, phase=phase, started_at=self.now(), ended_at=None, reason=None
            )

        before = await self.get(name)
        self._named(replace(before, arms=tuple(arms or before.arms)))
        await self._alone(before)
        return await self.change(name, started)

    async def stop(self, name: str, reason: str | None = None) -> Experiment:
        """Ends an experiment: everybody is answered in the usual way."""

        def ended(one: Experiment) -> Experiment:
            if one.state != "running":
                raise WrongState(f"it does not run: {one.state}")
            return replace(one, state="stopped", ended_at=self.now(), reason=reason)

        return await self.change(name, ended)

    async def roll_back(self, name: str) -> Experiment:
        """Ends an experiment at once, whatever its state is, and says that it did harm; a second time changes nothing."""
        return await self.change(name, lambda one: replace(one, state="rolled_back", ended_at=one.ended_at or self.now()))

    async def stop_arm(self, experiment: Experiment, arm: str, reason: str) -> Experiment | None:
        """Stops an arm of the phase that is running; None where that is over, or the arm was stopped before."""

        def without(one: Experiment) -> Experiment:
            standing = next((each for each in one.arms if each.id == arm), None)
            over = one.state != "running" or one.phase != experiment.phase or standing is None or standing.stopped is not None
            return one if over else one.without(arm, reason)

        before = await self.get(experiment.id)
        after = await self.change(experiment.id, without)
        return after if after.revision > before.revision else None

    async def change(self, name: str, change: Change) -> Experiment:
        """Makes a change of what is kept just then; WrongState where others go on changing it."""
        for _ in range(TRIES):
            before = await self.get(name)
            after = change(before)
            if after == before:
                return before
            after = replace(after, revision=before.revision + 1)
            if await self.kept.replace(after):
                await self._told(after)
                return after
        raise WrongState("others change it at the same time")

    def _named(self, wanted: Experiment) -> None:
        """ValidationFailed for weights of somebody who is no persona, and for what this set does not have or cannot compare."""
        if len({persona_of(arm.card) for arm in wanted.arms if arm.card}) > 1:
            raise refused("arms", "the cards of one experiment are of one persona, whose answers alone it compares")
        for place, arm in enumerate(wanted.arms):
            if unknown := sorted(set(arm.weights) - set(self.personas)):
                details = {"unknown": unknown, "allowed": list(self.personas)}
                raise ValidationFailed("no such persona", field=f"arms.{place}.weights", details=details)
            if arm.variant:
                by_cost = "cost_usd" in (wanted.primary, *wanted.guardrails)
                self.variants().check(Variant(**arm.variant), f"arms.{place}", by_cost=by_cost)

    async def _alone(self, wanted: Experiment) -> None:
        """WrongState where another experiment that runs could change the same answers."""
        others = [one for one in await self.kept.all() if one.state == "running" and one.id != wanted.id]
        if meeting := sorted(one.id for one in others if overlap(wanted, one)):
            details = {"running": meeting, "rule": "in one layer, slots do not overlap; in two, other things vary"}
            raise WrongState("another experiment could change the same answers", details=details)

    async def _told(self, one: Experiment) -> None:
        try:
            await self.invalidate(CHANGED)
        except CacheUnavailable as error:  # the other instances read the store again after a while, without being told
            self.log.warning("experiment_untold", reason=str(error))
        self.log.info("experiment_changed", experiment=one.id, phase=one.phase, state=one.state, exposure=one.exposure)
        await self.known.read_anew()
