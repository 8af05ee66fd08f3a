"""A Pub/Sub emulator for the whole session, and a project of its own for each test."""

import uuid
from collections.abc import Iterator

import pytest

from ion_mentoring.local.parts import PartMissing, pubsub_emulator


@pytest.fixture(scope="session")
def pubsub_address() -> Iterator[str]:
    """Where the emulator listens, as `host:port`."""
    try:
        emulator = pubsub_emulator()
    except PartMissing as missing:
        pytest.skip(f"REAL PART MISSING, Pub/Sub emulator: {missing}")
    yield emulator.address
    emulator.stop()


@pytest.fixture
def pubsub_project(pubsub_address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A project without topics, with the client's environment set to the emulator."""
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub_address)
    return f"test-{uuid.uuid4().hex}"
