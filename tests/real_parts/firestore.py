"""A Firestore emulator for the whole session, and an empty database in it for each test."""

import uuid
from collections.abc import Iterator

import pytest

from ion_mentoring.backends.firestore import Documents
from ion_mentoring.local.parts import PartMissing, firestore_emulator

PATIENCE_S = 30.0  # what an emulator may take for its first words, on a machine that does much else


def patient(project: str, database: str = "(default)") -> Documents:
    """The documents of a project in the emulator: how fast it is isn't what the tests ask."""
    return Documents(project, database, timeout_s=PATIENCE_S)


@pytest.fixture(scope="session")
def firestore_address() -> Iterator[str]:
    """Where the emulator listens, as `host:port`."""
    try:
        emulator = firestore_emulator()
    except PartMissing as missing:
        pytest.skip(f"REAL PART MISSING, Firestore emulator: {missing}")
    yield emulator.address
    emulator.stop()


@pytest.fixture
def firestore_project(firestore_address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A project that nobody used before, with the client's environment set to the emulator."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_address)
    return f"test-{uuid.uuid4().hex}"
