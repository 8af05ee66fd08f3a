"""The gate lets a set pass that is well, and names what is wrong with every other."""

import json
import time
from dataclasses import replace

import pytest

from loadtests.gate import BROKEN, HELD, told
from loadtests.visitor import MARKER
from tests.loadtests.conftest import Load
from tests.loadtests.faulty_door import Answered, Fault

pytestmark = pytest.mark.slow


def every(number: int, fault: Fault) -> Fault:
    """The fault in every so-many-th answer to a question."""
    seen = 0

    def applied(answered: Answered) -> Answered:
        nonlocal seen
        if not answered.answers:
            return answered
        seen += 1
        return fault(answered) if seen % number == 0 else answered

    return applied


def said(load: Load, fault: Fault, **how: object) -> str:
    scenario, record = load(fault, **how)  # type: ignore[arg-type]
    code, lines = told(scenario, record, None)
    assert code == BROKEN
    return "\n".join([*(line for line in lines if line.startswith("BROKEN")), *record.whole.errors])


def test_a_set_that_is_well_passes(load: Load) -> None:
    scenario, record = load(requests=150, bad=0.1)
    assert told(scenario, record, None) == (HELD, [line for line in told(scenario, record, None)[1] if line.startswith("note")])
    assert record.whole.good == 150
    assert {"process", "process in a session", "process stream", "recommend", "bad on purpose"} <= set(record.endpoints)
    assert set(record.personas) <= {"Lua", "Elro", "Riri", "Nana"}
    assert record.whole.hits > 0


def test_a_slow_set_is_named_with_its_time(load: Load) -> None:
    def slow(answered: Answered) -> Answered:
        time.sleep(0.15)
        return answered

    found = said(load, every(2, slow), name="cached", requests=24)
    assert "process: P95 was " in found
    assert "less than 100 ms was promised." in found


def test_a_500_is_named(load: Load) -> None:
    found = said(load, every(9, lambda answered: replace(answered, status=500)))
    assert "status 500 in place of 200" in found


def test_a_429_is_counted_apart_and_is_no_success(load: Load) -> None:
    scenario, record = load(every(9, lambda answered: replace(answered, status=429)))
    assert record.whole.refused > 0
    assert record.whole.failed == 0
    assert record.whole.good == record.whole.count - record.whole.refused
    assert any("were refused with 429" in line for line in told(scenario, record, None)[1])


def test_a_cut_connection_is_named(load: Load) -> None:
    assert "no answer: RemoteProtocolError" in said(load, every(9, lambda answered: replace(answered, cut=40)))


def test_a_stream_that_ends_early_is_named(load: Load) -> None:
    def early(answered: Answered) -> Answered:
        return replace(answered, body=answered.body[: answered.body.index(b"event: done")]) if answered.streams else answered

    assert "a stream that was cut before its end" in said(load, early, name="stream")


def test_a_stream_with_two_ends_is_named(load: Load) -> None:
    def twice(answered: Answered) -> Answered:
        end = answered.body[answered.body.index(b"event: done") :] if answered.streams else b""
        return replace(answered, body=answered.body + end)

    assert "a stream with 2 ends" in said(load, twice, name="stream")


def test_a_stream_whose_text_is_another_is_named(load: Load) -> None:
    def lost(answered: Answered) -> Answered:
        blocks = answered.body.split(b"\n\n")
        kept = [block for block in blocks if not block.startswith(b"event: delta")]
        return replace(answered, body=b"\n\n".join(kept)) if answered.streams else answered

    assert "a stream whose text is not that of its answer" in said(load, lost, name="stream")


def test_the_answer_to_another_request_is_named(load: Load) -> None:
    kept: list[bytes] = []

    def swapped(answered: Answered) -> Answered:
        if answered.streams:
            return answered
        kept.append(answered.body)
        return replace(answered, body=kept[0])

    assert "the answer to another request" in said(load, every(1, swapped), name="cached")


def test_another_text_for_the_same_question_is_named(load: Load) -> None:
    def other(answered: Answered) -> Answered:
        body = json.loads(answered.body)
        return answered.changed(content=f"{body['content']} {body['request_id'][:4]}")

    assert "another text than the same question got before" in said(load, every(2, other), name="cached")


def test_an_answer_from_another_questions_place_in_the_cache_is_named(load: Load) -> None:
    def misplaced(answered: Answered) -> Answered:
        body = json.loads(answered.body)
        return answered.changed(performance={**body["performance"], "cache_key": "the same for all"})

    assert "an answer from another question's place in the cache" in said(load, every(1, misplaced), name="cached")


def test_a_word_that_another_user_wrote_is_named(load: Load) -> None:
    def leaking(answered: Answered) -> Answered:
        content = "" if answered.streams else json.loads(answered.body)["content"]
        return answered.changed(content=f"{content} {MARKER}0123456789AB")

    assert "an answer with a word that another user wrote" in said(load, every(3, leaking), name="cached")


def test_the_wrong_language_is_named(load: Load) -> None:
    found = said(load, every(3, lambda answered: answered.changed(content="Guten Tag, 안녕하세요, 반갑습니다.")), name="cached")
    assert "an answer in another language than the question" in found


def test_a_stranger_among_the_personas_is_named(load: Load) -> None:
    found = said(load, every(3, lambda answered: answered.changed(persona_used="Nobody")), name="cached")
    assert "a persona that is not in the roster" in found


def test_a_shape_that_is_not_the_documented_one_is_named(load: Load) -> None:
    found = said(load, every(3, lambda answered: answered.changed(confidence="high")), name="cached")
    assert "body.confidence is no number" in found


def test_a_bad_request_that_is_answered_is_named(load: Load) -> None:
    def kind(answered: Answered) -> Answered:
        return replace(answered, status=200) if 400 <= answered.status < 500 else answered

    scenario, record = load(kind, bad=0.5)
    assert any("in place of 4" in error for error in record.endpoints["bad on purpose"].errors)
    assert told(scenario, record, None)[0] == BROKEN


def test_an_answer_that_is_degraded_is_counted_apart(load: Load) -> None:
    def degraded(answered: Answered) -> Answered:
        about = {} if answered.streams else json.loads(answered.body)["metadata"]
        return answered.changed(metadata={**about, "degraded": ["model"]})

    _, record = load(every(2, degraded), name="cached", requests=30, bad=0.0)
    assert record.whole.degraded == 15
    assert record.whole.failed == 0
