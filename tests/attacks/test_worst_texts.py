"""What the dearest texts cost beside plain English of the same length, in time of the processor."""

import contextlib
import http.client
import itertools
from typing import Any

import pytest

from tests.attacks import sets, wire, worst_texts

pytestmark = pytest.mark.proof

MOST = 3.0
ROUNDS = 5
NUMBERS = itertools.count(1_000)
AGAIN = 3  # times that what seems too dear is measured


def _bodies(text: str) -> dict[str, tuple[str, Any]]:
    """Where a text goes in, and how."""
    history = [{"role": "user", "content": text}]
    return {
        "question": ("/api/v2/process", {"user_input": text, "use_cache": False}),
        "history": (
            "/api/v2/process",
            {"user_input": "Next?", "use_cache": False, "context": {"message_history": history}},
        ),
        "scenario": ("/api/v2/recommend", {"scenario": text}),
        "text": ("/api/v2/resonance", {"text": text}),
    }


def _cost_s(found: sets.Running, place: str, text: str) -> float:
    """The least that one of several calls took of the processor: what else the machine does counts for nothing.

    No two ask the same, since what was read is remembered.
    """
    costs = []
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", found.port, timeout=60)) as link:
        for _ in range(ROUNDS):
            path, body = _bodies(f"{next(NUMBERS)} {text}"[: len(text)])[place]
            before = found.cpu_s()
            answer = wire.send(link, "POST", path, [("x-api-key", sets.SERVICE)], body)
            assert answer.status in {200, 422}, answer.body
            costs.append(found.cpu_s() - before)
    return min(costs)


@pytest.mark.parametrize("place", ["question", "history", "scenario", "text"])
def test_no_text_costs_more_than_three_times_plain_english(strict: sets.Running, place: str) -> None:
    _cost_s(strict, place, worst_texts.PLAIN)
    plain = _cost_s(strict, place, worst_texts.PLAIN)
    assert plain > 0
    times = {what: _cost_s(strict, place, text) / plain for what, text in worst_texts.WORST.items()}
    for _ in range(AGAIN):  # side by side, since machines have moods
        for what in [what for what, ratio in times.items() if ratio > MOST]:
            again = _cost_s(strict, place, worst_texts.WORST[what]) / _cost_s(strict, place, worst_texts.PLAIN)
            times[what] = min(times[what], again)
    dear = {what: f"{ratio:.1f} times" for what, ratio in times.items() if ratio > MOST}
    assert not dear, f"plain English takes {plain * 1000:.1f} ms"
