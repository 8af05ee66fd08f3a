"""The replay of recorded requests on two systems, at a bounded rate and in bounded memory."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from migration.comparing.deviations import Pair
from migration.comparing.fields import MISSING, Field, fields
from migration.comparing.requests import Recorded
from migration.comparing.tally import Tally

SIDES: Final = ("old", "new")


@dataclass(frozen=True, slots=True)
class Pace:
    """The most that is asked: so many requests a second, and so many under way at once."""

    per_second: float
    at_once: int


@dataclass(slots=True)
class Replay:
    """Asks both sides the same at the same time."""

    old: httpx2.AsyncClient
    new: httpx2.AsyncClient
    tally: Tally
    pace: Pace
    stopped: bool = False

    def stop(self) -> None:
        """Begins nothing more; what is under way comes to its end."""
        self.stopped = True

    async def run(self, requests: Iterator[Recorded]) -> None:
        """Replays them all, or until it is stopped."""
        room = asyncio.Semaphore(self.pace.at_once)
        due = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for request in requests:
                await room.acquire()
                due = max(due + 1 / self.pace.per_second, time.monotonic())
                await asyncio.sleep(due - time.monotonic())
                if self.stopped:
                    break
                tasks.create_task(self._one(request)).add_done_callback(lambda _: room.release())

    async def _one(self, request: Recorded) -> None:
        old, new = await asyncio.gather(_asked(self.old, request), _asked(self.new, request))
        lost = [side for side, answer in zip(SIDES, (old, new), strict=True) if answer is None]
        if old is None or new is None:
            self.tally.lose(*lost)
            return
        (old_status, old_body), (new_status, new_body) = old, new
        found = (Field("status", old_status, new_status), *fields(old_body, new_body))
        self.tally.add(Pair(request, old_body, new_body), found)


async def _asked(client: httpx2.AsyncClient, request: Recorded) -> tuple[int, Any] | None:
    """The status and the JSON of an answer; None where none came."""
    sent = {} if request.body is None else {"json": request.body}
    try:
        response = await client.request(request.method, request.path, **sent)
    except httpx2.HTTPError:
        return None
    try:
        return response.status_code, response.json()
    except ValueError:
        return response.status_code, MISSING
