"""Spans as OTLP over HTTP in JSON (https://opentelemetry.io/docs/specs/otlp/#otlphttp), straight to whoever takes them.

By hand: OpenTelemetry's SDK costs 22 microseconds a span and a cold start, and its batches wait for a thread that does not run
between requests. Imported where something is sent.
"""

import json
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from ion_mentoring.masking.mask import masked
from ion_mentoring.telemetry.genai import SCHEMA_URL
from ion_mentoring.telemetry.ids import drawn
from ion_mentoring.telemetry.product import PersonaProcessEvent, RoutingDecisionEvent
from ion_mentoring.telemetry.trace import Mark
from ion_mentoring.telemetry.traces import Kept

SERVER, INTERNAL, CLIENT = 2, 1, 3  # kinds of spans
ERROR: Final = 2  # a status
CALLS: Final = ("persona", "model", "store", "ledger", "publish")  # what leaves the process


class Exporter(Struct, frozen=True):
    """Sends spans to `endpoint` (its path `/v1/traces` is added); `resource` says what the function is."""

    endpoint: str
    resource: Mapping[str, str]
    lost: list[str]

    def __call__(self, kept: list[Kept], seconds: float, token: str | None) -> None:
        """Sends them within so many seconds, or loses them."""
        headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
        url = f"{self.endpoint.rstrip('/')}/v1/traces"
        body = json.dumps(document(kept, self.resource)).encode()
        request = urllib.request.Request(url, body, headers)  # noqa: S310 - the setting takes http and https alone
        try:
            with urllib.request.urlopen(request, timeout=seconds) as response:  # noqa: S310  # nosec B310
                response.read()
        except (OSError, ValueError) as error:
            self.lost.append(type(error).__name__)


def document(kept: list[Kept], resource: Mapping[str, str]) -> Mapping[str, Any]:
    """The request of an export."""
    spans = [span for one in kept for span in _spans(one)]
    scope = {"scope": {"name": "ion_mentoring"}, "spans": spans, "schemaUrl": SCHEMA_URL}
    return {"resourceSpans": [{"resource": {"attributes": _attributes(resource)}, "scopeSpans": [scope]}]}


def _spans(one: Kept) -> Iterator[Mapping[str, Any]]:
    marks = one.trace.marks
    events = marks.events if marks else []
    root = one.root._replace(attributes={**one.root.attributes, **_told(events)})
    links = [{"traceId": trace_id, "spanId": span_id} for trace_id, span_id in (marks.links if marks else ())]
    yield {**_span(one, root, SERVER), **({"links": links} if links else {})}
    for mark in marks.parts if marks else ():
        yield _span(one, mark, CLIENT if mark.name.startswith(CALLS) else INTERNAL)


def _span(one: Kept, mark: Mark, kind: int) -> dict[str, Any]:
    """A span; times are strings, as JSON has them for 64 bits."""
    written: dict[str, Any] = {
        "traceId": one.trace.trace_id,
        "spanId": mark.span_id or drawn(64),
        "name": mark.name,
        "kind": kind,
        "startTimeUnixNano": str(one.epoch_ns + int(mark.began * 1e9)),
        "endTimeUnixNano": str(one.epoch_ns + int(mark.ended * 1e9)),
        "attributes": _attributes({**mark.attributes, **({"error.type": mark.error} if mark.error else {})}),
    }
    if mark.parent_id:
        written["parentSpanId"] = mark.parent_id
    if mark.error:
        written["status"] = {"code": ERROR}
    return written


def _told(events: list[Any]) -> dict[str, Any]:
    """The attributes that the events of a request give its span; of a bulk call, those of its last answer."""
    found: dict[str, Any] = {}
    for event in events:
        found |= {"ion.persona": event.persona, "ion.resonance_key": event.resonance_key, "ion.confidence": event.confidence}
        if isinstance(event, PersonaProcessEvent):
            found |= {"ion.path": event.path, "ion.cache_layer": event.cache_layer or "", "ion.degraded": list(event.degraded)}
        elif isinstance(event, RoutingDecisionEvent):
            found |= {"ion.language": event.language}
    return found


def _attributes(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [{"key": name, "value": _value(value)} for name, value in values.items()]


def _value(value: Any) -> Mapping[str, Any]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case list() | tuple():
            return {"arrayValue": {"values": [_value(one) for one in value]}}
    return {"stringValue": masked(str(value))}
