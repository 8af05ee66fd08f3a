"""`python -m bench.memory`: what an instance of the router holds, and that nothing grows while it answers 50,000 requests.

Memory is that of both its processes (the server's first one, and the one that answers): resident, and proportional (a page
that both share counts once). One instance is taken from rest through first answers and sessions to open streams; another one
gets answers until L1 is full; a third one answers until every bound is reached, and then 50,000 times more. 1 if it has grown.
"""

import argparse
import asyncio
import contextlib
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from bench.processes import Held, held
from bench.serving import Instance, client_of, instance, vendor
from bench.steps import FRESH, PATH
from bench.streams import Crowd

ROOT: Final = Path(__file__).resolve().parent.parent
ROUTER: Final = ROOT / "functions/router/main.py"
CONNECTIONS: Final = 8
SESSIONS: Final = 1_000
STREAMS: Final = 200
FULL_BYTES: Final = 64 * 1024 * 1024  # of L1, where CACHE_LOCAL_BYTES says nothing else
PIECES: Final = 1_000  # of 26 characters each: a long answer, which is still kept (one of 81 KB is not)
FEW: Final = 2_700  # such answers: more than fit
MIB: Final = 1024
HEAD: Final = f"POST {PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: "
LENGTH: Final = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Load:
    """The requests of the trial of growth. Every so manieth question is a new one: `new_before`, until bounds are reached, and
    `new` from then on; the others are `popular`. L1 has `cache_bytes`.
    """

    before: int = 25_000
    requests: int = 50_000
    parts: int = 5
    new_before: int = 8
    new: int = 25
    popular: int = 200
    cache_bytes: int = 2 * 1024 * 1024
    within_s: float = 240.0


def main() -> int:
    """Measures and prints; 1 where memory has grown."""
    parser = argparse.ArgumentParser(prog="bench.memory")
    parser.add_argument("--only", choices=("day", "full", "growth"))
    parser.add_argument("--most-mib", type=float, default=3.0, help="by which it may differ after 50,000 requests")
    asked = parser.parse_args()
    tables = {"day": day, "full": full}
    for what, now in chain.from_iterable(table() for name, table in tables.items() if asked.only in (None, name)):
        print(f"{what:<58} {now.rss / MIB:>7.1f} MiB resident {now.pss / MIB:>7.1f} MiB proportional", flush=True)
    if asked.only in tables:
        return 0
    began = time.monotonic()
    held_kib = growth(Load())
    grown = (held_kib[-1] - held_kib[0]) / MIB
    told = ", ".join(f"{kib / MIB:.1f}" for kib in held_kib)
    print(f"after 25,000 requests and then each 10,000, MiB proportional: {told} ({time.monotonic() - began:.0f} s)")
    grows = grown > asked.most_mib
    print(f"that is {grown:+.2f} MiB, of which {asked.most_mib:g} are let pass: {'IT GROWS' if grows else 'it does not grow'}")
    return int(grows)


def day() -> Iterator[tuple[str, Held]]:
    """An instance from rest to open streams, with the persona Lua behind her own function and the others in it."""
    more = {"ANSWERS_AT_ONCE": str(STREAMS), "REQUEST_TIMEOUT_S": "180", "MODEL_TIMEOUT_S": "150"}
    with ExitStack() as running:
        address = running.enter_context(vendor("--first-s", "0.3", "--delay-s", "0.2", "--pieces", "600"))
        model = {"MODEL": "openai:stand-in", "MODEL_URL": f"{address}/v1", "STORE": "sqlite:///:memory:"}
        lua = running.enter_context(instance(ROOT / "functions/lua/main.py", model | more))
        router = running.enter_context(_router(more | {"PERSONA_URL_LUA": lua.url}))
        yield "at rest", held(router.pid)
        for language, text in (("English", FRESH[2]), ("Korean", FRESH[1])):
            ask(router, [body(text)])
            yield f"after a first {language} answer", held(router.pid)
        turns = ("I have to give a talk and I am nervous.", "And what if I forget what to say?")
        asked = (body(text, user_id=f"u{number}", session_id="s") for number in range(SESSIONS) for text in turns)
        ask(router, [body(text, user_id="first", session_id="s") for text in turns] + list(asked))
        yield f"after {SESSIONS:,} sessions of two turns each", held(router.pid)
        crowd = Crowd(STREAMS, STREAMS / 20, 2.0)
        _, ours = asyncio.run(crowd.both(f"{address}/v1/chat/completions", router, lua))
        yield f"with {STREAMS} open streams", ours.held[0]


def full() -> Iterator[tuple[str, Held]]:
    """An instance whose L1 is filled with long answers, to its bound in bytes."""
    with ExitStack() as running:
        address = running.enter_context(vendor("--pieces", str(PIECES)))
        router = running.enter_context(_router({"MODEL": "openai:stand-in", "MODEL_URL": f"{address}/v1"}))
        ask(router, [body(FRESH[0])])
        yield "another instance, after a first answer of 26 KB", held(router.pid)
        ask(router, [body(f"How do I prepare for talk {number}?") for number in range(FEW)])
        with client_of(router) as client:
            l1 = client.get("/api/v2/cache-stats").json()["l1"]
        if l1["evictions"] == 0:
            raise SystemExit(f"L1 is not full: {l1}")
        yield f"the same with its L1 full ({l1['entries']:,} entries, {FULL_BYTES // MIB // MIB} MiB)", held(router.pid)


def growth(load: Load) -> list[float]:
    """KiB held when every bound is reached, and after each part of the requests; ValueError where the time is over before."""
    until = time.monotonic() + load.within_s
    with _router({"CACHE_LOCAL_BYTES": str(load.cache_bytes)}) as router:
        ask(router, _mixed("before", load.before, load.new_before, load.popular), until)
        found = [held(router.pid).pss]
        for part in range(load.parts):
            ask(router, _mixed(f"part {part}", load.requests // load.parts, load.new, load.popular), until)
            found.append(held(router.pid).pss)
    return found


def ask(at: Instance, bodies: list[bytes], until: float = float("inf")) -> None:
    """Asks all over some connections, as fast as they are answered; ValueError for another answer than 200, or too late."""
    asyncio.run(_asked(at, iter(bodies), until))


async def _asked(at: Instance, bodies: Iterator[bytes], until: float) -> None:
    await asyncio.gather(*(_connection(at, bodies, until) for _ in range(CONNECTIONS)))


async def _connection(at: Instance, bodies: Iterator[bytes], until: float) -> None:
    where = urlsplit(at.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        for sent in bodies:
            writer.write(f"{HEAD}{len(sent)}\r\n\r\n".encode() + sent)
            head = await reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(head)
            answer = await reader.readexactly(int(length[1]) if length else 0)
            if not head.startswith(b"HTTP/1.1 200"):
                raise ValueError(f"this would measure something else: {answer!r}")
            if time.monotonic() > until:
                raise ValueError("not done in time: this wants a quieter machine")
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def body(text: str, **context: str) -> bytes:
    """A question as it is sent, to a mentor who is in the router itself."""
    return json.dumps({"user_input": text, "persona": "nana", **({"context": context} if context else {})}).encode()


def _mixed(name: str, requests: int, new: int, popular: int) -> list[bytes]:
    about = (f"{name} {number}" if number % new == 0 else str(number % popular) for number in range(requests))
    return [body(f"How do I prepare for interview {one}?") for one in about]


@contextmanager
def _router(more: Mapping[str, Any]) -> Iterator[Instance]:
    """A router with a store on disk, which is none of its memory."""
    with tempfile.TemporaryDirectory() as folder:
        store = {"STORE": f"sqlite:///{folder}/store.db", "RATE_LIMIT_PER_MINUTE": "100000000"}
        with instance(ROUTER, store | dict(more)) as router:
            yield router


if __name__ == "__main__":
    sys.exit(main())
