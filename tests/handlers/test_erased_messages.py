"""Messages that wait in topics while their person is erased say nothing before, and bring nothing back after."""

import json
from pathlib import Path

import pytest

from ion_mentoring.local.scan import files
from ion_mentoring.mentoring.privacy.marks import Marks
from tests.handlers.batch_set import BatchSet

MARKS = ("MARK-말", "user-mark-1", "item-mark")
QUESTIONS = [
    {"id": f"item-mark-{number}", "user_input": f"MARK-말 제 상사가 또 그래요 {number}", "context": {"user_id": MARKS[1]}}
    for number in range(3)
]


def found(*, in_messages: list[dict[str, object]], below: Path) -> list[str]:
    """The places in which a mark is, in any form."""
    marks = Marks(MARKS[0], MARKS[1])
    places = [("message", json.dumps(message).encode()) for message in in_messages]
    return [f"{where}: {form}" for where, data in (*places, *files([str(below)])) for form in marks.found(data)]


async def hand_in(batches: BatchSet) -> str:
    answer = await batches.router.post("/api/v2/batches", json={"requests": QUESTIONS}, headers=batches.key("acme"))
    assert answer.status_code == 202, answer.text
    return str(answer.json()["batch"]["id"])


@pytest.mark.parametrize("answered_before", [False, True], ids=["still waiting", "answered"])
async def test_nothing_of_an_erased_user_is_in_topics_or_files_and_what_waits_brings_nothing_back(
    closed_batches: BatchSet, tmp_path: Path, *, answered_before: bool
) -> None:
    batches = closed_batches
    batch = await hand_in(batches)
    waiting = list(batches.messages)
    assert waiting
    if answered_before:
        await batches.work()
    erased = await batches.router.delete(
        f"/api/v2/users/{MARKS[1]}", params={"caller": "key:acme"}, headers=batches.key("boss")
    )
    assert (erased.json()["state"], erased.json()["erased"]["batch_items"]) == ("done", 3)
    assert found(in_messages=[*waiting, *batches.topic.done], below=tmp_path) == []
    for message in waiting:  # a second time, where it was answered before
        assert (await batches.deliver(message)).status_code == 200
    await batches.work()
    results = await batches.router.get(f"/api/v2/batches/{batch}/results", headers=batches.key("acme"))
    assert "MARK" not in results.text
    assert results.text.count("ERASED") == 3
    assert found(in_messages=[*waiting, *batches.topic.done], below=tmp_path) == []
    assert found(in_messages=[{"text": MARKS[0]}], below=tmp_path), "what is there is found"
