"""Evenings over each kind of store."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.wiring.stores import stores
from tests.mentoring.batching.evening import Evening


@pytest.fixture
def evening(use_case: AnswerQuestion, tmp_path: Path) -> Evening:
    """One over SQLite."""
    return Evening(use_case, stores(f"sqlite:///{tmp_path}/ion.sqlite3"))


@pytest.fixture(params=["sqlite", "firestore"])
async def any_evening(request: pytest.FixtureRequest, use_case: AnswerQuestion, tmp_path: Path) -> AsyncIterator[Evening]:
    """One over either store."""
    if request.param == "firestore":
        yield Evening(use_case, stores(f"firestore://{request.getfixturevalue('firestore_project')}"))
        return
    yield Evening(use_case, stores(f"sqlite:///{tmp_path}/ion.sqlite3"))
