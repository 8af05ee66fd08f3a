"""`python -m bench.streams`: 20 and 200 streams at once through router and persona function, beside the stand-in vendor's own.

Streams begin one after the other, 20 a second, or all in one moment. While all are open, the processor time of both functions
is divided by the tokens that arrive; the memory of 20 open ones is taken off that of 200. Both functions share one core.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2

from bench.processes import Held, cpu_s, held
from bench.serving import Instance, instance, vendor

ROOT: Final = Path(__file__).resolve().parent.parent
SIZES: Final = (20, 200)
A_SECOND: Final = 20  # streams that begin
FIRST_S: Final = 0.3  # how long the stand-in takes to its first text
TOKENS_A_SECOND: Final = 1_000  # of all streams together: what the stand-in and its clients can do on one core
WINDOW_S: Final = 6.0
TEXT: Final = (b'"content": "One', b'"text":"One')


@dataclass(slots=True)
class Heard:
    """The times of first texts, in milliseconds, and the pieces of text so far; `all_open` is set when each stream has one."""

    streams: int
    first_ms: list[float] = field(default_factory=list)
    tokens: int = 0
    all_open: asyncio.Event = field(default_factory=asyncio.Event)

    def first(self, ms: float) -> None:
        """Notes the first text of one more stream."""
        self.first_ms.append(ms)
        if len(self.first_ms) == self.streams:
            self.all_open.set()


@dataclass(frozen=True, slots=True)
class Figures:
    """One crowd: first texts (median and P95, ms), and by function microseconds a token and what it held with all open."""

    median_ms: float
    p95_ms: float
    token_us: tuple[float, ...] = ()
    held: tuple[Held, ...] = ()


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="bench.streams", description=__doc__)
    parser.add_argument("--window-s", type=float, default=WINDOW_S, help="how long all streams are open together")
    window_s = parser.parse_args().window_s
    print(f"{'':<28} {'first text, ms (median, P95)':>38} {'us a token':>18}")
    print(f"{'':<28} {'vendor':>18} {'ours':>19} {'router':>10} {'persona':>8}")
    for together in (False, True):
        crowds = [measured(streams, window_s, together=together) for streams in SIZES]
        for streams, (beside, ours) in zip(SIZES, crowds, strict=True):
            name = f"{streams} streams, {'in one moment' if together else f'{A_SECOND} a second'}"
            times = f"{beside.median_ms:>9.0f} {beside.p95_ms:>8.0f} {ours.median_ms:>10.0f} {ours.p95_ms:>8.0f}"
            print(f"{name:<28} {times} {ours.token_us[0]:>10.0f} {ours.token_us[1]:>8.0f}", flush=True)
        few, many = (ours.held for _, ours in crowds)
        each = [(more.pss - less.pss) / (SIZES[1] - SIZES[0]) for less, more in zip(few, many, strict=True)]
        print(f"{'memory a stream':<28} router {each[0]:.0f} KiB, persona {each[1]:.0f} KiB", flush=True)
    return 0


def measured(streams: int, window_s: float, *, together: bool) -> tuple[Figures, Figures]:
    """The vendor's own figures and ours, of so many streams."""
    begin_s = 0.0 if together else streams / A_SECOND
    delay_s = streams / TOKENS_A_SECOND
    pieces = int((window_s + begin_s + 4.0) / delay_s)
    with (
        vendor("--first-s", str(FIRST_S), "--delay-s", str(delay_s), "--pieces", str(pieces)) as address,
        ExitStack() as running,
    ):
        model = {"MODEL": "openai:stand-in", "MODEL_URL": f"{address}/v1", "STORE": "sqlite:///:memory:"}
        more = {"ANSWERS_AT_ONCE": str(streams), "MODEL_TIMEOUT_S": "60", "REQUEST_TIMEOUT_S": "90"}
        more |= {"RATE_LIMIT_PER_MINUTE": "1000000"}
        lua = running.enter_context(instance(ROOT / "functions/lua/main.py", model | more))
        router = running.enter_context(instance(ROOT / "functions/router/main.py", model | more | {"PERSONA_URL_LUA": lua.url}))
        return asyncio.run(Crowd(streams, begin_s, window_s).both(f"{address}/v1/chat/completions", router, lua))


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many clients, who begin within `begin_s`."""

    streams: int
    begin_s: float
    window_s: float

    async def both(self, vendor_url: str, router: Instance, persona: Instance) -> tuple[Figures, Figures]:
        """The vendor's figures, then ours after a few streams that load what is loaded at first."""
        beside = await self._figures(vendor_url, ())
        for number in range(3):
            await Crowd(1, 0.0, 0.0)._figures(f"{router.url}/api/v2/process", (), f"warm {number}")
        return beside, await self._figures(f"{router.url}/api/v2/process", (router, persona))

    async def _figures(self, url: str, functions: Sequence[Instance], name: str = "talk") -> Figures:
        heard = Heard(self.streams)
        limits = httpx2.Limits(max_connections=self.streams, max_keepalive_connections=0)
        async with httpx2.AsyncClient(timeout=60, trust_env=False, limits=limits) as client:
            began = time.perf_counter()
            at = [began + self.begin_s * number / self.streams for number in range(self.streams)]
            asking = [
                asyncio.create_task(_listen(client, url, f"{name} {number}", start, heard)) for number, start in enumerate(at)
            ]
            opened = asyncio.create_task(heard.all_open.wait())
            await asyncio.wait([opened, *asking], return_when=asyncio.FIRST_COMPLETED)
            if not opened.done():
                for task in asking:
                    task.cancel()
                raise SystemExit(f"a stream ended before all were open: {next(t for t in asking if t.done()).exception()!r}")
            tokens, spent = heard.tokens, [cpu_s(one.pid) for one in functions]
            await asyncio.sleep(self.window_s)
            told = max(1, heard.tokens - tokens)
            token_us = tuple((cpu_s(one.pid) - before) / told * 1e6 for one, before in zip(functions, spent, strict=True))
            holding = tuple(held(one.pid) for one in functions)
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        times = sorted(heard.first_ms)
        return Figures(statistics.median(times), times[-1 - len(times) // 20], token_us, holding)


async def _listen(client: httpx2.AsyncClient, url: str, name: str, start: float, heard: Heard) -> None:
    """One stream, from its time on until it is left."""
    await asyncio.sleep(start - time.perf_counter())
    began, first, rest = time.perf_counter(), True, b""
    async with client.stream("POST", url, json=_body(url, name), headers={"accept": "text/event-stream"}) as response:
        async for part in response.aiter_bytes():
            told = rest + part
            count = sum(told.count(mark) for mark in TEXT)
            rest = b"" if count else told[-20:]
            heard.tokens += count
            if count and first:
                heard.first(1000 * (time.perf_counter() - began))
                first = False


def _body(url: str, name: str) -> dict[str, Any]:
    if url.endswith("/completions"):
        return {"model": "m", "stream": True, "messages": [{"role": "user", "content": name}]}
    return {"user_input": f"How do I prepare for {name}?", "persona": "lua"}


if __name__ == "__main__":
    raise SystemExit(main())
