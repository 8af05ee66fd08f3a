"""The world of two people, in SQLite and in Firestore."""

from pathlib import Path

import pytest

from ion_mentoring.records.conversations import guarded as conversations
from ion_mentoring.records.user_keys import guarded as user_keys
from ion_mentoring.wiring.stores import stores
from tests.mentoring.privacy.world import KIM, LEE, World


@pytest.fixture(params=["sqlite", "firestore"])
async def world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    for module in (conversations, user_keys):
        monkeypatch.setattr(module, "WITHIN_S", 30.0)  # how fast an emulator is isn't what is asked here
    if request.param == "firestore":
        setting = f"firestore://{request.getfixturevalue('firestore_project')}"
    else:
        setting = f"sqlite:///{tmp_path}/ion.sqlite3"
    made = World(setting, stores(setting), [], [])
    await made.batch()
    await made.fill(KIM, 1)
    await made.fill(LEE, 2)
    return made


@pytest.fixture
def memory_world() -> World:
    """Stores that nothing is in."""
    setting = "sqlite:///:memory:"
    return World(setting, stores(setting), [], [])
