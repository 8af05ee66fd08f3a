"""No answer reads a turn of its conversation for its situation more than once, however many parts of it ask."""

from collections import Counter
from collections.abc import Sequence

import pytest

from ion_mentoring.models.playbook.ranking import load_ranking
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.understanding.classifier import Classifier
from ion_mentoring.wiring.router import build
from tests.fakes import client

TURNS = ("How do I prepare for a job interview?", "It is mostly about system design.", "What should I do first?")


async def test_each_turn_is_looked_up_once_in_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    read: Counter[tuple[int, ...]] = Counter()
    situations, shares = load_ranking("en").classifier, Classifier.shares

    def counted(classifier: Classifier, hashes: Sequence[int]) -> list[float]:
        read.update([tuple(hashes)] if classifier is situations else [])
        return shares(classifier, hashes)

    monkeypatch.setattr(Classifier, "shares", counted)
    async with client(build(RouterSettings.read({"STORE": "sqlite:///:memory:"}))) as http:
        for number, text in enumerate(TURNS, 1):
            read.clear()
            asked = {"user_input": text, "context": {"session_id": "one", "user_id": "mina"}}
            assert (await http.post("/api/v2/process", json=asked)).status_code == 200
            assert sorted(read.values()) == [1] * number
