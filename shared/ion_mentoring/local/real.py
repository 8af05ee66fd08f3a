"""The local set on real parts: starts what this machine has, says what it lacks, and stops all of it again."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import ExitStack
from typing import Any, Final

import httpx2

from ion_mentoring.local.parts import PartMissing, firestore_emulator, pubsub_emulator, valkey_server

PROJECT: Final = "ion-local"
ATTEMPTS: Final = 5
WITHIN_S: Final = 30.0  # an emulator's first words may take a while


class RealParts:
    """Starts parts and sets the environment to them; use as a context, so that they stop."""

    def __init__(self, environ: MutableMapping[str, str], say: Callable[[str], object]) -> None:
        self._environ = environ
        self._say = say
        self._running = ExitStack()

    def __enter__(self) -> "RealParts":
        self._try("Valkey", valkey_server, self._use_valkey)
        self._try("Firestore emulator", firestore_emulator, self._use_firestore)
        self._try("Pub/Sub emulator", pubsub_emulator, self._use_pubsub)
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def _try(self, name: str, start: Callable[[], Any], use: Callable[[int], None]) -> None:
        try:
            part = start()
        except PartMissing as missing:
            self._say(f"  {name}: MISSING, going on without it: {missing}")
            return
        self._running.callback(part.stop)
        use(part.port)
        self._say(f"  {name}: 127.0.0.1:{part.port}")

    def _use_valkey(self, port: int) -> None:
        self._environ["CACHE_URL"] = f"redis://127.0.0.1:{port}"
        self._environ.setdefault("CACHE_KEY_SECRET", "local")

    def _use_firestore(self, port: int) -> None:
        self._environ["FIRESTORE_EMULATOR_HOST"] = f"127.0.0.1:{port}"
        self._environ["STORE"] = f"firestore://{PROJECT}"

    def _use_pubsub(self, port: int) -> None:
        self._environ["PUBSUB_EMULATOR_HOST"] = f"127.0.0.1:{port}"


async def subscribe(
    emulator: str, routes: Mapping[str, tuple[str, str | None]], topics: Sequence[str] = (), project: str = PROJECT
) -> None:
    """Makes topics with push subscriptions (topic to URL) and dead-letter topics in a Pub/Sub emulator, as in the cloud.

    The second URL of a route takes its dead letters, where it is one. `topics` are those that nobody subscribes to.
    """
    base = f"http://{emulator}/v1/projects/{project}"
    async with httpx2.AsyncClient(base_url=base, trust_env=False, timeout=WITHIN_S) as client:
        for topic in topics:
            await _made(client, f"/topics/{topic}", {})
        for topic, (url, buries) in routes.items():
            dead = f"{topic}-dead"
            for name in (topic, dead):
                await _made(client, f"/topics/{name}", {})
            await _made(client, f"/subscriptions/{dead}", {"topic": f"projects/{project}/topics/{dead}"})
            if buries:
                await _made(client, f"/subscriptions/{dead}-push", _pushed(project, dead, buries))
            policy = {"deadLetterTopic": f"projects/{project}/topics/{dead}", "maxDeliveryAttempts": ATTEMPTS}
            await _made(client, f"/subscriptions/{topic}-push", {**_pushed(project, topic, url), "deadLetterPolicy": policy})


def _pushed(project: str, topic: str, url: str) -> dict[str, Any]:
    return {
        "topic": f"projects/{project}/topics/{topic}",
        "pushConfig": {"pushEndpoint": url},
        "ackDeadlineSeconds": 600,
        "retryPolicy": {"minimumBackoff": "0.2s", "maximumBackoff": "10s"},
    }


async def _made(client: httpx2.AsyncClient, path: str, body: Mapping[str, Any]) -> None:
    response = await client.put(path, json=body)
    if response.status_code != httpx2.codes.CONFLICT:
        response.raise_for_status()
