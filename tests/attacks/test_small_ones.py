"""What clients send that is right and was refused, and what is wrong and was taken."""

import base64
import gzip
import json
import time
from typing import Any

import pytest

from tests.attacks import sets, wire

pytestmark = pytest.mark.slow

KEY = ("x-api-key", sets.SERVICE)
ASK = {"user_input": "How do I ask for a raise?"}


def _process(found: sets.Running, body: object, *headers: tuple[str, str]) -> wire.Answer:
    return wire.call(found.port, "POST", "/api/v2/process", [KEY, *headers], body)


NULLS: dict[str, dict[str, Any]] = {
    **{
        name: {name: None}
        for name in (
            "context",
            "include_metadata",
            "use_cache",
            "prompt_mode",
            "read_tone",
            "resonance_key",
            "persona",
            "language",
        )
    },
    "read_tone": {"read_tone": None},
    **{f"context.{n}": {"context": {n: None}} for n in ("message_history", "metadata", "user_id", "session_id")},
    "a time": {"context": {"message_history": [{"role": "user", "content": "Hi", "timestamp": None}]}},
}


@pytest.mark.parametrize("what", NULLS)
def test_null_means_absent(strict: sets.Running, what: str) -> None:
    assert _process(strict, {**ASK, **NULLS[what]}).status == 200
    in_bulk = wire.call(strict.port, "POST", "/api/v2/bulk-process", [KEY], {"requests": [{**ASK, **NULLS[what]}]})
    assert in_bulk.json()["failed"] == 0, in_bulk.body


@pytest.mark.parametrize(("path", "body"), [
    ("/api/v2/recommend", {"scenario": "I am tired", "language": None}),
    ("/api/v2/resonance", {"text": "I am tired", "language": None}),
    ("/api/v2/bulk-process", {"requests": [ASK], "parallel": None}),
    ("/api/v2/chat/multi-persona", {**ASK, "personas": None, "context": None}),
    ("/chat", {"message": "I am tired", "user_id": None}),
])  # fmt: skip
def test_null_means_absent_in_other_bodies(strict: sets.Running, path: str, body: object) -> None:
    assert wire.call(strict.port, "POST", path, [KEY], body).status == 200


def test_an_answer_that_was_stopped_may_stand_in_the_history(strict: sets.Running) -> None:
    history = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": ""}]
    assert _process(strict, {**ASK, "context": {"message_history": history}}).status == 200


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "deflate", "br", "zstd", "gzip, gzip", "x"])
def test_a_packed_body_is_a_415(strict: sets.Running, coding: str) -> None:
    found = _process(strict, gzip.compress(json.dumps(ASK).encode()), ("content-encoding", coding))
    assert found.status == 415, found.body


def test_a_body_that_is_said_to_be_as_it_is_is_taken(strict: sets.Running) -> None:
    assert _process(strict, ASK, ("content-encoding", "identity")).status == 200


NO_STREAM = [
    "text/event-stream;q=0",
    "text/event-stream; q=0.000",
    "text/event-stream;Q=0",
    "text/event-streams",
    "application/json",
]


@pytest.mark.parametrize("accept", NO_STREAM)
def test_who_does_not_want_a_stream_gets_none(strict: sets.Running, accept: str) -> None:
    assert (_process(strict, ASK, ("accept", accept)).header("content-type") or "").startswith("application/json")


@pytest.mark.parametrize(
    "accept", [["application/json;q=0.1", "text/event-stream"], ["TEXT/Event-Stream"], ["a/b", "text/event-stream"]]
)
def test_who_wants_a_stream_gets_one(strict: sets.Running, accept: list[str]) -> None:
    found = _process(strict, ASK, *(("accept", line) for line in accept))
    assert (found.header("content-type") or "").startswith("text/event-stream")


def test_two_lines_of_languages_are_one_list(strict: sets.Running) -> None:
    found = wire.call(strict.port, "GET", "/nowhere", [("accept-language", "fr"), ("accept-language", "ko")])
    assert not found.json()["error"]["message"].isascii()


def test_who_has_seen_the_end_of_a_stream_does_not_get_it_all_again(strict: sets.Running) -> None:
    first = _process(strict, ASK, ("accept", "text/event-stream")).body.decode()
    last = [line[4:] for line in first.splitlines() if line.startswith("id: ")][-1]
    again = _process(strict, ASK, ("accept", "text/event-stream"), ("last-event-id", last)).body.decode()
    assert "event: delta" not in again
    assert "event: routing" not in again


def test_the_embedded_bus_takes_base64_of_both_alphabets(local: sets.Running) -> None:
    message = json.dumps(
        {"batch_id": "b", "item_id": "1", "request": {"user_input": "Why??>>~~ ÿÿ"}}, ensure_ascii=False
    ).encode()
    for data in (base64.b64encode(message), base64.urlsafe_b64encode(message)):
        body = {"messages": [{"data": data.decode()}]}
        assert wire.call(local.port, "POST", "/v1/projects/local/topics/mentoring-batch:publish", body=body).status == 200
    time.sleep(0.5)


def test_the_contract_says_what_is_open(strict: sets.Running) -> None:
    paths = wire.call(strict.port, "GET", "/openapi.json").json()["paths"]
    open_to_all = ["/api/v2/health", "/api/v2/status", "/api/v2/personas", "/health"]
    assert [path for path in open_to_all if paths[path]["get"].get("security") != []] == []
    assert paths["/api/v2/process"]["post"].get("security") != []
