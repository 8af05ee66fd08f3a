"""`python -m bench.hot_path`: where the microseconds of a cached answer go, in this process, without the server around it.

The long way reads the question anew (parse, danger, language, key, route, cache key) and finds the answer in L1; the short way
knows the body, and is asked by API key and by tokens: one that was verified before, and a new one each time. The steps of the
short way are measured each by itself, in a loop that is kinder to the processor's caches than a server is: see what they are
to each other, and `make bench` for what a server makes of them.
"""

import argparse
import json
import time
import timeit
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import jwt
import uvloop
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec.structs import force_setattr
from starlette.requests import Request

from ion_mentoring.access.api_keys import new_key
from ion_mentoring.access.authenticator import Credentials
from ion_mentoring.access.caller import Role
from ion_mentoring.experiments.assignment import arm_of
from ion_mentoring.experiments.experiment import Arm, Experiment
from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.call import Call
from ion_mentoring.handlers.web.http_request import HttpRequest
from ion_mentoring.handlers.web.responses import json_bytes
from ion_mentoring.mentoring.answering.answer_cache import CachedReply
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.telemetry import trace
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.product import APIRequestEvent, PersonaProcessEvent
from ion_mentoring.telemetry.reporting import Destination, SentryReports
from ion_mentoring.telemetry.traces import Traces
from ion_mentoring.wiring.router import build

PATH: Final = "/api/v2/process"
QUESTION: Final = {"user_input": "How do I prepare for a job interview?"}
KEY: Final = new_key("bench", Role.SERVICE)
BY_KEY: Final = (b"x-api-key", KEY.secret.encode())
PLACES: Final = (("bench", 1, "usual", "calm"),)
ROUNDS: Final = 40
SIGNER: Final = rsa.generate_private_key(65537, 2048)


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="bench.hot_path")
    parser.add_argument("--requests", type=int, default=4_000)
    uvloop.run(measured(parser.parse_args().requests))
    return 0


async def measured(requests: int) -> None:
    """Both ways, then the steps of the short one."""
    environ = {
        "STORE": "sqlite:///:memory:",
        "ENVIRONMENT": "prod",
        "MODEL": "playbook",
        "CACHE_KEY_SECRET": "s",
        "API_KEYS": KEY.line,
        "JWT_KEY": SIGNER.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        "JWT_ISSUER": "bench",
        "JWT_AUDIENCE": "ion",
    }
    router = build(RouterSettings.read({**environ, "RATE_LIMIT_PER_MINUTE": "100000000"}))
    for teller in (_endpoints(router).answer, _endpoints(router).answered):
        force_setattr(teller, "log", EventLog("bench", len))
    await _ask(router, json.dumps(QUESTION).encode())
    long = await _microseconds(router, [json.dumps({**QUESTION, "n": n}).encode() for n in range(requests)])
    short = await _microseconds(router, [json.dumps(QUESTION).encode()] * requests)
    known, new = [_token(0)] * requests, [_token(number) for number in range(1, requests // 4)]
    in_experiment = await _in_experiment(router, requests)
    by_token, by_new = [await _microseconds(router, [json.dumps(QUESTION).encode()] * len(sent), sent) for sent in (known, new)]
    whole = {
        "the long way, from L1": long,
        "the short way, from L1": short,
        "the same for a person": in_experiment[0],
        "the same for a person while an experiment runs": in_experiment[1],
        "the same by an RS256 token": by_token,
        "the same by a new RS256 token each": by_new,
    }
    print("".join(f"{name:<52} {took:>7.1f} us\n" for name, took in whole.items()))
    for name, step in (await _steps(router)).items():
        took = min(timeit.repeat(step, number=2_000, repeat=5)) / 2_000 * 1e6
        print(f"  {name:<50} {took:>7.1f} us")


async def _in_experiment(router: App, requests: int) -> tuple[float, float]:
    """The short way for a person, before an experiment and while one runs: the best of some rounds of each, in turn."""
    run = _endpoints(router).answer.experiments
    draft = Experiment(
        "bench", "weights", (Arm("usual"), Arm("other", 1, {"lua": 1.0}, 0.1)), datetime.now(UTC), state="running"
    )
    await run.experiments.kept.add(draft)
    body = await _of_usual(router, draft)
    best = [float("inf"), float("inf")]
    for round_ in range(2 * ROUNDS):
        await run.experiments.kept.replace(replace(draft, state=("draft", "running")[round_ % 2], revision=round_ + 2))
        await run.experiments.read_anew()
        for _ in range(3):
            await _ask(router, body)
        best[round_ % 2] = min(best[round_ % 2], await _microseconds(router, [body] * (requests // ROUNDS)))
    return best[0], best[1]


async def _of_usual(router: App, experiment: Experiment) -> bytes:
    """The body of somebody who meets the usual arm: the other one's answer may be longer."""
    v2 = _endpoints(router)
    caller = await router.authenticator.authenticator.caller(Credentials(None, KEY.secret, ""))
    users = (f"kim-{number}" for number in range(100))
    met = {user: arm_of(experiment, v2.receipts.learner(caller, user).mark) for user in users}
    user = next(user for user, arm in met.items() if arm and arm.id == "usual")
    return json.dumps({**QUESTION, "context": {"user_id": user}}).encode()


def _token(number: int) -> tuple[bytes, bytes]:
    now = int(time.time())
    claims = {"sub": "bench", "iss": "bench", "aud": "ion", "iat": now, "exp": now + 3_600, "jti": str(number)}
    return b"authorization", b"Bearer " + jwt.encode(claims, SIGNER, "RS256").encode()


async def _microseconds(router: App, bodies: list[bytes], credentials: list[tuple[bytes, bytes]] | None = None) -> float:
    began = time.process_time()
    for body, credential in zip(bodies, credentials or [BY_KEY] * len(bodies), strict=True):
        await _ask(router, body, credential)
    return (time.process_time() - began) / len(bodies) * 1e6


async def _ask(router: App, body: bytes, credential: tuple[bytes, bytes] = BY_KEY) -> None:
    response = await router.handle(_request(body, credential))
    if response.status_code != 200:
        raise SystemExit(f"this would measure something else: {bytes(response.body)!r}")


def _request(body: bytes, credential: tuple[bytes, bytes] = BY_KEY) -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [
        (b"host", b"127.0.0.1:8080"),
        (b"content-length", b"%d" % len(body)),
        (b"content-type", b"application/json"),
        credential,
    ]
    scope = {"type": "http", "method": "POST", "path": PATH, "headers": headers, "client": ("127.0.0.1", 1)}
    return Request(scope, receive)


async def _steps(router: App) -> dict[str, Callable[[], object]]:
    body = json.dumps(QUESTION).encode()
    await _ask(router, body)
    await _ask(router, body)
    v2, authenticator, limit = _endpoints(router), router.authenticator.authenticator, router.admission
    parsed = next(iter(v2.parsed.find(body, "default").readings.values()))
    hit = v2.answer.cache.tiers.look(parsed.address.key, parsed.address.scope)
    known = CachedReply(hit.value, hit.layer, False, False, ())
    call = Call(
        HttpRequest(_request(body)),
        "id",
        await authenticator.caller(Credentials(None, KEY.secret, "")),
        body,
        {},
        time.perf_counter(),
    )
    request, answer = _request(body), parsed.body(known, call, "")

    reports = SentryReports(Destination("http://key@127.0.0.1:1/1", "bench", "bench", "bench"), "router")
    both = (
        PersonaProcessEvent("lua", parsed.key, 0.5, 0.1, True, True, None, "L1", "playbook", (), "key:bench", 0, 0, 0),
        APIRequestEvent("POST", PATH, 200, 0.1, True),
    )

    traces = Traces(0.0, lambda *_: None, trusted=False)
    begun = traces.begin(None)

    def marked() -> None:
        trace.CURRENT.set(trace.Trace(begun.trace_id, begun.span_id, marks=trace.Marks()))
        trace.mark("admit", 0.0)
        trace.mark("cache.get", 0.0, layer="L1")
        traces.finish(begun, "POST /api/v2/process", 0.0, {}, None)
        trace.CURRENT.set(None)

    def at_once(step: Coroutine[Any, Any, object]) -> None:
        try:
            step.send(None)
        except StopIteration:
            return

    token, run = _token(0)[1].decode(), v2.answer.experiments
    run._met["kim"] = {"bench": 1}

    return {
        "headers and path": lambda: HttpRequest(request),
        "a trace and a request id": lambda: (trace.continued(None), router.new_id()),
        "who calls (SHA-256 of the key)": lambda: at_once(authenticator.caller(Credentials(None, KEY.secret, ""))),
        "who calls (a token that is known)": lambda: at_once(authenticator.caller(Credentials(token, None, ""))),
        "the rate limit": lambda: at_once(limit.admit(call.caller, costs=True)),
        "the body, known by its keyed hash": lambda: v2.parsed.find(body, "default"),
        "a flag": lambda: v2.answer.routing.exploration("default"),
        "the arms that a person meets": lambda: v2.answer.experiments.assigned("kim"),
        "an arm, met before, and counted": lambda: (run.met("kim", PLACES), run.known(PLACES, "L1", 0.0)),
        "the answer, in L1": lambda: v2.answer.cache.tiers.look(parsed.address.key, parsed.address.scope),
        "the response's JSON": lambda: parsed.body(known, call, ""),
        "the response": lambda: json_bytes(answer),
        "the answer's event and record": lambda: v2.answered.known(call, parsed, known),
        "the same, counted and sampled for Sentry": lambda: [reports(event) for event in both],
        "two marks, and the end of a trace": marked,
        "the request's event": lambda: v2.answer.log.tell(APIRequestEvent("POST", PATH, 200, 0.1, True)),
    }


def _endpoints(router: App) -> Any:
    (endpoint,) = [endpoint for endpoint in router.endpoints.all if endpoint.path == PATH]
    return endpoint.run.__self__  # type: ignore[attr-defined]


if __name__ == "__main__":
    raise SystemExit(main())
