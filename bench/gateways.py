"""`make bench-gateways`: what router and persona function add to a model's whole answer, beside LiteLLM's proxy.

Each is asked at 1 and at 100 at once, in turn with the stand-in vendor itself, whose answer takes a fixed time; what a gateway
adds is its time less the vendor's median at the same concurrency. All gateways have one core, vendor and clients the other.
No question is asked twice, and each gateway checks a key. Processor time and memory are of all processes of a gateway.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx2

from bench.processes import cpu_s, held
from bench.serving import Instance, instance, program, vendor
from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.local.parts import free_port

ROOT: Final = Path(__file__).resolve().parent.parent
KEY: Final = "sk-bench"
COMPLETIONS: Final = "/v1/chat/completions"
CALLERS: Final = 20  # of ours, since none gets more than a quarter of the answers at once
PIECES: Final = 20
AFTER_S: Final = {
    1: 0.02,
    100: 4.0,
}  # how long the vendor takes, by questions at once: so that no gateway has more than it can do
ASKED: Final = {1: 150, 100: 300}  # questions of a round
ROUNDS: Final = 2


@dataclass(slots=True)
class Gateway:
    """Somebody who answers: how a question is asked there (each of many callers by a key), and what came of it.

    The vendor itself has no processes that count.
    """

    name: str
    url: str
    body: Callable[[int], Mapping[str, Any]]
    headers: Sequence[Mapping[str, str]] = ({},)
    pids: Sequence[int] = ()
    took_ms: list[float] = field(default_factory=list)
    cpu_s: float = 0.0

    def spent_s(self) -> float:
        """Processor time so far."""
        return sum(map(cpu_s, self.pids))

    def line(self, own_ms: float) -> str:
        """The milliseconds that it adds, and what it takes."""
        added = sorted(took - own_ms for took in self.took_ms)
        wall = f"{statistics.median(added):>8.1f} {added[min(len(added) - 1, int(0.99 * len(added)))]:>8.1f}"
        if not self.pids:
            return f"  {self.name:<44} {wall}"
        mib = sum(held(pid).pss for pid in self.pids) / 1024
        return f"  {self.name:<44} {wall} {1000 * self.cpu_s / len(self.took_ms):>14.1f} {mib:>10.0f}"


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="bench.gateways")
    parser.add_argument("--litellm", type=Path, help="its program; without it ours alone are measured")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    for at_once in AFTER_S:
        print(f"{at_once} at once, ms added to a whole answer{'':>10} median      P99 ms of processor     MiB", flush=True)
        with ExitStack() as running:
            gateways = [*beside(running, at_once, asked.litellm)]
            asyncio.run(measured(gateways, at_once, asked.rounds))
            own_ms = statistics.median(gateways[0].took_ms)
            print("\n".join(gateway.line(own_ms) for gateway in gateways), flush=True)
    return 0


def beside(running: ExitStack, at_once: int, litellm: Path | None) -> Iterator[Gateway]:
    """The vendor, and all who ask it."""
    address = running.enter_context(vendor("--first-s", str(AFTER_S[at_once]), "--pieces", str(PIECES)))
    yield Gateway("the vendor itself", address + COMPLETIONS, completion)
    keys = [new_key(f"bench-{number}", Role.SERVICE) for number in range(CALLERS)]
    sent = [{"x-api-key": key.secret} for key in keys]
    model = {"MODEL": "openai:m", "MODEL_URL": f"{address}/v1", "STORE": "sqlite:///:memory:", "ANSWERS_AT_ONCE": "100"}
    ours = model | {"API_KEYS": ",".join(key.line for key in keys), "RATE_LIMIT_PER_MINUTE": "1000000"}
    persona = running.enter_context(instance(ROOT / "functions/lua/main.py", model))
    router = running.enter_context(instance(ROOT / "functions/router/main.py", ours | {"PERSONA_URL_LUA": persona.url}))
    alone = running.enter_context(instance(ROOT / "functions/router/main.py", ours))
    path = "/api/v2/process"
    yield Gateway("router and persona function", router.url + path, question, sent, (router.pid, persona.pid))
    yield Gateway("a router that has its personas in it", alone.url + path, question, sent, (alone.pid,))
    if litellm:
        proxy = running.enter_context(litellm_proxy(litellm, address))
        yield Gateway(
            "LiteLLM's proxy", proxy.url + COMPLETIONS, completion, [{"authorization": f"Bearer {KEY}"}], (proxy.pid,)
        )


@contextmanager
def litellm_proxy(litellm: Path, address: str) -> Iterator[Instance]:
    """LiteLLM's proxy with one model, the vendor's, and one key; it reads YAML, of which JSON is a part."""
    port = free_port()
    served = {"model_name": "m", "litellm_params": {"model": "openai/m", "api_base": f"{address}/v1", "api_key": "none"}}
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.yaml")
        config.write_text(json.dumps({"model_list": [served], "general_settings": {"master_key": KEY}}), encoding="utf-8")
        command = (str(litellm.absolute()), "--config", str(config), "--host", "127.0.0.1", "--port", str(port))
        quiet = {"HOME": folder, "LITELLM_LOG": "ERROR", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
        with program([*command, "--telemetry", "False"], quiet, port, "/health/liveliness") as at:
            yield at


def completion(number: int) -> Mapping[str, Any]:
    """A question in OpenAI's form."""
    return {"model": "m", "messages": [{"role": "user", "content": f"How do I prepare for talk {number}?"}]}


def question(number: int) -> Mapping[str, Any]:
    """The same in ours."""
    return {"user_input": f"How do I prepare for talk {number}?", "persona": "lua"}


async def measured(gateways: Sequence[Gateway], at_once: int, rounds: int) -> None:
    """Asks each in turn; the first round loads what is loaded at the first requests, and does not count."""
    numbers = count()
    for round_ in range(rounds + 1):
        for gateway in gateways:
            before = gateway.spent_s()
            took = await _round(gateway, numbers, at_once, ASKED[at_once])
            if round_:
                gateway.took_ms += took
                gateway.cpu_s += gateway.spent_s() - before


async def _round(gateway: Gateway, numbers: Iterator[int], at_once: int, asked: int) -> list[float]:
    """Milliseconds of each answer, of so many who ask one question after the other, and who begin one after the other.

    ValueError where an answer is none of the model's.
    """
    limits = httpx2.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    took: list[float] = []

    async def one(client: httpx2.AsyncClient, place: int) -> None:
        await asyncio.sleep(AFTER_S[at_once] * place / at_once)
        headers = gateway.headers[place % len(gateway.headers)]
        while len(took) + at_once <= asked:
            began = time.perf_counter()
            response = await client.post(gateway.url, json=dict(gateway.body(next(numbers))), headers=dict(headers))
            if response.status_code != httpx2.codes.OK or b"One small step" not in response.content:
                raise ValueError(f"{gateway.name} did not ask the model: {response.content[:300]!r}")
            took.append(1000 * (time.perf_counter() - began))

    async with httpx2.AsyncClient(timeout=60, trust_env=False, limits=limits) as client:
        await asyncio.gather(*(one(client, place) for place in range(at_once)))
    return took


if __name__ == "__main__":
    raise SystemExit(main())
