"""The alerts of a log are told by whether they began before a moment or after it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra.drills.ringing import ringing, told

BEGAN = datetime(2026, 11, 29, 14, 0, tzinfo=UTC)


def written(log: Path, failing_from_s: int) -> Path:
    """A log of ten minutes, an answer a second, each without its model from a second on."""
    with log.open("w", encoding="utf-8") as file:
        for second in range(600):
            event = {
                "message": "PersonaProcessEvent",
                "time": (BEGAN + timedelta(seconds=second)).isoformat(),
                "success": True,
                "path": "embedded",
                "cache_hit": False,
                "degraded": ["model"] if second >= failing_from_s else [],
                "execution_time_ms": 5,
                "persona": "lua",
            }
            file.write(json.dumps(event) + "\n")
    return log


def test_an_alert_stands_on_the_side_on_which_it_began(tmp_path: Path) -> None:
    log = written(tmp_path / "trial.log", failing_from_s=120)
    before, after = ringing(log, BEGAN + timedelta(seconds=100))
    assert ([one.key for one in before], [one.key for one in after]) == ([], ["degraded"])
    before, after = ringing(log, BEGAN + timedelta(seconds=500))
    assert ([one.key for one in before], [one.key for one in after]) == (["degraded"], [])


def test_they_are_told_with_their_times(tmp_path: Path) -> None:
    log = written(tmp_path / "trial.log", failing_from_s=120)
    first, second = told(ringing(log, BEGAN + timedelta(seconds=100)))
    assert first == "Alerts that rang before it: none"
    assert second.startswith("Alerts that rang after it:  degraded 14:02:")
