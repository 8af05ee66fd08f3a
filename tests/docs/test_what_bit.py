"""The page of what bit: each row has its day, and names what keeps it away, which is there."""

import re
from datetime import date
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs/what-bit.md"
ROWS = [line.strip("| ").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| 20")]


def test_rows_stand_in_the_order_of_their_days() -> None:
    days = [date.fromisoformat(row[0]) for row in ROWS]
    assert days
    assert days == sorted(days)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1][:40])
def test_a_row_says_what_bit_and_what_keeps_it_away(row: list[str]) -> None:
    assert len(row) == 3
    assert all(cell.strip() for cell in row)
    linked = re.findall(r"\]\(([^)#]+)\)", row[2])
    assert all((PAGE.parent / one).exists() for one in linked), linked
    named = re.findall(r"`(tests/[\w/.]+)`", row[2])
    assert all((PAGE.parents[1] / one).exists() for one in named), named
