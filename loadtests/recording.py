"""The record of a run: what was measured, by endpoint and over time, kept small however long it takes."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from loadtests.asking import Asked, Got
from loadtests.verdict import Verdict

FORM: Final = "ion-load-1"
SLICE_S: Final = 2
FINE_MS: Final = 1000  # whole milliseconds up to here, then three digits


def rounded(ms: float) -> int:
    """The milliseconds as they are counted, never less than they were."""
    if ms <= FINE_MS:
        return math.ceil(ms)
    step: int = 10 ** (math.floor(math.log10(ms)) - 2)
    return math.ceil(ms / step) * step


def percentile(times: Mapping[int, int], share: float) -> int | None:
    """The time within which so many were answered (nearest rank); None of nothing."""
    wanted, seen = math.ceil(share * sum(times.values())), 0
    for ms in sorted(times):
        seen += times[ms]
        if seen >= wanted:
            return ms
    return None


@dataclass(slots=True)
class Tally:
    """The counts of one endpoint, or of one slice of time; `times` are of good answers."""

    count: int = 0
    refused: int = 0
    degraded: int = 0
    hits: int = 0
    looked_up: int = 0
    times: Counter[int] = field(default_factory=Counter)
    first: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, got: Got, verdict: Verdict) -> None:
        """Count one answer."""
        self.count += 1
        self.refused += verdict.refused
        self.degraded += bool(verdict.degraded)
        self.hits += sum(verdict.hits)
        self.looked_up += len(verdict.hits)
        if verdict.wrong is not None:
            self.errors[verdict.wrong] += 1
        if verdict.good:
            self.times[rounded(got.ms)] += 1
            if got.first_ms is not None:
                self.first[rounded(got.first_ms)] += 1

    def as_json(self) -> dict[str, Any]:
        """The same as JSON."""
        return {name: dict(value) if isinstance(value := getattr(self, name), Counter) else value for name in self.__slots__}


@dataclass(slots=True)
class Recorder:
    """All that was measured so far."""

    endpoints: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    slices: defaultdict[int, Tally] = field(default_factory=lambda: defaultdict(Tally))
    users: dict[int, int] = field(default_factory=dict)
    personas: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, float]] = field(default_factory=list)
    whole: Tally = field(default_factory=Tally)

    def add(self, at_s: float, users: int, asked: Asked, got: Got, verdict: Verdict) -> None:
        """Count an answer that came so many seconds after the beginning."""
        place = int(at_s) // SLICE_S * SLICE_S
        for tally in (self.whole, self.endpoints[asked.endpoint], self.slices[place]):
            tally.add(got, verdict)
        self.users[place] = max(users, self.users.get(place, 0))
        self.personas.update(verdict.personas)

    def holds(self, at_s: float, kib: int | None) -> None:
        """Keep how much memory the set holds at this moment; None is nothing."""
        if kib is not None:
            self.memory.append((round(at_s, 1), round(kib / 1024, 1)))

    def write(self, path: Path, about: Mapping[str, Any]) -> None:
        """Keep it as a file; `about` names scenario, place and the like."""
        record = {
            "form": FORM,
            **about,
            "whole": self.whole.as_json(),
            "endpoints": {name: tally.as_json() for name, tally in sorted(self.endpoints.items())},
            "personas": dict(self.personas),
            "memory_mib": self.memory,
            "slices": [
                {"at_s": place, "users": self.users[place], **_brief(self.slices[place])} for place in sorted(self.slices)
            ],
        }
        path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def _brief(tally: Tally) -> dict[str, Any]:
    return {
        "count": tally.count,
        "errors": tally.errors.total(),
        "refused": tally.refused,
        "hits": tally.hits,
        "looked_up": tally.looked_up,
        **{f"p{share}": percentile(tally.times, share / 100) for share in (50, 95, 99)},
    }
