"""What reaches Sentry has its tags and no words of anybody, is sent as sums, and sending it holds a request up seldom."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import sentry_sdk

from ion_mentoring.telemetry import sentry, trace
from ion_mentoring.telemetry.events import REQUEST_ID
from ion_mentoring.telemetry.product import APIRequestEvent, PersonaProcessEvent, SecurityEvent
from ion_mentoring.telemetry.reporting import EVERY_S, FLUSH_S, MOST_WAITING, PERSONA, Destination, SentryReports
from ion_mentoring.telemetry.unreported import Unreported
from tests.fakes import Clock
from tests.telemetry.sink import Sink, plain

ANSWERED = PersonaProcessEvent(
    "lua", "calm-medium-learning", 0.8, 1.5, False, True, None, None, "playbook", (), "key:acme", 3, 4, 5, "embedded"
)


@asynccontextmanager
async def receiving(sink: Sink) -> AsyncIterator[Sink]:
    async with sink.listening():
        sentry.start.cache_clear()
        yield sink
        await asyncio.to_thread(sentry_sdk.get_client().close, 0.5)
        sentry_sdk.get_global_scope().set_client(None)  # a default client would patch Starlette


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with receiving(Sink()) as sink:
        yield sink


def reports(sink: Sink, clock: Clock | None = None, *, chance: float = 1.0) -> SentryReports:
    """Those of a router; without a clock everything is due."""
    told = clock or Clock()
    made = SentryReports(Destination(sink.dsn, "test", "seoul", "1.2.3"), "router", now=told, chance=lambda: chance)
    if clock is None:
        told.tick(EVERY_S)
    return made


async def failed(said: str) -> Exception:
    try:
        raise ValueError(f"could not parse {said}")
    except ValueError as error:
        return error


async def test_a_process_that_ends_waits_for_what_is_being_sent(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    flush = sentry.flush

    def slow(seconds: float) -> None:
        time.sleep(0.5)
        flush(seconds)

    monkeypatch.setattr(sentry, "flush", slow)
    ending = reports(sink)
    ending(ANSWERED)
    ending.ending()
    await asyncio.sleep(0.1)  # what there was is taken, and on its way
    await asyncio.to_thread(ending.close)
    assert sink.items("trace_metric")


async def test_an_error_arrives_with_its_tags_its_trace_and_without_anybodys_words(sink: Sink) -> None:
    REQUEST_ID.set("r-1")
    PERSONA.set("lua")
    trace.CURRENT.set(trace.Trace("a" * 32, "b" * 16))
    await reports(sink).capture(await failed("my secret diary"))
    (event,) = await sink.heard("event")
    tags = {"function": "router", "region": "seoul", "request_id": "r-1", "trace_id": "a" * 32, "persona": "lua"}
    assert event["tags"] == tags
    assert (event["environment"], event["release"]) == ("test", "1.2.3")
    (raised,) = event["exception"]["values"]
    assert (raised["type"], raised["stacktrace"]["frames"][-1]["function"]) == ("ValueError", "failed")
    assert not any(b"diary" in body for body in sink.bodies)


async def test_a_thousand_answers_are_one_sum(sink: Sink) -> None:
    told = reports(sink)
    for place in range(1_000):
        told(ANSWERED._replace(execution_time_ms=1.5 if place < 900 else 900.0))
    await told.flush()
    found = {item["name"]: item for item in await sink.heard("trace_metric", 6)}
    assert {name: item["value"] for name, item in found.items()} == {
        "ion.persona_process": 1_000,
        "ion.persona_process.p50": 2,
        "ion.persona_process.p95": 1_000,
        "ion.persona_process.input_tokens": 3_000,
        "ion.persona_process.output_tokens": 4_000,
        "ion.persona_process.nano_usd": 5_000,
    }
    said = plain(found["ion.persona_process"])
    wanted = {"persona": "lua", "path": "embedded", "success": True, "function": "router", "region": "seoul"}
    assert said.items() >= wanted.items()
    assert said["server.address"] == "seoul", "no name of a container"


async def test_what_is_no_trouble_is_sampled_and_what_is_comes_whole(sink: Sink) -> None:
    told = reports(sink, chance=0.5)
    told(ANSWERED)
    told(APIRequestEvent("GET", "/x", 503, 1.0, False, "STORE_UNAVAILABLE", "down"))
    told(SecurityEvent("credential_refused", "n1", "/x", "unknown key"))
    await told.flush()
    lines = await sink.heard("log", 2)
    assert [(line["body"], line["level"]) for line in lines] == [("APIRequestEvent", "error"), ("SecurityEvent", "warn")]
    assert plain(lines[0])["error"] == "STORE_UNAVAILABLE"


async def test_a_flood_is_counted_and_its_beginning_is_sent(sink: Sink) -> None:
    told = reports(sink)
    for _ in range(5_000):
        told(SecurityEvent("credential_refused", "n1", "/x", "unknown key"))
    await told.flush()
    (counted,) = await sink.heard("trace_metric")
    assert counted["value"] == 5_000
    assert len(await sink.heard("log", MOST_WAITING)) == MOST_WAITING


@pytest.mark.parametrize("fails", [False, True])
async def test_a_job_checks_in_and_out(sink: Sink, fails: bool) -> None:
    told = reports(sink)
    try:
        async with told.job("cache-warming", "0 */12 * * *"):
            assert not fails
    except AssertionError:
        assert fails
    await told.flush()
    began, ended = await sink.heard("check_in", 2)
    assert (began["status"], ended["status"]) == ("in_progress", "error" if fails else "ok")
    assert began["check_in_id"] == ended["check_in_id"]
    assert began["monitor_slug"] == "cache-warming-seoul"
    assert began["monitor_config"]["schedule"] == {"type": "crontab", "value": "0 */12 * * *"}


async def test_nothing_is_sent_twice_within_ten_seconds(sink: Sink) -> None:
    clock = Clock()
    told = reports(sink, clock)
    told(ANSWERED)
    assert not told.due()
    await told.flush()
    await told.capture(await failed("x"))
    assert sink.bodies == []
    clock.tick(EVERY_S)
    assert told.due()
    await told.flush()
    await sink.heard("event")
    assert not told.due()


async def test_a_receiver_that_takes_for_ever_holds_a_request_up_for_a_moment() -> None:
    async with receiving(Sink(stuck=True)) as sink:
        told = reports(sink)
        await told.flush()  # imports the client: once, and not what is measured here
        started = time.perf_counter()
        await reports(sink).capture(await failed("x"))
        assert time.perf_counter() - started < FLUSH_S + 0.5


async def test_a_receiver_that_is_away_is_no_trouble() -> None:
    sink = Sink()
    sink.port = 1
    sentry.start.cache_clear()
    await reports(sink).capture(await failed("x"))
    await asyncio.to_thread(sentry_sdk.get_client().close, 0.1)
    sentry_sdk.get_global_scope().set_client(None)  # a default client would patch Starlette


async def test_without_sentry_an_error_goes_nowhere_quietly() -> None:
    nobody = Unreported()
    await nobody.capture(ValueError("x"))
    async with nobody.job("cache-warming", "0 0 * * *"):
        assert not nobody.due()
