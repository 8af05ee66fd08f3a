"""Scenarios as data: who comes when, what they ask for, and what is promised to them."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from loadtests.trouble import NothingToSay

FILE: Final = Path(__file__).resolve().parent / "scenarios.toml"

ALL_THERE_S: Final = 20.0

Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class Strict(BaseModel):
    """A frozen value that refuses unknown fields, so that a misspelt promise is none that holds by accident."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Promises(Strict):
    """The promises of one endpoint; None where nothing is promised."""

    p95_ms: Positive | None = None
    first_text_p95_ms: Positive | None = None
    errors: Share | None = None
    refused: Share | None = None
    degraded: Share | None = None
    hit_rate: Share | None = None
    more_than: Annotated[int, Field(ge=0)] = 10


class Scenario(Strict):
    """One scenario; `promises` are those of the whole, `endpoints` the ones of single endpoints."""

    name: str
    about: str
    stages: Annotated[tuple[tuple[Positive, Annotated[int, Field(gt=0)], Positive], ...], Field(min_length=1)]
    think_s: tuple[float, float]
    bad: Share
    questions: Annotated[int, Field(ge=2)]
    zipf: Positive
    use_cache: bool
    warming: Annotated[int, Field(ge=0)]
    mix: Mapping[str, Annotated[int, Field(ge=0)]]
    promises: Promises
    endpoints: Mapping[str, Promises]

    @property
    def seconds(self) -> float:
        """The length of all stages."""
        return sum(stage[0] for stage in self.stages)

    def shortened(self, seconds: float | None) -> "Scenario":
        """The same, over after so many seconds at the latest."""
        if seconds is None:
            return self
        stages, left = [], seconds
        for length, users, rate in self.stages:
            if left > 0:
                stages.append((min(length, left), users, rate))
            left -= length
        return self.model_copy(update={"stages": tuple(stages)})

    def crowded(self, users: int, seconds: float) -> "Scenario":
        """The same with so many users for so long, all of them there after twenty seconds."""
        return self.model_copy(update={"stages": ((seconds, users, users / ALL_THERE_S),)})

    def promised(self, endpoint: str) -> Promises:
        """The promises of an endpoint."""
        return self.endpoints.get(endpoint, self.promises)

    def stage_at(self, elapsed_s: float) -> tuple[int, float] | None:
        """The users, and how many of them come or go a second; None when all is over."""
        ends = 0.0
        for seconds, users, rate in self.stages:
            ends += seconds
            if elapsed_s < ends:
                return users, rate
        return None


def read(name: str, file: Path = FILE) -> Scenario:
    """The scenario of that name; NothingToSay if there is none, or the file is wrong."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NothingToSay(f"{file}: {error}") from error
    scenarios = data.get("scenarios", {})
    if name not in scenarios:
        raise NothingToSay(f"there is no scenario {name!r}; there are {', '.join(scenarios)}")
    try:
        return _scenario(name, data, scenarios[name])
    except (ValidationError, TypeError, AttributeError, KeyError) as error:
        raise NothingToSay(f"{file}: the scenario {name} is wrong: {error}") from error


def _scenario(name: str, data: Mapping[str, Any], own: Mapping[str, Any]) -> Scenario:
    general, special = dict(data["promises"]), dict(own.get("promises", {}))
    by_endpoint, own_by_endpoint = general.pop("endpoints", {}), special.pop("endpoints", {})
    whole = general | special
    endpoints = {one: whole | by_endpoint.get(one, {}) | own_by_endpoint.get(one, {}) for one in by_endpoint | own_by_endpoint}
    return Scenario.model_validate(data["defaults"] | {**own, "name": name, "promises": whole, "endpoints": endpoints})
