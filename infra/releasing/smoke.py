"""Asks a set that was just deployed what its users ask, and says what is not as it should be.

`python infra/releasing/smoke.py https://us-central1.mentoring.example.com --region us-central1`; SMOKE_API_KEY has a key of the
role service. It finds what no static check can: a value that an API refused, a missing grant, a rule at the edge that takes a
question for an attack.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

import httpx2

TIMEOUT_S: Final = 40.0  # above REQUEST_TIMEOUT_S
KOREAN: Final = "팀장이 회의에서 제 의견을 계속 무시해요. 너무 답답해요"
ENGLISH: Final = "How do I plan my first week in a new team?"
ABOUT_SQL: Final = "Why does SELECT * FROM users WHERE name = '' OR '1'='1' -- return every row? Explain UNION SELECT, too."


@dataclass(frozen=True, slots=True)
class Seen:
    """One check and what it found wrong; None if nothing."""

    name: str
    wrong: str | None
    ms: float


@dataclass(frozen=True, slots=True)
class Target:
    """The set at `url`; `region` is what it should call itself, None if that does not matter."""

    client: httpx2.Client
    url: str
    region: str | None = None
    key: str | None = None

    def get(self, path: str) -> httpx2.Response:
        """One GET, without following where it leads."""
        return self.client.get(f"{self.url}{path}")

    def ask(self, text: str, **headers: str) -> httpx2.Response:
        """One question that no cache answers."""
        return self.client.post(
            f"{self.url}/api/v2/process",
            json={"user_input": text, "use_cache": False},
            headers={**({"x-api-key": self.key} if self.key else {}), **headers},
        )


Check = Callable[[Target], str | None]


def healthy(target: Target) -> str | None:
    """The router and everything behind it is well."""
    response = target.get("/api/v2/health")
    if response.status_code != 200:
        return f"status {response.status_code}"
    body = response.json()
    return None if body["status"] == "healthy" else f"{body['status']}: {body['dependencies']}"


def itself(target: Target) -> str | None:
    """It is the region that was asked."""
    region = target.get("/api/v2/status").json()["region"]
    return None if target.region in (None, region) else f"it is {region}"


def answers(text: str) -> Check:
    """A question gets a whole answer: nothing had to be replaced on the way."""

    def check(target: Target) -> str | None:
        response = target.ask(text)
        if response.status_code != 200:
            return _status(target, response)
        body: dict[str, Any] = response.json()
        degraded = body["metadata"]["degraded"]
        return f"degraded: {', '.join(degraded)}" if degraded else None if body["content"].strip() else "it is empty"

    return check


def streams(target: Target) -> str | None:
    """A stream ends with its one `done`."""
    response = target.ask(ENGLISH, accept="text/event-stream")
    if response.status_code != 200:
        return _status(target, response)
    ends = response.text.count("event: done")
    return None if ends == 1 else f"{ends} events done, {response.text.count('event: error')} error"


def refuses(target: Target) -> str | None:
    """Check that a bad request gets the error form of the contract, from the router and not from something before it."""
    response = target.client.post(f"{target.url}/api/v2/process", content=b"{", headers={"content-type": "application/json"})
    try:
        code = response.json()["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return f"status {response.status_code}, and not the error form"
    return None if code in ("INVALID_JSON", "UNAUTHENTICATED") else code


CHECKS: Final[tuple[tuple[str, Check], ...]] = (
    ("healthy", healthy),
    ("itself", itself),
    ("answers Korean", answers(KOREAN)),
    ("answers English", answers(ENGLISH)),
    ("answers about SQL", answers(ABOUT_SQL)),
    ("streams", streams),
    ("refuses", refuses),
)


def smoke(target: Target) -> Iterator[Seen]:
    """Every check, one after the other; what raises is what it found."""
    for name, check in CHECKS:
        began = time.monotonic()
        try:
            wrong = check(target)
        except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
            wrong = f"{type(error).__name__}: {error}"
        yield Seen(name, wrong, (time.monotonic() - began) * 1000)


def told(target: Target, say: Callable[[str], object] = print) -> bool:
    """Says what the checks found; whether all of it is as it should be."""
    well = True
    for seen in smoke(target):
        say(f"  {seen.name:<18} {seen.wrong or 'ok':<40} {seen.ms:7.0f} ms")
        well = well and seen.wrong is None
    return well


def _status(target: Target, response: httpx2.Response) -> str:
    if response.status_code == 401 and not target.key:
        return "status 401: set SMOKE_API_KEY"
    return f"status {response.status_code}"


def client() -> httpx2.Client:
    """The client of the checks."""
    return httpx2.Client(timeout=TIMEOUT_S)


def smoke_key() -> str | None:
    """The key of SMOKE_API_KEY, without the line's end that a pasted secret may have."""
    return os.environ.get("SMOKE_API_KEY", "").strip() or None


def main(arguments: Sequence[str] | None = None) -> int:
    """Asks one set; 0 if everything is as it should be, else 1."""
    parser = argparse.ArgumentParser(description="Ask a deployed set what its users ask.")
    parser.add_argument("url", help="where it answers, such as https://us-central1.mentoring.example.com")
    parser.add_argument("--region", help="what it should call itself")
    asked = parser.parse_args(arguments)
    with client() as asking:
        return 0 if told(Target(asking, asked.url.rstrip("/"), asked.region, smoke_key())) else 1


if __name__ == "__main__":
    sys.exit(main())
