"""What is no proper question is read sensibly: little is claimed, no danger is seen, and the fitting mentor answers."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from ion_mentoring.models.playbook.finding import Found, found
from ion_mentoring.models.playbook.model import LANGUAGES, PlaybookModel
from ion_mentoring.models.playbook.ranking import load_ranking
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.personas.routing import RoutingTable
from ion_mentoring.understanding.language import language_of
from ion_mentoring.understanding.resonance.detector import Detector
from ion_mentoring.understanding.safety.check import DangerCheck

INPUTS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "odd_inputs.toml").read_text(encoding="utf-8"))["input"]
DETECTOR, CHECK, PLAYBOOK, TABLE = Detector.load(), DangerCheck.load(), PlaybookModel(), RoutingTable(load_roster())


def test_there_are_thirty_of_them() -> None:
    assert len({one["text"] for one in INPUTS}) >= 30


@pytest.mark.parametrize("one", INPUTS, ids=range(len(INPUTS)))
def test_an_odd_input_is_read_sensibly(one: dict[str, Any]) -> None:
    text = one["text"]
    language = language_of(text)
    detected = DETECTOR.detect(text, language)
    assert language == one.get("language", language)
    assert set(one.get("unknown", ())) <= set(detected.unknown)
    assert TABLE.expected(detected.distribution, PLAYBOOK.subject_of(text, language)).primary in one.get(
        "personas", load_roster()
    )
    told = found(load_ranking(language if language in LANGUAGES else "en"), text)
    if isinstance(told, Found) and "situations" in one:
        assert told.title.id in one["situations"]
    assert CHECK.check(text) is None


def test_a_rant_of_four_thousand_characters_is_read_as_what_it_is() -> None:
    rant = ("진짜 너무 화가 나요. 팀장이 맨날 나한테만 일을 떠넘기고 회의에서는 자기가 한 것처럼 말해요. " * 80)[:4_000]
    detected = DETECTOR.detect(rant, "ko")
    assert detected.key.tone == "frustrated"
    told = found(load_ranking("ko"), rant)
    assert isinstance(told, Found)
    assert told.title.id in ("angry_at_someone", "difficult_boss", "no_recognition", "stolen_credit")
