"""Evaluates the rules over a log, in the log's own time: when each begins to hold, and when it no longer does."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from infra.alerting.rules import Event, Rule, are
from infra.alerting.windows import Window

LOOKS_EVERY_S: Final = 10.0
RESOLVED_AFTER_S: Final = 120.0  # of quiet: a figure at its threshold shall not ring each minute
ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Notice:
    """A rule that begins to hold (`trigger`) or no longer does (`resolve`), for one persona or region where it has those."""

    rule: Rule
    group: str
    action: Literal["trigger", "resolve"]
    at: float
    figure: float

    @property
    def key(self) -> str:
        """The same for the beginning and the end, and for nothing else that is open."""
        return self.rule.name if self.group == ALL else f"{self.rule.name}:{self.group}"


@dataclass(slots=True)
class _State:
    window: Window
    holds_since: float | None = None
    quiet_since: float | None = None


@dataclass(slots=True)
class Evaluator:
    """The rules and what they have seen. A persona or region is missed once it was there."""

    rules: tuple[Rule, ...]
    _states: dict[tuple[str, str], _State] = field(default_factory=dict)
    _volumes: dict[str, Window] = field(default_factory=dict)
    _began: float | None = None
    _next: float = 0.0

    def run(self, events: Iterable[tuple[float, Event]]) -> Iterator[Notice]:
        """The notices of a log; each event has its time in Unix seconds."""
        for at, event in events:
            if self._began is None:
                self._began, self._next = at, at + LOOKS_EVERY_S
            while at >= self._next:
                yield from self._look(self._next)
                self._next += LOOKS_EVERY_S
            for rule in self.rules:
                self._add(rule, at, event)

    def _add(self, rule: Rule, at: float, event: Event) -> None:
        if not are(event, rule.within):
            return
        matches = rule.of.matches(event)
        if rule.kind == "silence":
            self._add_silence(rule, at, event, matches)
            return
        counted = event.get("message") in rule.among if rule.among else matches
        if not (matches or counted):
            return
        window = self._state(rule, ALL).window
        if rule.kind == "share":
            id = str(event.get("request_id", "")) if rule.unit == "request" else ""
            window.add(at, float(matches), float(counted), id)
        elif rule.kind == "ratio":
            hits, rest = float(event[rule.of.value or ""]), float(event[rule.of.rest or ""])
            window.add(at, hits, hits + rest)
        else:
            window.add(at, float(event[rule.of.value]) if rule.of.value else 1.0, 1.0)

    def _add_silence(self, rule: Rule, at: float, event: Event, matches: bool) -> None:
        if event.get("message") in rule.among:
            self._volumes.setdefault(rule.name, Window(rule.window_s)).add(at, 0.0, 1.0)
        if matches:
            state = self._state(rule, str(event.get(rule.each, ALL)) if rule.each else ALL)
            state.window.add(at, 1.0, 1.0)
        elif not rule.each:
            self._state(rule, ALL)

    def _state(self, rule: Rule, group: str) -> _State:
        return self._states.setdefault((rule.name, group), _State(Window(rule.window_s)))

    def _look(self, now: float) -> Iterator[Notice]:
        by_name = {rule.name: rule for rule in self.rules}
        for volume in self._volumes.values():
            volume.move(now)
        for (name, group), state in self._states.items():
            rule = by_name[name]
            state.window.move(now)
            figure = self._figure(rule, state.window)
            yield from self._moved(rule, group, state, now, figure, holds=self._holds(rule, state.window, now, figure))

    def _figure(self, rule: Rule, window: Window) -> float:
        if rule.kind == "percentile":
            return window.percentile(0.95)
        if rule.kind in ("count", "silence"):
            return window.whole
        return window.part / window.whole if window.whole else 0.0

    def _holds(self, rule: Rule, window: Window, now: float, figure: float) -> bool:
        if rule.kind == "silence":
            seen_all = self._began is not None and now - self._began >= rule.window_s
            return seen_all and figure == 0 and self._volumes.get(rule.name, Window(0)).whole >= rule.least
        enough = window.part if rule.kind == "share" else window.whole
        if enough < rule.least:
            return False
        return figure > rule.above if rule.above is not None else figure < (rule.below or 0.0)

    def _moved(self, rule: Rule, group: str, state: _State, now: float, figure: float, *, holds: bool) -> Iterator[Notice]:
        if holds:
            state.quiet_since = None
            if state.holds_since is None:
                state.holds_since = now
                yield Notice(rule, group, "trigger", now, figure)
            return
        if state.holds_since is None:
            return
        state.quiet_since = state.quiet_since or now
        if now - state.quiet_since >= RESOLVED_AFTER_S:
            state.holds_since = state.quiet_since = None
            yield Notice(rule, group, "resolve", now, figure)


def read_log(lines: Iterable[str]) -> Iterator[tuple[float, Event]]:
    """The events of a log as the functions write it, or as Cloud Logging exports it; other lines are passed over."""
    for line in lines:
        try:
            entry = json.loads(line)
            event = {**entry, **entry.get("jsonPayload", {})}
            at = datetime.fromisoformat(event.get("time") or event["timestamp"]).timestamp()
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        event.setdefault("region", entry.get("resource", {}).get("labels", {}).get("location"))
        yield at, event
