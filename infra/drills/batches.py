"""The batches of a drill: handed in while something is broken; those that were accepted must be complete in the end."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Final

import httpx2

from infra.drills.asking import Timeline

EVERY_S: Final = 1.0
LOOKS_EVERY_S: Final = 1.0
ITEMS: Final = 3
ACCEPTED: Final = 202


class Batches:
    """Batches of one drill; `accepted` are their ids."""

    def __init__(self, client: httpx2.AsyncClient, name: str, timeline: Timeline) -> None:
        self.accepted: list[str] = []
        self.refused = 0
        self._client = client
        self._name = name
        self._timeline = timeline

    async def hand_in(self) -> None:
        """Hands in one after the other until it is cancelled."""
        for number in range(1_000):
            await self.one(f"{self._name} {number}")
            await asyncio.sleep(EVERY_S)

    async def one(self, about: str, items: int = ITEMS) -> None:
        """Hands in one batch."""
        requests = [{"item_id": str(place), "user_input": f"How do I plan task {place} of {about}?"} for place in range(items)]
        try:
            response = await self._client.post("/api/v2/batches", json={"requests": requests})
        except httpx2.HTTPError:
            self.refused += 1
            return
        if response.status_code == ACCEPTED:
            self.accepted.append(response.json()["batch"]["id"])
        else:
            self.refused += 1
            self._timeline.say(f"a batch is refused: {response.json()['error']['code']}", once=True)

    async def settled(self, within_s: float) -> Sequence[str]:
        """The faults of those that were accepted, once all have ended or the time is over."""
        deadline, left = time.monotonic() + within_s, list(self.accepted)
        while left and time.monotonic() < deadline:
            states = [await self._state(batch) for batch in left]
            left = [batch for batch, state in zip(left, states, strict=True) if state != "completed"]
            if left:
                await asyncio.sleep(LOOKS_EVERY_S)
        if self.accepted and not left:
            self._timeline.say("every batch that was accepted is complete")
        wrong = [await self._wrong(batch) for batch in self.accepted if batch not in left]
        return [*(f"{batch} has not ended" for batch in left), *filter(None, wrong)]

    async def _state(self, batch: str) -> str:
        try:
            response = await self._client.get(f"/api/v2/batches/{batch}")
            return str(response.json()["batch"]["state"])
        except (httpx2.HTTPError, ValueError, KeyError):
            return "unknown"

    async def _wrong(self, batch: str) -> str | None:
        results: list[dict[str, Any]] = (await self._client.get(f"/api/v2/batches/{batch}/results")).json()["results"]
        ids = [str(one["item_id"]) for one in results]
        if len(set(ids)) != len(ids):
            return f"{batch} has an item twice"
        missing = [one["item_id"] for one in results if one["state"] != "answered"]
        return f"{batch} lacks answers to {missing}" if missing else None
