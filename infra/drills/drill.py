"""One drill: a set is asked while one of its dependencies is broken and mended."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from infra.drills.asking import Got, People, Timeline
from infra.drills.batches import Batches
from infra.drills.faults import Fault
from infra.drills.judging import Check, Outcome, came_back, judged
from infra.drills.world import World

LOOKS_EVERY_S: Final = 0.2
KEEPS: Final = ("store", "topics")  # where these are broken, batches are handed in, and none may be lost


@dataclass(frozen=True, slots=True)
class Pace:
    """The seconds between two questions; those before, while and after something is broken; the most that is waited for."""

    every_s: float = 0.12
    warm_s: float = 3.0
    calm_s: float = 3.0
    broken_s: float = 8.0
    after_s: float = 1.0
    back_s: float = 90.0
    batches_s: float = 240.0


@dataclass(slots=True)
class Drill:
    """The drill of a fault in a world."""

    fault: Fault
    world: World
    pace: Pace
    timeline: Timeline = field(default_factory=Timeline)

    async def run(self) -> Outcome:
        """Runs it, and stops the set afterwards."""
        fault, running = self.fault, self.world.set_of(self.fault.name)
        await running.start()
        self.timeline = Timeline()
        try:
            async with People(running.url, fault.name, self.timeline, self.pace.every_s) as people:
                batches = Batches(people.client, fault.name, self.timeline)
                await asyncio.sleep(self.pace.warm_s + self.pace.calm_s)
                broken_s, mended_s = await self._broken(batches if fault.dependency in KEEPS else None)
                back_s = await self._back(people, mended_s)
                await asyncio.sleep(self.pace.after_s)
                people.hush()
                wrong = await batches.settled(self.pace.batches_s)
        finally:
            await running.stop()
        back = came_back(back_s, fault.back_s, self._patience_s())
        checks = [
            *judged(fault, people.got, broken_s - self.pace.calm_s, broken_s, mended_s),
            back,
            *_kept(fault, batches, wrong),
        ]
        return Outcome(fault.name, checks, self.timeline.lines, people.got, broken_s, mended_s)

    async def _broken(self, batches: Batches | None) -> tuple[float, float]:
        """Breaks, waits and mends; the times of both."""
        broken_s = self.timeline.now()
        self.timeline.say(f"BROKEN: {self.fault.dependency} is {self.fault.how}")
        mend = await self.fault.does(self.world)
        handing_in = asyncio.create_task(batches.hand_in()) if batches else None
        try:
            await asyncio.sleep(self.pace.broken_s)
        finally:
            if handing_in:
                handing_in.cancel()
                await asyncio.gather(handing_in, return_exceptions=True)
            self.timeline.say("MENDED")
            mended_s = self.timeline.now()
            await mend()
        return broken_s, mended_s

    async def _back(self, people: People, mended_s: float) -> float | None:
        """The seconds after which an answer was whole again; None where it was not in time."""
        while self.timeline.now() - mended_s < self._patience_s():
            whole = next((one for one in people.got if one.asked_s >= mended_s and self._whole(one)), None)
            if whole:
                self.timeline.say("an answer is whole again")
                return whole.asked_s - mended_s
            await asyncio.sleep(LOOKS_EVERY_S)
        return None

    def _patience_s(self) -> float:
        return min(self.fault.back_s, self.pace.back_s)

    def _whole(self, one: Got) -> bool:
        fault = self.fault
        if one.error or one.kind != fault.kind or fault.mark in one.degraded:
            return False
        return fault.dependency != "cache" or one.layer == "L2" or fault.mark is not None


def _kept(fault: Fault, batches: Batches, wrong: Sequence[str]) -> Iterator[Check]:
    if fault.dependency in KEEPS:
        figure = f"{len(batches.accepted)} accepted, {batches.refused} refused" + "".join(f"; {one}" for one in wrong)
        yield Check("each batch that was accepted is complete, each item once", not wrong, figure)
