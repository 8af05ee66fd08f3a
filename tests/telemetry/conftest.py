"""What a test says of the current request is forgotten after it."""

from collections.abc import Iterator

import pytest

from ion_mentoring.telemetry import trace
from ion_mentoring.telemetry.events import REQUEST_ID
from ion_mentoring.telemetry.reporting import PERSONA


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    before = trace.CURRENT.get(), REQUEST_ID.get(), PERSONA.get()
    yield
    trace.CURRENT.set(before[0])
    REQUEST_ID.set(before[1])
    PERSONA.set(before[2])
