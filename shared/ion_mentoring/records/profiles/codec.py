"""Profiles and the population as JSON, the same for all stores."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ion_mentoring.records.profiles.protocol import Cell, Choices, Population, Tally


def tallies_json(tallies: Mapping[Cell, Tally]) -> str:
    """The tallies of a profile."""
    return json.dumps([[*cell, round(ups, 4), round(weight, 4)] for cell, (ups, weight) in sorted(tallies.items())])


def tallies_of(text: str) -> dict[Cell, Tally]:
    """The tallies in such a text."""
    return {(tone, persona): Tally(ups, weight) for tone, persona, ups, weight in json.loads(text)}


def choices_json(choices: Choices) -> str:
    """The choices of a person."""
    return json.dumps({**asdict(choices), "learnt_from": choices.learnt_from and choices.learnt_from.isoformat()})


def choices_of(text: str) -> Choices:
    """The choices in such a text."""
    found: dict[str, Any] = json.loads(text)
    return Choices(**{**found, "learnt_from": _time(found["learnt_from"])})


def population_json(population: Population) -> str:
    """A count of the population."""
    cells = [[*cell, value] for cell, value in sorted(population.cells.items())]
    counted = population.counted_at and population.counted_at.isoformat()
    return json.dumps({**asdict(population), "cells": cells, "counted_at": counted})


def population_of(text: str) -> Population:
    """The count in such a text."""
    found: dict[str, Any] = json.loads(text)
    cells = {(tone, persona): value for tone, persona, value in found["cells"]}
    return Population(**{**found, "cells": cells, "counted_at": _time(found["counted_at"])})


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
