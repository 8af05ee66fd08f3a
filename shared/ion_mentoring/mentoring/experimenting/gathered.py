"""Sums of what came of arms, gathered in an instance and added to those of a phase behind the answers."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from msgspec import Struct, field

from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.experiments.assignment import Assignment
from ion_mentoring.mentoring.answering.experimenting import Place
from ion_mentoring.records.experiments.protocol import ArmSums
from ion_mentoring.records.feedback.protocol import RatedAnswer
from ion_mentoring.telemetry.events import EventLog

SEND_EVERY_S: Final = 10.0
CELLS: Final = 2_000  # that wait for a store that is away; what comes beyond them is not counted

Cell = dict[str, int]
Phase = tuple[str, int]


class Gathered(Struct):
    """Sums by phase, arm and tone. `sent` is called after each sending; `now` tells the day, `clock` the seconds between."""

    sums: ArmSums
    shard: int
    log: EventLog
    now: Callable[[], datetime]
    sent: Callable[[], Awaitable[None]] | None = None
    clock: Callable[[], float] = time.monotonic
    _waiting: dict[Place, Cell] = field(default_factory=dict)
    _hits: dict[Place, list[int]] = field(default_factory=dict)
    _sent_at: float = float("-inf")
    _sending: asyncio.Task[None] | None = None

    def add(
        self, arms: tuple[Assignment, ...], tone: str, *, ms: int | None = None, micro_usd: int = 0, **numbers: int
    ) -> None:
        """Adds numbers to each arm; a time and a cost also by their squares."""
        for one in arms:
            self.count(one.experiment, one.phase, one.arm.id, tone, ms=ms, micro_usd=micro_usd, **numbers)

    def count(
        self, experiment: str, phase: int, arm: str, tone: str, *, ms: int | None = None, micro_usd: int = 0, **numbers: int
    ) -> None:
        """Adds numbers to one arm; where it is time, what was gathered is sent."""
        more = {} if ms is None else {"ms": ms, "ms2": ms * ms}
        if micro_usd:
            more |= {"usd": micro_usd, "usd2": micro_usd * micro_usd}
        self._keep((experiment, phase, arm, tone), {**numbers, **more})
        if self.clock() - self._sent_at >= SEND_EVERY_S:
            self._send_in_turn()

    def hit(self, places: tuple[Place, ...], layer: str, ms: int) -> None:
        """Adds an answer that was known, in as little time as can be."""
        hits, first = self._hits, layer == "L1"
        for place in places:
            cell = hits.get(place)
            if cell is None:
                cell = hits[place] = [0, 0, 0, 0]
            cell[0] += first
            cell[1] += 1
            cell[2] += ms
            cell[3] += ms * ms
        if self.clock() - self._sent_at >= SEND_EVERY_S:
            self._send_in_turn()

    def unsafe(self, answer: RatedAnswer) -> None:
        """Adds an answer that somebody called unsafe to the arms that had a part in it."""
        for met in answer.exposures:
            self.count(met.experiment, met.phase, met.arm, answer.tone, unsafe=1)

    def _send_in_turn(self) -> None:
        if self._sending is None or self._sending.done():
            self._sent_at = self.clock()
            self.send_soon()

    def send_soon(self) -> asyncio.Task[None]:
        """Sends what was gathered, in a task of the running loop; what hears of this instance's end calls it."""
        self._sending = asyncio.get_running_loop().create_task(self.send())
        return self._sending

    async def send(self) -> None:
        """Adds what was gathered to the store; what it does not take waits for the next time."""
        hits, self._hits = self._hits, {}
        for place, (first, answers, ms, squares) in hits.items():
            cell = {"L1": first, "L2": answers - first, "answers": answers, "ms": ms, "ms2": squares}
            self._keep(place, {name: number for name, number in cell.items() if number})
        waiting, self._waiting = self._waiting, {}
        phases: dict[Phase, dict[tuple[str, str], Cell]] = {}
        for (experiment, phase, arm, tone), cell in waiting.items():
            phases.setdefault((experiment, phase), {})[arm, tone] = cell
        day = self.now().date().isoformat()
        for (experiment, phase), cells in phases.items():
            try:
                await self.sums.add(experiment, phase, day, self.shard, cells)
            except StoreUnavailable as error:
                self.log.warning("arm_sums_unsent", experiment=experiment, reason=str(error))
                for (arm, tone), cell in cells.items():
                    self._keep((experiment, phase, arm, tone), cell)
        if self.sent:
            await self.sent()

    def _keep(self, place: Place, cell: Cell) -> None:
        kept = self._waiting.get(place)
        if kept is None:
            if len(self._waiting) >= CELLS:
                return
            kept = self._waiting[place] = {}
        for name, number in cell.items():
            kept[name] = kept.get(name, 0) + number
