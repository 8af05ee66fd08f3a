"""The log's own way to write the time says what the standard library's says."""

from datetime import UTC, datetime

import pytest

from ion_mentoring.telemetry.timestamps import Timestamps
from tests.fakes import Clock

BEGIN = datetime(2026, 12, 31, 23, 59, 58, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("seconds", [0.0, 0.25, 0.5, 1.0, 1.75, 2.125, 3_600.5])
def test_a_time_is_written_as_the_library_writes_it(seconds: float) -> None:
    clock = Clock(BEGIN)
    written = Timestamps(clock)
    written()
    clock.tick(seconds)
    assert written() == datetime.fromtimestamp(clock.now, UTC).isoformat(timespec="milliseconds")
