"""The table of events in docs/telemetry.md has every event of the product, with its fields in their order."""

import re
from pathlib import Path

import pytest

from ion_mentoring.telemetry.product import EVENTS

PAGE = (Path(__file__).resolve().parents[2] / "docs/telemetry.md").read_text(encoding="utf-8")
ROWS = {
    cells[0].strip(" `"): re.findall(r"`(\w+)`", cells[3])
    for line in PAGE.splitlines()
    if re.match(r"\| `\w+Event` \|", line) and len(cells := line.strip("|").split("|")) == 4
}


def test_the_table_has_every_event_and_no_other() -> None:
    assert list(ROWS) == [event.__name__ for event in EVENTS]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_an_event_has_the_fields_that_the_table_says(event: type) -> None:
    assert ROWS[event.__name__] == list(event._fields)  # type: ignore[attr-defined]
    assert event.__doc__
    assert "alias for field" not in event.__doc__
