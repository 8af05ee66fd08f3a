"""Records made by hand, with so many answers of so many milliseconds."""

from collections.abc import Mapping
from pathlib import Path

from loadtests.asking import Asked, Got
from loadtests.recording import Recorder
from loadtests.records import Record, read_record
from loadtests.verdict import Verdict

GOOD = Verdict(hits=(True,), personas=("Lua",))


def record(
    folder: Path, times: Mapping[str, list[float]], verdict: Verdict = GOOD, *, scenario: str = "light", place: str = "here"
) -> Record:
    """A record of good answers, or of answers with that verdict."""
    recorder = Recorder()
    for endpoint, all_ms in times.items():
        for number, ms in enumerate(all_ms):
            recorder.add(number, 3, Asked(endpoint, "answer", "POST", "/"), Got(200, b"", ms), verdict)
    path = folder / "made.json"
    recorder.write(path, {"scenario": scenario, "place": place, "seconds": 120.0, "planned_s": 120.0})
    return read_record(path)
