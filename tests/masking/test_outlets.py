"""Nothing personal leaves by any outlet: the log, Sentry, traces, error bodies, the audit log."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest

from ion_mentoring.records.audit.event import AuditEvent
from ion_mentoring.sealing.pseudonyms import Pseudonyms
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.telemetry import trace
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.otlp import Exporter
from ion_mentoring.telemetry.product import APIRequestEvent, DeadLetterEvent, SecurityEvent
from ion_mentoring.telemetry.readable import Readable
from ion_mentoring.telemetry.traces import Traces
from ion_mentoring.wiring.router import build
from tests.fakes import client
from tests.masking.corpus import Personal, dumped, ordinary, personal, plain_letters
from tests.mentoring.test_auditing import House, house  # noqa: F401 - the store of its tests
from tests.telemetry.otlp_sink import OtlpSink
from tests.telemetry.otlp_sink import receiving as receiving_spans
from tests.telemetry.sink import Sink, plain
from tests.telemetry.test_sentry import receiving, reports

NAME = Pseudonyms(b"s" * 32, lambda: 1_795_910_400.0)


def leaked(told: str) -> list[str]:
    """The texts of the corpus of which something came out."""
    plain = plain_letters(told)
    return [one.text for one in personal() if one.stands_in(plain)]


def tell(log: EventLog, one: Personal) -> None:
    """Tells of a text in every place in which somebody's may be."""
    caller = f"acme/sub:{one.text}"
    log.tell(APIRequestEvent("POST", "/x", 422, 1.0, False, "VALIDATION_FAILED", one.text, f"context.{one.text}", caller))
    log.tell(SecurityEvent("forbidden", f"sub:{one.text}", "/x", one.text))
    log.tell(DeadLetterEvent("topic", one.text, 500))
    log.info("something", reason=one.text, caller=f"acme/sub:{one.text}", several=[one.text, {"deep": one.text}])
    log.warning("something", entry={"caller": f"sub:{one.text}", "note": one.text})
    log.error("something", reason=one.text)


def facts(line: str) -> str:
    """A line without its time and the name of its event, which are ours."""
    if line.startswith("{"):
        return dumped({**json.loads(line), "time": "", "message": ""})
    return line[9:].replace("DeadLetterEvent", "")


@pytest.mark.parametrize("form", [None, Readable(coloured=False)])
def test_the_log_has_nothing_personal(form: Readable | None) -> None:
    found = []
    for one in personal():
        lines: list[str] = []
        log = EventLog("router", lines.append, name=NAME, **({"form": form} if form else {}))
        tell(log, one)
        assert len(lines) == 6
        found += [one.text] if one.leaks_into("".join(map(facts, lines))) else []
    assert found == []


def test_the_log_has_ordinary_texts_as_they_are() -> None:
    lines: list[str] = []
    log = EventLog("router", lines.append, name=NAME)
    for text in ordinary():
        log.warning("something", reason=text)
    assert tuple(json.loads(line)["reason"] for line in lines) == ordinary()


async def test_sentry_gets_nothing_personal_and_ordinary_texts_as_they_are() -> None:
    async with receiving(Sink()) as sink:
        told = reports(sink)
        log = EventLog("router", len, outlets=(told,), name=NAME)
        for at, one in enumerate(personal(), 1):
            tell(log, one)
            if at % 30 == 0:
                await asyncio.to_thread(told._send, 5.0)
        for one in personal()[::10]:
            try:
                raise LookupError(one.text) from ValueError(one.text)
            except LookupError as error:
                told._tags = {**told._tags, "request_id": one.text}
                await told.capture(error)
        await asyncio.to_thread(told._send, 5.0)
        assert len(await sink.heard("event", 30)) >= 30
        assert len(sink.items("log")) >= 600
        assert leaked("".join(dumped(item) for kind in ("event", "log", "trace_metric") for item in sink.items(kind))) == []
        assert not any(one.secrets[0].encode() in body for one in personal() for body in sink.bodies)

        for text in ordinary()[:150]:
            log.tell(SecurityEvent("forbidden", "key:web", "/x", text))
        before = len(sink.items("log"))
        await asyncio.to_thread(told._send, 5.0)
        await sink.heard("log", before + 150)
        assert {plain(item)["reason"] for item in sink.items("log")[before:]} == set(ordinary()[:150])


@pytest.fixture
def spans() -> Iterator[OtlpSink]:
    with receiving_spans() as sink:
        yield sink


def test_traces_have_nothing_personal_and_ordinary_texts_as_they_are(spans: OtlpSink) -> None:
    traces = Traces(1.0, Exporter(spans.url, {"service.name": "ion-router"}, []), trusted=False)
    texts = [one.text for one in personal()] + list(ordinary())
    for at, text in enumerate(texts, 1):
        begun = traces.begin(None)
        trace.CURRENT.set(begun)
        with trace.span("store.recall", reason=text, several=[text]):
            pass
        traces.finish(begun, "POST /x", 0.0, {"ion.reason": text}, None)
        if at % 100 == 0:
            traces.close()
    traces.close()
    assert leaked(dumped(spans.spans)) == []
    said = {value["value"].get("stringValue") for span in spans.spans for value in span["attributes"]}
    assert set(ordinary()) <= said


@pytest.fixture(scope="module")
def laptop() -> Any:
    return build(RouterSettings.read({"STORE": "sqlite:///:memory:", "RATE_LIMIT_PER_MINUTE": "100000"}))


@pytest.fixture
async def router(laptop: Any) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(laptop) as asked:
        yield asked


async def refusals(router: httpx2.AsyncClient, text: str) -> str:
    """What is answered to requests that are wrong and have a text wherever one can be sent."""
    bodies: list[dict[str, Any]] = [
        {"user_input": "hello", "persona": text},
        {"user_input": "hello", "context": {text: text}, "resonance_key": text},
        {"user_input": "hello", "context": {"metadata": {"retention": text}}},
        {"user_input": "hello", "mode": text, text: text},
    ]
    answers = [await router.post("/api/v2/process", json=body) for body in bodies]
    answers.append(await router.get(f"/api/v2/personas/{text.replace('/', ' ').replace('?', ' ').replace('#', ' ')}"))
    answers.append(await router.post("/process", json={"user_input": "", "persona": text}))
    assert all(answer.status_code >= 400 for answer in answers[:1] + answers[4:5])
    return "".join(map(said, (answer for answer in answers if answer.status_code >= 400)))


def said(answer: httpx2.Response) -> str:
    """What an answer says, without ids and times, which are drawn."""
    body = {name: value for name, value in answer.json().items() if name not in ("request_id", "timestamp")}
    return dumped([body, {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "date")}])


async def test_error_bodies_have_nothing_personal(router: httpx2.AsyncClient) -> None:
    found = [one.text for one in personal() if one.leaks_into(await refusals(router, one.text))]
    assert found == []


@pytest.mark.parametrize("sent", ["010-2938-4756", "930412-2184736", "4539-7182-0364-1922"])
async def test_an_id_of_a_request_that_is_personal_is_replaced(router: httpx2.AsyncClient, sent: str) -> None:
    answer = await router.get("/api/v2/health", headers={"x-request-id": sent})
    assert answer.headers["x-request-id"] != sent
    own = "3f2b8c1e-0d4a-4c7b-9a57-0123456789ab"
    assert (await router.get("/api/v2/health", headers={"x-request-id": own})).headers["x-request-id"] == own


async def test_the_audit_log_has_nothing_personal(house: House) -> None:  # noqa: F811 - the fixture
    writer = house.writer("seoul-1")
    for one in personal():
        text = one.text
        await writer.tell(AuditEvent("user_erased", f"sub:{text}", "acme", ("admin",), text, "/x", target=text))
    stored = [row[0] for row in await house.database.read("SELECT body FROM audit")]
    assert len(stored) == len(personal())
    assert leaked("".join(stored) + dumped(house.lines)) == []
