"""`python -m bench.one_token`: what one streamed token costs in the router, through how many hands it goes, and its timers.

A model in this process says one word at a time and lets the loop turn after each; the router serves the stream to a client
that takes everything. What the same model costs without a router is taken off. `--at-once` words come between two turns.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable
from typing import Any, Final

import uvloop
from starlette.requests import Request

from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.event_stream import EventStream
from ion_mentoring.models.fallback import FallbackModels
from ion_mentoring.models.guarded import GuardedModel
from ion_mentoring.models.protocol import Completion, Delta, Message, Model, Prompt, Say
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.resilience.retries import RetryBudget
from ion_mentoring.resilience.shared_run import SharedRun
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.unreported import Unreported
from ion_mentoring.understanding.resonance.key import DEFAULT_KEY
from ion_mentoring.usage.meter import UsageMeter
from ion_mentoring.wiring import basics, mentors
from ion_mentoring.wiring.models import breaker
from ion_mentoring.wiring.router import build

TOKENS: Final = 1_000
STREAMS: Final = 40
GOAL_US: Final = 12.0
GOAL_HANDS: Final = 8
PROMPT: Final = Prompt("", (Message("user", "?"),), DEFAULT_KEY, "en", load_roster()["lua"].shape)


class CountingLoop(uvloop.Loop):
    """A loop that counts the timers that are set."""

    timers = 0

    def call_later(self, *arguments: Any, **named: Any) -> asyncio.TimerHandle:  # type: ignore[override]
        """Counts one, and sets it."""
        self.timers += 1
        return super().call_later(*arguments, **named)

    def call_at(self, *arguments: Any, **named: Any) -> asyncio.TimerHandle:  # type: ignore[override]
        """Counts one, and sets it."""
        self.timers += 1
        return super().call_at(*arguments, **named)


class Words:
    """A model that says as many words as it is told to."""

    name = "words"

    def __init__(self, tokens: int, at_once: int) -> None:
        self._tokens = tokens
        self._at_once = at_once

    async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
        """Says the words."""
        for number in range(self._tokens):
            if say:
                say(Delta("word "))
            if number % self._at_once == 0:
                await asyncio.sleep(0)
        return Completion("word " * self._tokens, self.name, "en")


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="bench.one_token")
    parser.add_argument("--at-once", type=int, default=1)
    at_once = parser.parse_args().at_once
    with asyncio.Runner(loop_factory=CountingLoop) as runner:
        took_us, hands, timers = runner.run(_measured(at_once))
    print(f"P15  a streamed token in the router, {at_once} at once: {took_us:.1f} us (goal {GOAL_US:.0f})")
    print(f"P15  timers that a stream of {TOKENS} tokens sets: {timers}")
    print(f"P15  its hand-overs: {len(hands)} (goal {GOAL_HANDS})\n     " + "\n     ".join(hands))
    return 0


async def _measured(at_once: int) -> tuple[float, tuple[str, ...], int]:
    """Microseconds of the processor a token, the hands it goes through, and the timers of one stream."""
    model = Words(TOKENS, at_once)
    router = _router(model)
    await _stream(router, 0)  # what is loaded at the first request
    alone = await _time_us(lambda number: model.answer(PROMPT, UsageMeter(), lambda event: None))
    served = await _time_us(lambda number: _stream(router, number + 1))
    loop = asyncio.get_running_loop()
    before = loop.timers  # type: ignore[attr-defined]
    await _stream(router, STREAMS + 1)
    timers = loop.timers - before  # type: ignore[attr-defined]
    return (served - alone) / TOKENS, await _hands(router), timers


async def _time_us(run: Callable[[int], Any]) -> float:
    times = []
    for number in range(STREAMS):
        began = time.process_time()
        await run(number)
        times.append(time.process_time() - began)
    return min(times) * 1e6


def _router(model: Model) -> App:
    """A router whose personas answer by this model."""
    log = EventLog("bench", lambda line: None)
    mentors.models = lambda *_: FallbackModels(model.name, (_guarded(model, log),), log)
    basics.told = lambda *_, **__: (log, Unreported(), None)
    return build(RouterSettings.read({"STORE": "sqlite:///:memory:", "MODEL": "playbook"}))


def _guarded(model: Model, log: EventLog) -> GuardedModel:
    return GuardedModel(model, breaker(), RetryBudget(), log, 60.0)


async def _stream(router: App, number: int) -> None:
    """One stream to its end."""
    body = json.dumps({"user_input": f"How do I begin with number {number}?", "use_cache": True}).encode()
    asked, gone = False, asyncio.Event()

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if asked:
            await gone.wait()
        asked = True
        return {"type": "http.request", "body": body, "more_body": False}

    ended = []

    async def send(message: Any) -> None:
        if b"event: done" in message.get("body", b""):
            ended.append(True)

    headers = [(b"content-type", b"application/json"), (b"accept", b"text/event-stream"), (b"host", b"localhost")]
    headers.append((b"content-length", b"%d" % len(body)))
    scope = {"type": "http", "method": "POST", "path": "/api/v2/process", "headers": headers, "client": ("127.0.0.1", 1)}
    response = await router.handle(Request(scope, receive))
    await response(scope, receive, send)
    if not ended:
        raise SystemExit("a stream without its end: this would measure something else")


async def _hands(router: App) -> tuple[str, ...]:
    """The functions of ours that hand a word on, from the model to the log of its stream, and the one that reads it there."""
    deepest: tuple[str, ...] = ()

    def watch(frame: Any, event: str, _argument: Any) -> None:
        nonlocal deepest
        if event == "call" and frame.f_code is SharedRun._say.__code__:
            names = []
            while frame and frame.f_code is not Words.answer.__code__:
                names.append(f"{frame.f_globals['__name__']}.{frame.f_code.co_name}")
                frame = frame.f_back
            if frame:
                deepest = max(deepest, tuple(reversed(names)), key=len)

    sys.setprofile(watch)
    try:
        await _stream(router, STREAMS + 2)
    finally:
        sys.setprofile(None)
    return (*deepest, f"{EventStream.__module__}.{EventStream._serve.__name__}")


if __name__ == "__main__":
    raise SystemExit(main())
