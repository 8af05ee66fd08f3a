"""Every decision says below its title how it stands and since when."""

import re
from datetime import date
from pathlib import Path

import pytest

DECISIONS = sorted((Path(__file__).resolve().parents[2] / "docs/decisions").glob("*.md"))
STATUS = re.compile(r"Status: (?:accepted|(?:accepted, in part )?superseded by \[(\d{4})\]\((\S+\.md)\)) · (\d{4}-\d\d-\d\d)")


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_its_status_and_its_date(path: Path) -> None:
    title, _, line, _, *rest = path.read_text(encoding="utf-8").splitlines()
    assert title.startswith("# ")
    assert (status := STATUS.fullmatch(line)), line
    assert date.fromisoformat(status[3])
    assert rest


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_and_the_one_that_takes_its_place_name_each_other(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    status = STATUS.search(text)
    if status and status[2]:
        assert status[2].startswith(status[1])
        assert "takes the place of" in (later := path.with_name(status[2]).read_text(encoding="utf-8"))
        assert f"({path.name})" in later
    for earlier in re.findall(r"takes the place of[^.]*\((\d{4}-\S+\.md)\)", text):
        assert f"({path.name})" in path.with_name(earlier).read_text(encoding="utf-8").splitlines()[2]


def test_there_are_decisions() -> None:
    assert len(DECISIONS) > 30
