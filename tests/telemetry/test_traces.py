"""Traces: which are kept, what their spans say, and that nobody waits for them."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from ion_mentoring.telemetry import trace
from ion_mentoring.telemetry.ids import drawn
from ion_mentoring.telemetry.otlp import Exporter
from ion_mentoring.telemetry.product import PersonaProcessEvent
from ion_mentoring.telemetry.traces import FLUSH_S, Kept, Traces
from tests.telemetry.otlp_sink import OtlpSink, receiving, values

ANSWERED = PersonaProcessEvent(
    "lua", "calm-medium-learning", 0.8, 1.5, False, True, None, None, "gemini:x", ("cache",), "key:acme", 3, 4, 5, "model"
)


@pytest.fixture
def sink() -> Iterator[OtlpSink]:
    with receiving() as one:
        yield one


def collected(rate: float = 0.0, *, trusted: bool = False) -> tuple[Traces, list[Kept]]:
    kept: list[Kept] = []
    return Traces(rate, lambda some, _seconds, _token: kept.extend(some), trusted=trusted), kept


def finished(traces: Traces, traceparent: str | None = None, *, ms: float = 1.0, error: str | None = None) -> trace.Trace:
    begun = traces.begin(traceparent)
    traces.finish(begun, "GET /x", time.perf_counter() - ms / 1000, {}, error)
    return begun


def header(flags: str = "01") -> str:
    return f"00-{drawn(128)}-{drawn(64)}-{flags}"


def test_every_function_keeps_the_same_share_by_the_traces_id() -> None:
    headers = [header("00") for _ in range(2_000)]
    router, persona = (collected(0.1)[0] for _ in range(2))
    decided = [[traces.begin(one).flags for one in headers] for traces in (router, persona)]
    assert decided[0] == decided[1]
    assert 120 < decided[0].count("01") < 280


def test_a_strangers_flag_buys_nothing_and_our_own_functions_flag_holds() -> None:
    for trusted, flags in ((False, "00"), (True, "01")):
        traces, _ = collected(trusted=trusted)
        begun = traces.begin(header("01"))
        assert begun.flags == flags
        assert begun.traceparent.endswith(f"-{flags}"), "what we ask is told the same"


@pytest.mark.parametrize("lie", ["", "00-0-0-01", "00-" + "0" * 32 + "-b7ad6b7169203331-01", "x" * 9_000, None])
def test_a_header_that_lies_begins_a_trace_of_our_own(lie: str | None) -> None:
    begun = collected()[0].begin(lie)
    assert len(begun.trace_id) == 32
    assert (begun.parent_id, begun.flags) == ("", "00")


def test_errors_are_kept_and_of_the_others_the_slowest() -> None:
    traces, kept = collected()
    failed = finished(traces, error="INTERNAL_ERROR")
    slowest = [finished(traces, ms=ms) for ms in (5, 90, 20)][1]
    traces.close()
    assert [one.trace for one in kept] == [failed, slowest]
    traces.close()
    assert len(kept) == 2, "each once"


async def test_parts_are_spans_below_their_request_and_say_what_the_events_said(sink: OtlpSink) -> None:
    traces = Traces(1.0, Exporter(sink.url, {"service.name": "ion-router"}, []), trusted=False)
    parent = header("00")
    begun = traces.begin(parent)
    began = time.perf_counter()
    trace.CURRENT.set(begun)
    trace.link("00-" + "c" * 32 + "-" + "d" * 16 + "-01")
    with trace.span("persona lua"):
        outgoing = trace.CURRENT.get()
        with trace.span("model gemini:x", **{"gen_ai.request.model": "x"}) as said:
            said["gen_ai.usage.input_tokens"] = 7
            trace.mark("wait", time.perf_counter(), place=1)
    traces(ANSWERED)
    traces.finish(begun, "POST /api/v2/process", began, {"http.route": "/api/v2/process"}, None)
    await asyncio.to_thread(traces.close)
    root, persona, model, wait = (
        sink.named(name) for name in ("POST /api/v2/process", "persona lua", "model gemini:x", "wait")
    )
    assert {span["traceId"] for span in sink.spans} == {begun.trace_id} == {parent.split("-")[1]}
    assert root["parentSpanId"] == parent.split("-")[2]
    parents = (persona["parentSpanId"], model["parentSpanId"], wait["parentSpanId"])
    assert parents == (root["spanId"], persona["spanId"], model["spanId"])
    assert outgoing
    assert outgoing.span_id == persona["spanId"], "the persona's function continues below this span"
    assert root["links"] == [{"traceId": "c" * 32, "spanId": "d" * 16}]
    assert (root["kind"], model["kind"], wait["kind"]) == (2, 3, 1)
    assert values(root).items() >= {"ion.persona": "lua", "ion.path": "model", "ion.confidence": 0.8}.items()
    assert values(model) == {"gen_ai.request.model": "x", "gen_ai.usage.input_tokens": "7"}
    assert abs(int(root["endTimeUnixNano"]) / 1e9 - time.time()) < 5
    assert int(root["startTimeUnixNano"]) <= int(model["startTimeUnixNano"]) <= int(model["endTimeUnixNano"])


def test_a_part_that_fails_says_so_and_the_next_is_no_part_of_it() -> None:
    traces, kept = collected(1.0)
    trace.CURRENT.set(traces.begin(None))

    def fails() -> None:
        with trace.span("persona lua"):
            raise ValueError("somebody's words")

    with pytest.raises(ValueError, match="words"):
        fails()
    trace.mark("after", time.perf_counter())
    current = trace.CURRENT.get()
    assert current
    traces.finish(current, "POST /x", time.perf_counter(), {}, None)
    traces.close()
    failed, after = kept[0].trace.marks.parts  # type: ignore[union-attr]
    assert failed.error == "ValueError"
    assert after.parent_id == failed.parent_id == current.span_id


def test_where_no_traces_are_kept_nothing_is_noted() -> None:
    trace.CURRENT.set(trace.continued(None))
    before = trace.CURRENT.get()
    with trace.span("persona lua"):
        assert trace.CURRENT.get() is before
    trace.mark("x", time.perf_counter())
    trace.link(header())
    trace.sampled_by_operator()
    assert trace.CURRENT.get() is before


async def test_a_receiver_that_takes_for_ever_holds_a_request_up_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(stuck=True) as sink:
        lost: list[str] = []
        traces = Traces(1.0, Exporter(sink.url, {"service.name": "x"}, lost), trusted=False)
        finished(traces)
        await traces.flush()
        assert sink.spans == [], "not due"
        monkeypatch.setattr(traces, "_flush_at", 0.0)
        began = time.perf_counter()
        await traces.flush()
        assert time.perf_counter() - began < FLUSH_S + 0.5
        for _ in range(100):
            if lost:
                break
            await asyncio.sleep(0.02)
        assert lost == ["TimeoutError"]


async def test_a_token_goes_with_them_where_one_is_needed(sink: OtlpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    async def token() -> str:
        return "t"

    traces = Traces(1.0, Exporter(sink.url, {"service.name": "x"}, []), trusted=False, token=token)
    finished(traces)
    monkeypatch.setattr(traces, "_flush_at", 0.0)
    await traces.flush()
    assert [headers["authorization"] for headers in sink.headers] == ["Bearer t"]
