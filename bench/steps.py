"""The steps of an answer that are counted, in this process and without a server around them.

`python -m bench.steps L1|L2|miss TIMES` does one so many times and nothing else, for a program that counts from outside;
with `--count` it prints as JSON what it counts itself of one of them. L2 is at CACHE_URL.
"""

import argparse
import json
import os
import sys
from dataclasses import asdict
from typing import Any, Final

import uvloop
from starlette.requests import Request

from bench.counting import least
from bench.unheard import unheard
from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.caller import Role
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build

PATH: Final = "/api/v2/process"
QUESTION: Final = "How do I prepare for a job interview?"
WARM_UP: Final = 3  # requests, after which nothing is done for the first time
FRESH: Final = (
    QUESTION,
    "팀장이 회의에서 제 의견을 계속 무시해요. 너무 답답해요",
    "I failed my exam and I feel like a fraud",
    "면접에서 긴장하지 않으려면 어떻게 해야 하나요?",
)
ENVIRON: Final = {
    "STORE": "sqlite:///:memory:",
    "ENVIRONMENT": "prod",
    "MODEL": "playbook",
    "CACHE_KEY_SECRET": "bench",
    "RATE_LIMIT_PER_MINUTE": "100000000",
    "REQUEST_TIMEOUT_S": "60",  # under valgrind everything takes fifty times as long
}


class Step:
    """A router that is asked for one kind of answer: "L1", "L2" (at `cache_url`) or "miss"."""

    def __init__(self, kind: str, cache_url: str = "") -> None:
        key = new_key("bench", Role.SERVICE)
        l2 = {"CACHE_URL": cache_url, "CACHE_LOCAL_BYTES": "0"} if kind == "L2" else {}
        self._kind = kind
        self._key = key.secret.encode()
        self._router = build(RouterSettings.read({**ENVIRON, **l2, "API_KEYS": key.line}))
        self._asked = 0

    @property
    def round_trips(self) -> int:
        """The round trips to L2 so far that reads took."""
        (endpoint,) = (one for one in self._router.endpoints.all if one.path == PATH)
        _, server = endpoint.run.__self__.answer.cache.tiers.figures()  # type: ignore[attr-defined]
        return server.round_trips if server else 0

    async def warm_up(self) -> None:
        """Asks until nothing is done for the first time any more."""
        for text in (*FRESH, QUESTION):
            await self.ask(text)
        for _ in range(WARM_UP):
            await self.once()

    async def once(self) -> None:
        """One answer of its kind; ValueError where it came from somewhere else."""
        self._asked += 1
        text = f"{FRESH[self._asked % len(FRESH)]} {self._asked}" if self._kind == "miss" else QUESTION
        layer = await self.ask(text)
        if (layer or "miss") != self._kind:
            raise ValueError(f"an answer from {layer}, where {self._kind} is counted")

    async def ask(self, text: str) -> str | None:
        """The layer of the cache that answers a question, None where a model does; ValueError where nobody does."""
        response = await self._router.handle(posted(text, (b"x-api-key", self._key)))
        if response.status_code != 200:
            raise ValueError(f"a response of {response.status_code}")
        layer: str | None = json.loads(bytes(response.body))["performance"]["cache_layer"]
        return layer


def posted(text: str, *headers: tuple[bytes, bytes]) -> Request:
    """A question as the framework hands it to a function."""
    body = json.dumps({"user_input": text}).encode()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "headers": [
            (b"host", b"127.0.0.1:8080"),
            (b"content-length", b"%d" % len(body)),
            (b"content-type", b"application/json"),
            *headers,
        ],
        "client": ("127.0.0.1", 1),
    }
    return Request(scope, receive)


async def repeated(kind: str, times: int) -> None:
    """The warm-up, and so many answers of one kind."""
    step = Step(kind, os.environ.get("CACHE_URL", ""))
    await step.warm_up()
    for _ in range(times):
        await step.once()


async def taken(kind: str, times: int) -> dict[str, int]:
    """The least that an answer of a kind takes of what is counted, in so many of them."""
    step = Step(kind, os.environ.get("CACHE_URL", ""))
    await step.warm_up()
    before, counts = step.round_trips, await least(step.once, times)
    return {**asdict(counts), "round_trips": -((before - step.round_trips) // times)}


def main() -> int:
    """Does a step so often, or counts."""
    parser = argparse.ArgumentParser(prog="bench.steps")
    parser.add_argument("kind", choices=("L1", "L2", "miss"))
    parser.add_argument("times", type=int)
    parser.add_argument("--count", action="store_true")
    asked = parser.parse_args()
    with unheard():
        counts = uvloop.run((taken if asked.count else repeated)(asked.kind, asked.times))
    if counts is not None:
        print(json.dumps(counts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
