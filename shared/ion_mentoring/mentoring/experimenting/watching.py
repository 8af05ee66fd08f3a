"""Answers in which arms have a part: when somebody met an arm, and what came of the answer."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from msgspec import Struct, field

from ion_mentoring.errors import MentoringError, StoreUnavailable
from ion_mentoring.experiments.assignment import Assigned, Assignment
from ion_mentoring.mentoring.answering.experimenting import Meeting, Place, Work
from ion_mentoring.mentoring.answering.values import Answer, AnswerEvent, Tell
from ion_mentoring.mentoring.experimenting.gathered import Gathered
from ion_mentoring.mentoring.experimenting.known_experiments import KnownExperiments
from ion_mentoring.models.protocol import Delta
from ion_mentoring.records.experiments.protocol import Exposed, Exposures
from ion_mentoring.telemetry.events import EventLog

REMEMBERED: Final = 50_000  # units, each with the phase of each experiment that it was written down for
NANO: Final = 1_000  # billionths in a millionth


class Watching(Struct):
    """The use case; its collaborators are the fields."""

    experiments: KnownExperiments
    exposures: Exposures
    gathered: Gathered
    log: EventLog
    now: Callable[[], datetime]
    _met: dict[str, dict[str, int]] = field(default_factory=dict)
    _writing: set[asyncio.Task[None]] = field(default_factory=set)

    async def ready(self) -> None:
        """Waits until it was read once what runs."""
        await self.experiments.ready()

    def assigned(self, unit: str) -> Assigned:
        """The arms that a unit meets now."""
        return self.experiments.assigned(unit)

    async def watched(self, meeting: Meeting, answer: Work, tell: Tell | None) -> Answer:
        """The answer; its arms are met with its first text, those of a variant with the first that this wrote."""
        began = time.perf_counter()

        def hear(event: AnswerEvent) -> None:
            if isinstance(event, Delta) and event.text:
                self._meet(meeting, meeting.arms if event.varied else meeting.plain)
            if tell:
                tell(event)

        try:
            found = await answer(hear if tell else None)
        except MentoringError:
            self.gathered.add(meeting.arms, meeting.tone, errors=1)
            raise
        wrote = meeting.variant is not None and found.variant == meeting.variant
        arms = meeting.arms if wrote else meeting.plain
        self._meet(meeting, arms)
        ms, micro_usd = round((time.perf_counter() - began) * 1000), found.cost.nano_usd // NANO
        layer, cut = found.cache_layer or "made", int(found.filtered)
        self.gathered.add(arms, meeting.tone, ms=ms, micro_usd=micro_usd, answers=1, filtered=cut, **{layer: 1})
        if found.variant_failed:
            self.gathered.add(meeting.varied, meeting.tone, errors=1)
        return found

    def met(self, unit: str, places: tuple[Place, ...]) -> bool:
        """True if it is written down that a unit met the arms of these places, as far as this instance knows."""
        met = self._met.get(unit)
        if met is None:
            return False
        for place in places:  # noqa: SIM110 - a generator takes longer than the look itself
            if met.get(place[0]) != place[1]:
                return False
        return True

    def known(self, places: tuple[Place, ...], layer: str, started: float) -> None:
        """Takes note of an answer that was known, to one who has met its arms."""
        self.gathered.hit(places, layer, int((time.perf_counter() - started) * 1000))

    def _meet(self, meeting: Meeting, arms: tuple[Assignment, ...]) -> None:
        """Writes down who met an arm for the first time, as far as this instance knows, behind the answer."""
        if meeting.unit not in self._met and len(self._met) >= REMEMBERED:
            self._met.clear()
        met = self._met.setdefault(meeting.unit, {})
        for one in arms:
            if met.get(one.experiment) == one.phase:
                continue
            met[one.experiment] = one.phase
            exposed = Exposed(one.experiment, one.phase, one.arm.id, self.now())
            task = asyncio.get_running_loop().create_task(self._written(meeting, exposed))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)

    async def _written(self, meeting: Meeting, exposed: Exposed) -> None:
        owner = meeting.learner.owner if meeting.learner else f"session {meeting.unit}"
        try:
            first = await self.exposures.see(owner, exposed)
        except StoreUnavailable as error:
            self._met.pop(meeting.unit, None)
            self.log.warning("exposure_unwritten", experiment=exposed.experiment, reason=str(error))
            return
        if first:
            self.gathered.count(exposed.experiment, exposed.phase, exposed.arm, meeting.tone, people=1)
