"""The alerts that one instance can see for itself: the rules of the whole set, over what this instance counted."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from ion_mentoring.resources import read_text
from ion_mentoring.telemetry.product import APIRequestEvent, PersonaProcessEvent
from ion_mentoring.telemetry.recent import Counted, Recent, together

RULES: Final = "ion_mentoring/mentoring/operating/alerts.json"


class AlertRule(Struct, frozen=True):
    """One rule of infra/terraform/alerts.json with its numbers; `limit` is that of the figure, `over` says on which side."""

    name: str
    kind: str
    event: str
    where: Mapping[str, Any]
    among: tuple[str, ...]
    within: Mapping[str, Any]
    unit: str
    window_s: float
    least: int
    limit: float
    over: bool
    each: str | None
    severity: str
    runbook: str
    title: Mapping[str, str]

    def matches(self, one: Counted) -> bool:
        """True for a series that the rule is about."""
        return one.kind.__name__ == self.event and _are(one, self.where) and _are(one, self.within)


class Alerts(Struct, frozen=True):
    """The rules over the events of this instance; `personas` are missed where they answer nobody."""

    recent: Recent
    personas: tuple[str, ...]

    def ringing(self) -> list[dict[str, Any]]:
        """The rules that hold now, with their figure and the limit that it is beyond."""
        return [_view(rule, group, figure) for rule in rules() for group, figure in self._held(rule)]

    def _held(self, rule: AlertRule) -> Iterator[tuple[str | None, float]]:
        counted = self.recent.over(rule.window_s)
        matching = [one for one in counted if rule.matches(one)]
        part, whole = _number(matching), _number(one for one in counted if _among(rule, one))
        if rule.kind == "silence":
            there = {one.labels[rule.each or ""] for one in matching}
            missed = self.recent.age_s() >= rule.window_s and whole >= rule.least
            yield from ((persona, 0.0) for persona in self.personas if missed and persona not in there)
            return
        if rule.kind == "ratio":
            hits, misses, _ = together(matching).sums
            part, whole = hits, hits + misses
        figure = _figure(rule, matching, part, whole)
        enough = whole if rule.kind == "ratio" else part
        if enough >= rule.least and (figure > rule.limit if rule.over else figure < rule.limit):
            yield None, figure


@lru_cache(maxsize=1)
def rules() -> tuple[AlertRule, ...]:
    """The rules, read when somebody first looks."""
    return tuple(AlertRule(name=name, **rule) for name, rule in json.loads(read_text(RULES)).items())


def _figure(rule: AlertRule, matching: list[Counted], part: int, whole: int) -> float:
    if rule.kind == "percentile":
        return together(matching).percentile(0.95) or 0.0
    return part if rule.kind == "count" else part / max(1, whole)


def _among(rule: AlertRule, one: Counted) -> bool:
    """A request that failed is told of twice, by its answer's event and its own: as requests, the own one counts."""
    if not _are(one, rule.within):
        return False
    if rule.unit == "request" and one.kind is PersonaProcessEvent:
        return bool(one.labels["success"])
    return one.kind.__name__ in rule.among or (rule.unit == "request" and one.kind is APIRequestEvent)


def _number(series: Iterable[Counted]) -> int:
    return sum(one.tally.count for one in series)


def _are(one: Counted, wanted: Mapping[str, Any]) -> bool:
    return all(_is(one.labels.get(name), value) for name, value in wanted.items())


def _is(value: Any, wanted: Any) -> bool:
    if wanted == "any":
        return bool(value)
    if isinstance(wanted, list):
        a_range = len(wanted) == 2 and all(isinstance(one, int) for one in wanted)
        return value is not None and bool(wanted[0] <= value <= wanted[1] if a_range else value in wanted)
    return bool(value == wanted)


def _view(rule: AlertRule, group: str | None, figure: float) -> dict[str, Any]:
    return {
        "name": rule.name if group is None else f"{rule.name}:{group}",
        "title": dict(rule.title),
        "severity": rule.severity,
        "figure": round(figure, 4),
        "limit": rule.limit,
        "runbook": rule.runbook,
    }
