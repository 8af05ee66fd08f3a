"""The people of a drill: they ask all the time, and note what they got and what the set says of itself."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2

LOOKS_EVERY_S: Final = 0.5
PATIENCE_S: Final = 30.0
KNOWN: Final = 8
KEY: Final = "frustrated-burst-seek_advice"  # the drilled persona's
KINDS: Final = ("known", "new", "session", "new")


@dataclass(frozen=True, slots=True)
class Got:
    """One question: when it was asked (seconds since the drill began), how long it took, and how it ended."""

    kind: str
    asked_s: float
    ms: float
    error: str | None
    degraded: tuple[str, ...] = ()
    layer: str | None = None
    model: str = ""


@dataclass(slots=True)
class Timeline:
    """The course of a drill, in seconds since it began."""

    began: float = field(default_factory=time.monotonic)
    lines: list[tuple[float, str]] = field(default_factory=list)
    _said: set[str] = field(default_factory=set)

    def now(self) -> float:
        """The seconds since the drill began."""
        return time.monotonic() - self.began

    def say(self, what: str, *, once: bool = False) -> None:
        """Notes that something happens now; with `once`, the first time only."""
        if not (once and what in self._said):
            self._said.add(what)
            self.lines.append((self.now(), what))


class People:
    """Ask until they are told to stop; `got` is what they got."""

    def __init__(self, url: str, name: str, timeline: Timeline, every_s: float = 0.12, kinds: Sequence[str] = KINDS) -> None:
        self.got: list[Got] = []
        self.client = httpx2.AsyncClient(base_url=url, trust_env=False, timeout=PATIENCE_S)
        self._name = name
        self._timeline = timeline
        self._every_s = every_s
        self._kinds = kinds
        self._numbers = itertools.count()
        self._tasks: set[asyncio.Task[None]] = set()
        self._seen: dict[str, str] = {}

    async def __aenter__(self) -> "People":
        self._asking = [asyncio.create_task(self._ask_on()), asyncio.create_task(self._look_on())]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._asking:
            task.cancel()
        await asyncio.gather(*self._asking, *self._tasks, return_exceptions=True)
        await self.client.aclose()

    def hush(self) -> None:
        """Ends the asking; the looking goes on."""
        self._asking[0].cancel()

    async def _ask_on(self) -> None:
        while True:
            task = asyncio.create_task(self._ask(next(self._numbers)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            await asyncio.sleep(self._every_s)

    async def _ask(self, number: int) -> None:
        kind = self._kinds[number % len(self._kinds)]
        sent: dict[str, Any] = {"user_input": self._question(kind, number), "resonance_key": KEY}
        if kind == "session":
            sent["context"] = {"user_id": self._name, "session_id": f"{self._name}-{number % 3}"}
        asked_s, began = self._timeline.now(), time.perf_counter()
        error, body = None, {}
        try:
            response = await self.client.post("/api/v2/process", json=sent)
            body = response.json()
            error = None if body.get("success") else str(body.get("error", {}).get("code", response.status_code))
        except (httpx2.HTTPError, ValueError) as failure:
            error = type(failure).__name__
        ms = (time.perf_counter() - began) * 1_000
        self._note(kind, asked_s, ms, error, body)

    def _note(self, kind: str, asked_s: float, ms: float, error: str | None, body: dict[str, Any]) -> None:
        facts, layer = body.get("metadata", {}), body.get("performance", {}).get("cache_layer")
        degraded = tuple(facts.get("degraded", ()))
        self.got.append(Got(kind, asked_s, ms, error, degraded, layer, facts.get("model", "")))
        if error:
            self._timeline.say(f"an answer failed: {error}", once=True)
        for part in degraded:
            self._timeline.say(f"an answer says that it went without: {part}", once=True)

    def _question(self, kind: str, number: int) -> str:
        which = number // len(self._kinds) % KNOWN if kind == "known" else number
        return f"How do I prepare for interview {which} of the {self._name.replace('-', ' ')} drill?"

    async def _look_on(self) -> None:
        while True:
            await self._look()
            await asyncio.sleep(LOOKS_EVERY_S)

    async def _look(self) -> None:
        """Notes what changed in the health, and the alerts that ring."""
        try:
            health = (await self.client.get("/api/v2/health")).json()
            status = (await self.client.get("/api/v2/status")).json()
        except (httpx2.HTTPError, ValueError):
            self._changed("the set", "does not answer")
            return
        self._changed("the set", str(health["status"]))
        for name, state in health["dependencies"].items():
            if isinstance(state, str):
                self._changed(name, state)
            for one, inner in state.items() if isinstance(state, dict) else ():
                self._changed(f"the breaker of {one}", inner if isinstance(inner, str) else inner.get("breaker", "closed"))
        for alert in status.get("alerts", ()):
            self._timeline.say(f"the alert {alert['name']} rings: docs/runbooks/{alert['runbook']}.md", once=True)

    def _changed(self, name: str, state: str) -> None:
        before = self._seen.get(name)
        self._seen[name] = state
        if before is not None and before != state:
            self._timeline.say(f"{name}: {before} → {state}")
