"""The fixtures that every room of the tests may use, and the order in which two processes share the tests."""

import os
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    from xdist.remote import Producer

pytest_plugins = [
    "tests.real_parts.connections",
    "tests.real_parts.firestore",
    "tests.real_parts.pubsub",
    "tests.real_parts.valkey",
]

# What is true of any text is asked, not how soon: a machine may do other things at once.
settings.register_profile("timeless", deadline=None)
settings.load_profile("timeless")

# Rooms whose files take half a minute, in turn such that compute and such that mostly wait.
LONGEST = ("terraform", "local", "bundles", "functions", "faults", "attacks")
ALONE = ("configuration", "release")
PLANNED = {
    f"tests/terraform/{path.name}"
    for path in (Path(__file__).parent / "terraform").glob("test_*.py")
    if path.stem.removeprefix("test_") not in ALONE
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that at the end no process waits for another's long file."""
    places = {room: place for place, room in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.parent.name, len(LONGEST)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where CI=true, what is skipped has failed: a green run says that everything was looked at."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"skipped, where CI=true lets nothing be skipped: {report.longrepr}"
    return report


class Together(LoadFileScheduling):
    """The files of the plans go to one process, which makes their fixtures once; every other file goes by itself."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "plans" if file in PLANNED else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> LoadFileScheduling | None:
    return Together(config, log) if config.getvalue("dist") == "loadfile" else None
