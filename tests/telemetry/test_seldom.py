"""What happens a thousand times a second is told once."""

from typing import Any

from ion_mentoring.telemetry.seldom import Seldom
from tests.fakes import Clock


def test_once_a_second_at_most_is_told_with_how_often_it_was() -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    clock = Clock()
    tell = Seldom(lambda event, **facts: told.append((event, facts)), clock)
    for _ in range(1_000):
        tell("refused", status=503)
    assert told == [("refused", {"status": 503, "times": 1})]
    clock.tick(1)
    tell("refused", status=431)
    assert told[1:] == [("refused", {"status": 431, "times": 1_000})]
