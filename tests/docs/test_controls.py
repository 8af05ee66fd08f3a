"""What the table of controls names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/controls.md"
ROWS = [line.strip("|").split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][2:]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2].strip()[:40])
def test_a_control_names_what_is_there(row: list[str]) -> None:
    soc, iso, control, where, shown = (cell.strip() for cell in row)
    assert re.fullmatch(r"((CC|A|P|PI)\d[.\d]*(, )?)+", soc)
    assert re.fullmatch(r"(A\.[5-8]\.\d+(, )?)+", iso)
    assert control
    named = re.findall(r"`([^`]+)`", where + shown)
    linked = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", where)]
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert [path for path in linked if not (PAGE.parent / path).exists()] == []
    assert "`tests/" in shown


def test_there_are_controls() -> None:
    assert len(ROWS) > 20
