"""The table of faults: what is broken and how, and what the people of a drill may notice."""

import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from infra.drills.way import Manner
from infra.drills.world import World

Mend = Callable[[], Awaitable[None]]
Break = Callable[[World], Awaitable[Mend]]

CACHE_MS: Final = 100.0  # how long a call to the cache may take: backends/valkey/valkey_client.py
STORE_MS: Final = 2_500.0  # how long a question waits for its history (1 s), and its answer for the ledger (1.5 s)
BACK_S: Final = 5.0
STORE_BACK_S: Final = 15.0  # its breaker rests for 5 s, and gRPC connects anew at its own pace
BREAKER_BACK_S: Final = 75.0  # the breaker of a model or a persona rests for a minute
SLOW_S: Final = 3.0  # longer than a model may take in a drill
NOTHING: Final = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
JUNK: Final = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n{[\xff\x00}]\n"
ERROR: Final = b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
REFUSAL: Final = b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
BUSY: Final = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 5\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `kind` is the questions that meet it, `mark` what their answers then say they went without (None: nothing).

    The P95 of all answers may rise by `rise_ms` (None: a request has its budget, and no more); all is well again `back_s`
    after the mending.
    """

    dependency: str
    how: str
    does: Break
    kind: str
    mark: str | None
    rise_ms: float | None
    back_s: float

    @property
    def name(self) -> str:
        """A name that a file may have."""
        return f"{self.dependency}-{self.how}"


def by_way(dependency: str, manner: Manner) -> Break:
    """Breaks the way to a dependency."""

    async def does(world: World) -> Mend:
        await world.ways[dependency].become(manner)
        return world.ways[dependency].mend

    return does


def by_pause(dependency: str) -> Break:
    """Stops a dependency's process, as one that hangs."""

    async def does(world: World) -> Mend:
        world.signal(dependency, signal.SIGSTOP)

        async def mend() -> None:
            world.signal(dependency, signal.SIGCONT)

        return mend

    return does


async def cache_killed(world: World) -> Mend:
    """Kills Valkey; another one, empty, takes its place."""
    await world.ways["cache"].become(KILLED)
    world.parts["cache"].terminate()

    async def mend() -> None:
        await world.replace_cache()
        await world.ways["cache"].mend()

    return mend


def by_setting(name: str, broken: str, well: str) -> Break:
    """Sets a setting of Valkey, and ends the connections that know it otherwise."""

    async def does(world: World) -> Mend:
        operator = world.parts["cache"].client()  # one connection, which knows what was before
        operator.execute_command("CONFIG", "SET", "maxmemory-policy", "noeviction")
        operator.execute_command("CONFIG", "SET", name, broken)
        if name == "requirepass":
            operator.execute_command("AUTH", broken)
            operator.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")

        async def mend() -> None:
            operator.execute_command("CONFIG", "SET", name, well)
            operator.close()

        return mend

    return does


def _of_cache(how: str, does: Break, mark: str | None = "cache") -> Fault:
    return Fault("cache", how, does, "known", mark, CACHE_MS, BACK_S)


def _of_store(how: str, does: Break) -> Fault:
    return Fault("store", how, does, "session", "memory", STORE_MS, STORE_BACK_S)


def _of_model(manner: Manner) -> Fault:
    return Fault("model", manner.name, by_way("model", manner), "new", "model", None, BREAKER_BACK_S)


def _of_persona(manner: Manner) -> Fault:
    return Fault("persona", manner.name, by_way("persona", manner), "new", "persona", None, BREAKER_BACK_S)


def _of_topics(how: str, does: Break) -> Fault:
    return Fault("topics", how, does, "new", None, CACHE_MS, BACK_S)


KILLED: Final = Manner("killed", refuses=True)
FROZEN: Final = Manner("frozen", freezes=True)
SLOW: Final = Manner("slow", delay_s=SLOW_S)
CUT: Final = Manner("cut", cut_after=400)

FAULTS: Final = (
    _of_cache("killed", cache_killed),
    _of_cache("frozen", by_pause("cache")),
    _of_cache("full", by_setting("maxmemory", "1", "0"), mark=None),
    _of_cache("refusing", by_setting("requirepass", "another", "")),
    _of_cache("slow", by_way("cache", Manner("slow", delay_s=0.3))),
    _of_cache("garbage", by_way("cache", Manner("garbage", says=b"*3\r\n$1\r\nx\r\n:7\r\n"))),
    _of_store("killed", by_way("store", KILLED)),
    _of_store("frozen", by_pause("store")),
    _of_store("slow", by_way("store", SLOW)),
    _of_store("garbage", by_way("store", Manner("garbage", says=JUNK))),
    *(_of_model(one) for one in (KILLED, FROZEN, SLOW, CUT)),
    *(_of_model(Manner(how, says=says)) for how, says in (("empty", NOTHING), ("garbage", JUNK), ("refusing", REFUSAL))),
    _of_model(Manner("busy", says=BUSY)),
    *(_of_persona(one) for one in (KILLED, FROZEN, SLOW, CUT)),
    *(_of_persona(Manner(how, says=says)) for how, says in (("error", ERROR), ("garbage", JUNK))),
    _of_topics("killed", by_way("topics", KILLED)),
    _of_topics("frozen", by_pause("topics")),
)
