"""A real set, and a door before it that can be made faulty."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtests.records import Record
from loadtests.scenario import Scenario, read
from loadtests.target import Target, target
from tests.loadtests.driving import driven
from tests.loadtests.faulty_door import Door, Fault, door


@pytest.fixture(scope="session")
def running() -> Iterator[Target]:
    """A local set with keys, as `make load` starts it."""
    with target(None) as here:
        yield here


@pytest.fixture(scope="session")
def opened(running: Target) -> Iterator[Door]:
    with door(running.url) as here:
        yield here


class Load:
    """A load through the door, with one fault or none."""

    def __init__(self, running: Target, opened: Door, folder: Path) -> None:
        self._running, self._door, self._folder = running, opened, folder

    def __call__(
        self, fault: Fault = lambda answered: answered, *, name: str = "light", requests: int = 48, bad: float = 0.02
    ) -> tuple[Scenario, Record]:
        scenario = read(name).model_copy(update={"bad": bad})
        self._door.fault = fault
        return scenario, driven(self._door.url, scenario, self._running.keys, requests, self._folder)


@pytest.fixture
def load(running: Target, opened: Door, tmp_path: Path) -> Load:
    return Load(running, opened, tmp_path)
