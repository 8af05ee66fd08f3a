"""Experiments and sums as plain values of JSON, the same for all stores."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from ion_mentoring.experiments.experiment import VARIANTS, Arm, Experiment, Scope
from ion_mentoring.records.experiments.protocol import Sums

_TIMES: Final = ("made_at", "started_at", "ended_at")


def experiment_json(experiment: Experiment) -> str:
    """An experiment as text; what arms do not vary is left out, so that an older release can read it."""
    fields = asdict(experiment)
    fields["arms"] = [
        {name: value for name, value in arm.items() if name not in VARIANTS or value is not None} for arm in fields["arms"]
    ]
    fields["scope"] = {"tones": sorted(experiment.scope.tones), "language": experiment.scope.language}
    for name in _TIMES:
        at: datetime | None = fields[name]
        fields[name] = at and at.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps(fields)


def experiment_of(text: str) -> Experiment:
    """The experiment in such a text."""
    fields: dict[str, Any] = json.loads(text)
    scope = Scope(frozenset(fields["scope"]["tones"]), fields["scope"]["language"])
    times = {name: fields[name] and datetime.fromisoformat(fields[name]) for name in _TIMES}
    arms = tuple(Arm(**arm) for arm in fields["arms"])
    more = {"slot": tuple(fields["slot"]), "guardrails": tuple(fields["guardrails"])}
    return Experiment(**{**fields, **times, **more, "scope": scope, "arms": arms})


def nested(sums: Sums) -> dict[str, dict[str, dict[str, int]]]:
    """Sums by arm, then tone, then name."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for (arm, tone), numbers in sums.items():
        found.setdefault(arm, {})[tone] = dict(numbers)
    return found


def added(kept: Iterable[Mapping[str, Mapping[str, Mapping[str, int]]]]) -> dict[tuple[str, str], dict[str, int]]:
    """The sum of several of those."""
    total: dict[tuple[str, str], dict[str, int]] = {}
    for by_arm in kept:
        for arm, by_tone in by_arm.items():
            for tone, numbers in by_tone.items():
                cell = total.setdefault((arm, tone), {})
                for name, number in numbers.items():
                    cell[name] = cell.get(name, 0) + number
    return total
