"""No turn of a conversation is looked up twice, however many parts of an answer ask, and however many turns follow."""

from collections import Counter
from collections.abc import Sequence

import pytest

from ion_mentoring.models.playbook.ranking import load_ranking
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.understanding import remembered
from ion_mentoring.understanding.classifier import Classifier
from ion_mentoring.wiring.router import build
from tests.fakes import client

TURNS = ("How do I prepare for a job interview?", "It is mostly about system design.", "What should I do first?")


async def test_each_turn_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_KEY", b"nothing that another test has asked is known")
    read: Counter[tuple[int, ...]] = Counter()
    situations, shares = load_ranking("en").classifier, Classifier.shares

    def counted(classifier: Classifier, hashes: Sequence[int]) -> list[float]:
        read.update([tuple(hashes)] if classifier is situations else [])
        return shares(classifier, hashes)

    monkeypatch.setattr(Classifier, "shares", counted)
    async with client(build(RouterSettings.read({"STORE": "sqlite:///:memory:"}))) as http:
        for text in TURNS:
            read.clear()
            asked = {"user_input": text, "context": {"session_id": "one", "user_id": "mina"}}
            assert (await http.post("/api/v2/process", json=asked)).status_code == 200
            assert list(read.values()) == [1]
