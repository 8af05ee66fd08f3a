"""Lighter weights are near to the full ones, fewer n-grams are some of all, and what is worse is told by its worst figure."""

from unittest.mock import patch

import pytest

from ion_mentoring.understanding import ngrams
from training.lightening import FEWER, leveled, pruned
from training.lighter import Measured

TABLE = bytes([128, 129, 127, 131, 140, 116, 255, 1])


def test_each_weight_becomes_the_nearest_of_few_steps() -> None:
    assert leveled((4, 12, 127))(TABLE) == bytes([128, 128, 128, 132, 140, 116, 255, 1])


def test_the_largest_weights_are_kept() -> None:
    assert pruned(0.3)(TABLE) == bytes([128, 128, 128, 128, 128, 128, 255, 1])


@pytest.mark.parametrize("language", ["en", "ko"])
def test_fewer_ngrams_are_fewer(language: str) -> None:
    text = "I cannot concentrate on mathematics" if language == "en" else "수학에 집중이 안 돼요"
    every = ngrams.hashed_ngrams(text)
    for places in FEWER[language].values():
        with patch.multiple(ngrams, **places):
            fewer = ngrams.hashed_ngrams(text)
        assert 0 < len(fewer) < 0.8 * len(every)
    assert ngrams.hashed_ngrams(text) == every


def test_the_worst_figure_is_one_that_fell_or_a_false_alarm_that_rose() -> None:
    full = Measured(100, 10.0, {"found": 0.8, "false alarms": 0.1})
    assert full.worst(full)[0] == 0
    assert Measured(50, 5.0, {"found": 0.9, "false alarms": 0.12}).worst(full) == (pytest.approx(0.02), "false alarms")
    assert Measured(50, 5.0, {"found": 0.7, "false alarms": 0.05}).worst(full) == (pytest.approx(0.1), "found")
