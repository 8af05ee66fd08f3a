"""The old package as a program finds it: nothing used yet, and whatever was made is gone afterwards."""

from collections.abc import Iterator

import pytest

import persona_system
from ion_mentoring.wiring import embedded
from persona_system.pipeline import face


@pytest.fixture(autouse=True)
def _as_at_the_start(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(face._WARNING, "given", True)  # a test of the warning says so itself
    yield
    persona_system.reset_pipeline()
    persona_system.reset_legacy_pipeline()


@pytest.fixture(scope="module", autouse=True)
def _ended() -> Iterator[None]:
    yield
    embedded.forget()
