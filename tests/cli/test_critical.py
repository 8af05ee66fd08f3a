"""Critical paths that are known: in a row, in parallel, overlapping, behind the response, linked, and on clocks that differ."""

import itertools
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ion_cli.failure import Failure
from ion_cli.traces.critical import path, worst
from ion_cli.traces.picture import svg
from ion_cli.traces.spans import Span, read, trees
from tests.cli.conftest import Ran
from tests.cli.stand_in import StandIn, said

Written = tuple[str, str, float, float]  # a span's id, its parent's, and the milliseconds at which it begins and ends


def traced(*spans: Written, service: str = "router", trace: str = "t1") -> list[Span]:
    """Spans whose id is their name; `id@service` is of another service."""
    found = []
    for name, parent, began, ended in spans:
        name, _, other = name.partition("@")
        found.append(Span(trace, name, parent, name, other or service, began / 1000, ended / 1000))
    return found


def steps(*spans: Written) -> list[tuple[str, float]]:
    (root,) = trees(traced(*spans))
    found = path(root)
    assert sum(step.seconds for step in found) == pytest.approx(root.seconds), "the path is all of the trace's time"
    assert all(one.ended == pytest.approx(two.began) for one, two in itertools.pairwise(found)), "without a gap"
    return [(step.span.name, round(step.seconds * 1000, 3)) for step in found]


def test_one_after_the_other() -> None:
    spans = ("root", "", 0, 100), ("a", "root", 10, 40), ("b", "root", 50, 90)
    assert steps(*spans) == [("root", 10), ("a", 30), ("root", 10), ("b", 40), ("root", 10)]


def test_of_what_runs_in_parallel_the_longer_one_is_waited_for() -> None:
    spans = ("root", "", 0, 100), ("short", "root", 10, 30), ("long", "root", 10, 95)
    assert steps(*spans) == [("root", 10), ("long", 85), ("root", 5)]


def test_of_what_overlaps_the_one_that_ends_last_is_waited_for() -> None:
    spans = ("root", "", 0, 100), ("early", "root", 0, 60), ("late", "root", 40, 100)
    assert steps(*spans) == [("root", 40), ("late", 60)]


def test_what_ended_before_the_last_one_began_was_waited_for_too() -> None:
    spans = ("root", "", 0, 100), ("first", "root", 0, 40), ("aside", "root", 5, 20), ("last", "root", 40, 100)
    assert steps(*spans) == [("first", 40), ("last", 60)]


def test_a_path_goes_down_through_several_levels() -> None:
    spans = ("root", "", 0, 100), ("persona", "root", 20, 90), ("model", "persona", 30, 85), ("wait", "model", 30, 70)
    wanted = [("root", 20), ("persona", 10), ("wait", 40), ("model", 15), ("persona", 5), ("root", 10)]
    assert steps(*spans) == wanted


def test_what_goes_on_behind_the_response_was_not_waited_for() -> None:
    spans = ("root", "", 0, 50), ("answer", "root", 0, 45), ("later", "root", 45, 400)
    assert steps(*spans) == [("answer", 45), ("root", 5)]


def test_a_linked_trace_is_a_trace_of_its_own() -> None:
    batch = {"traceId": "b" * 32, "spanId": "1" * 16, "name": "batch", "links": [{"traceId": "a" * 32, "spanId": "2" * 16}]}
    sent = {"traceId": "a" * 32, "spanId": "2" * 16, "name": "publish"}
    spans = [{**one, "startTimeUnixNano": "1000000000", "endTimeUnixNano": "2000000000"} for one in (batch, sent)]
    roots = trees(read(json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]})))
    assert sorted(root.name for root in roots) == ["batch", "publish"]
    assert all(len(path(root)) == 1 for root in roots)


@pytest.mark.parametrize("skew", [-5_000, -30, 40, 90_000])
def test_another_machines_clock_moves_nothing(skew: float) -> None:
    spans = ("root", "", 0, 100), ("persona@lua", "root", 20 + skew, 80 + skew), ("model@lua", "persona", 30 + skew, 70 + skew)
    assert steps(*spans) == [("root", 20), ("persona", 10), ("model", 40), ("persona", 10), ("root", 20)]


def test_the_worst_of_many_is_what_the_median_would_gain_most_from() -> None:
    roots = []
    for number, model in enumerate((40, 50, 60, 70, 80)):
        spans = ("root", "", 0, model + 20), ("cache", "root", 0, 5), ("model", "root", 10, model + 10)
        roots.extend(trees(traced(*spans, trace=f"t{number}")))
    first, second, *_ = worst(roots)
    assert (first.title, first.traces, round(first.median_s * 1000), round(first.gain_s * 1000)) == ("router model", 5, 60, 60)
    assert second.title == "router root"
    assert sum(one.share for one in worst(roots)) == pytest.approx(1)


def otlp(*spans: Span) -> dict[str, Any]:
    by_service: dict[str, list[dict[str, Any]]] = {}
    for span in spans:
        times = {"startTimeUnixNano": str(int(span.began * 1e9)), "endTimeUnixNano": str(int(span.ended * 1e9))}
        ids = {"traceId": span.trace_id, "spanId": span.span_id, "parentSpanId": span.parent_id}
        by_service.setdefault(span.service, []).append({**ids, **times, "name": span.name})
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]},
                "scopeSpans": [{"spans": some}],
            }
            for service, some in by_service.items()
        ]
    }


def jaeger(*spans: Span) -> dict[str, Any]:
    processes = {span.service: {"serviceName": span.service} for span in spans}
    found = [
        {
            "traceID": span.trace_id,
            "spanID": span.span_id,
            "operationName": span.name,
            "references": [{"refType": "CHILD_OF", "traceID": span.trace_id, "spanID": span.parent_id}]
            if span.parent_id
            else [],
            "startTime": int(span.began * 1e6),
            "duration": int(span.seconds * 1e6),
            "processID": span.service,
        }
        for span in spans
    ]
    return {"data": [{"traceID": "t1", "spans": found, "processes": processes}]}


@pytest.fixture
def traced_by(program: Callable[[str], Callable[..., Ran]]) -> Callable[..., Ran]:
    """`ion trace`; no set is there."""
    ran = program("http://127.0.0.1:9")
    return lambda *arguments, **options: ran("trace", *arguments, **options)


@pytest.mark.parametrize("form", [otlp, jaeger])
def test_both_forms_say_the_same(form: Any, tmp_path: Path, traced_by: Callable[..., Ran]) -> None:
    spans = traced(("root", "", 0, 100), ("persona@lua", "root", 20, 80))
    (tmp_path / "spans.json").write_text(json.dumps(form(*spans)) + "\n")
    ran = traced_by(str(tmp_path / "spans.json"), "--picture", str(tmp_path / "trace.svg"))
    assert ran.code == 0
    assert [line.split("\t") for line in ran.out.splitlines()[1:4]] == [
        ["20.0", "router root"],
        ["60.0", "lua persona"],
        ["20.0", "router root"],
    ]
    assert ran.out.splitlines()[5].split("\t") == ["60.0", "60.0", "60.0%", "1", "lua persona"]
    drawn = (tmp_path / "trace.svg").read_text()
    assert drawn.count('class="critical"') == 3
    assert drawn.count('class="bar"') == 2


def test_short_steps_are_shown_as_one_and_programs_get_json(traced_by: Callable[..., Ran]) -> None:
    spans = traced(("root", "", 0, 1000), ("admit", "root", 2, 4), ("model", "root", 9, 995))
    ran = traced_by("-", "--json", stdin=json.dumps(otlp(*spans)).encode())
    slowest = ran.json["slowest"]
    assert [(step["span"], step["ms"]) for step in slowest["path"]] == [("router model", pytest.approx(986))]
    assert slowest["shorter"] == {"steps": 4, "ms": pytest.approx(14)}
    assert ran.json["worst"][0]["gain_ms"] == pytest.approx(986)


def test_traces_come_from_a_jaeger(stand_in: StandIn, traced_by: Callable[..., Ran]) -> None:
    stand_in.says = [said(jaeger(*traced(("root", "", 0, 100), ("model", "root", 20, 80))))]
    assert "router model" in traced_by("--jaeger", stand_in.url, "--most", "7").out
    assert stand_in.asked[0].path == "/api/traces?service=ion-router&limit=7"
    assert traced_by("--jaeger", stand_in.url, "--endpoint", "POST /other").code == 2
    assert traced_by("--jaeger", "http://127.0.0.1:9").code == 8


def test_traces_of_the_last_minutes_are_looked_at_alone(
    stand_in: StandIn, tmp_path: Path, traced_by: Callable[..., Ran]
) -> None:
    now_ms = time.time() * 1000
    old, new = traced(("old", "", 0, 100)), traced(("new", "", now_ms - 60_000, now_ms - 59_000), trace="t2")
    (tmp_path / "spans.json").write_text(f"{json.dumps(otlp(*old))}\n{json.dumps(otlp(*new))}\n")
    assert traced_by(str(tmp_path / "spans.json"), "--json").json["traces"] == 2
    assert traced_by(str(tmp_path / "spans.json"), "--json", "--since", "5").json["slowest"]["trace_id"] == new[0].trace_id
    assert traced_by(str(tmp_path / "spans.json"), "--since", "0.5").code == 2
    stand_in.says = [said(jaeger(*new))]
    assert traced_by("--jaeger", stand_in.url, "--since", "5").code == 0
    start = int(stand_in.asked[0].path.rpartition("start=")[2])
    assert start / 1e6 == pytest.approx(time.time() - 300, abs=30)


def test_a_name_cannot_break_the_picture() -> None:
    (root,) = trees(traced(("<script>", "", 0, 10)))
    assert "<script>" not in svg(root)


@pytest.mark.parametrize("text", ["", "x", "[]", '{"data": 7}', '{"a": 1}\n{"b": 2}'])
def test_what_is_no_trace_is_one_sentence(text: str, tmp_path: Path, traced_by: Callable[..., Ran]) -> None:
    (tmp_path / "x").write_text(text)
    ran = traced_by(str(tmp_path / "x"))
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    with pytest.raises(Failure):
        list(read('{"a": 1}'))


def test_a_file_has_to_be_named(traced_by: Callable[..., Ran]) -> None:
    assert "spans.jsonl" in traced_by().err
    assert traced_by("nowhere.jsonl").code == 2
