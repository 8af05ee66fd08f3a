"""That memory is watched over a short load, and that what does not answer is told."""

import shutil

import pytest

from bench.memory import Load, _router, ask, body, growth
from bench.serving import client_of

pytestmark = pytest.mark.skipif(shutil.which("taskset") is None, reason="pins to cores")


def test_a_short_load_is_asked_whole_and_memory_is_taken_after_each_part() -> None:
    held_kib = growth(Load(before=40, requests=40, parts=2, new_before=5, new=5, popular=4))
    assert len(held_kib) == 3
    assert all(20_000 < kib < 500_000 for kib in held_kib)


def test_another_answer_and_too_little_time_end_the_run() -> None:
    with _router({}) as router:
        ask(router, [body("How do I prepare?", user_id="kim", session_id="s")])
        with client_of(router) as client:
            assert client.get("/api/v2/cache-stats").json()["l1"]["entries"] == 1
        with pytest.raises(ValueError, match="measure something else"):
            ask(router, [b"{}"])
        with pytest.raises(ValueError, match="not done in time"):
            ask(router, [body("How?")], 0.0)
