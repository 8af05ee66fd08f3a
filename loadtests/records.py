"""Records of runs, as they are read again: what a gate, a report and a baseline know of a run."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from loadtests.recording import FORM, percentile
from loadtests.trouble import NothingToSay

Number = Annotated[int, Field(ge=0)]


class Frozen(BaseModel):
    """A value as it is kept in a record."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Measured(Frozen):
    """The counts of one endpoint; `times` and `first` count good answers by their milliseconds."""

    count: Number
    refused: Number
    degraded: Number
    hits: Number
    looked_up: Number
    times: Mapping[int, Number]
    first: Mapping[int, Number]
    errors: Mapping[str, Number]

    @property
    def failed(self) -> int:
        """The number of wrong, cut or failed answers."""
        return sum(self.errors.values())

    @property
    def good(self) -> int:
        """The number of successes: neither wrong nor refused."""
        return self.count - self.failed - self.refused

    def p(self, share: float) -> int | None:
        """A percentile of the times of good answers, in milliseconds."""
        return percentile(self.times, share)

    @property
    def first_p95(self) -> int | None:
        """The 95th percentile of the times to a first text."""
        return percentile(self.first, 0.95)

    @property
    def hit_rate(self) -> float | None:
        """The share of answers that a cache gave."""
        return self.hits / self.looked_up if self.looked_up else None


class Slice(Frozen):
    """The figures of two seconds of a run."""

    at_s: float
    users: Number
    count: Number
    errors: Number
    refused: Number
    hits: Number
    looked_up: Number
    p50: int | None
    p95: int | None
    p99: int | None


class Record(Frozen):
    """A whole run; `place` is the machine or the address that it was measured on.

    `server_cpu_s` and `load_cpu_s` are the processor time of the set and of the load; `memory_mib` is what the set held, and
    at which second, where that is known.
    """

    scenario: str
    place: str = "unknown"
    seconds: float
    planned_s: float
    server_cpu_s: float | None = None
    load_cpu_s: float | None = None
    memory_mib: tuple[tuple[float, float], ...] = ()
    whole: Measured
    endpoints: Mapping[str, Measured]
    personas: Mapping[str, Number]
    slices: tuple[Slice, ...]


def read_record(path: Path) -> Record:
    """The record in a file; NothingToSay if it is missing, empty or another kind of file."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise NothingToSay(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise NothingToSay(f"{path}: is no record of a load test") from error
    if not isinstance(data, dict) or data.get("form") != FORM:
        raise NothingToSay(f"{path}: is no record of a load test")
    try:
        return Record.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise NothingToSay(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
