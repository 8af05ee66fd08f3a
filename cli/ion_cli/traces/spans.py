"""Spans of traces, read from OTLP in JSON or from Jaeger's API, as trees whose clocks agree."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ion_cli.failure import misused


@dataclass(slots=True)
class Span:
    """A span; times in seconds since an epoch that all of a trace share."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    service: str
    began: float
    ended: float
    children: list["Span"] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Its duration."""
        return self.ended - self.began

    @property
    def title(self) -> str:
        """The service and the name."""
        return f"{self.service} {self.name}"

    def moved(self, seconds: float) -> None:
        """Moves it and all below it."""
        self.began += seconds
        self.ended += seconds
        for child in self.children:
            child.moved(seconds)


def read(text: str) -> Iterator[Span]:
    """The spans of a document or of one document a line, OTLP or Jaeger; Failure for what is neither."""
    try:
        documents = [json.loads(text)]
    except ValueError:
        try:
            documents = [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError as error:
            raise misused("bad.no_json") from error
    for document in documents:
        if isinstance(document, dict) and "resourceSpans" in document:
            yield from _otlp(document)
        elif isinstance(document, dict) and isinstance(document.get("data"), list):
            yield from _jaeger(document["data"])
        else:
            raise misused("bad.no_traces")


def trees(spans: Iterable[Span]) -> list[Span]:
    """The roots: spans whose parent is not there; children stand in the order of their beginning, on their parent's clock."""
    by_id = {(span.trace_id, span.span_id): span for span in spans}
    roots = []
    for span in by_id.values():
        parent = by_id.get((span.trace_id, span.parent_id))
        if parent is None or parent is span:
            roots.append(span)
        else:
            parent.children.append(span)
    for root in roots:
        _agree(root)
    return sorted(roots, key=lambda root: root.began)


def _agree(parent: Span) -> None:
    """Moves what another machine's clock puts outside its parent to the middle of it, as Jaeger does."""
    for child in parent.children:
        outside = child.began < parent.began or child.ended > parent.ended
        if outside and child.service != parent.service and child.seconds <= parent.seconds:
            child.moved(parent.began + (parent.seconds - child.seconds) / 2 - child.began)
        _agree(child)
    parent.children.sort(key=lambda child: child.began)


def _otlp(document: Mapping[str, Any]) -> Iterator[Span]:
    for one in document["resourceSpans"]:
        named = {each["key"]: next(iter(each["value"].values())) for each in one.get("resource", {}).get("attributes", [])}
        service = str(named.get("service.name", "?"))
        for scope in one.get("scopeSpans", []):
            for span in scope["spans"]:
                began, ended = (int(span[f"{edge}TimeUnixNano"]) / 1e9 for edge in ("start", "end"))
                ids = span["traceId"], span["spanId"], span.get("parentSpanId", "")
                yield Span(*ids, span["name"], service, began, ended)


def _jaeger(traces: Iterable[Mapping[str, Any]]) -> Iterator[Span]:
    for trace in traces:
        services = defaultdict(lambda: "?", {key: one["serviceName"] for key, one in trace["processes"].items()})
        for span in trace["spans"]:
            parents = [one["spanID"] for one in span.get("references", []) if one["refType"] == "CHILD_OF"]
            began = span["startTime"] / 1e6
            ids = span["traceID"], span["spanID"], parents[0] if parents else ""
            yield Span(*ids, span["operationName"], services[span["processID"]], began, began + span["duration"] / 1e6)
