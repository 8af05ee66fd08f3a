"""The lines of the README that hand in a batch do what it says, in the local set as `make run` starts it."""

import csv
import io
import json
import re
import subprocess
import time
from pathlib import Path

import pytest

from ion_mentoring.resources import ROOT
from tests.local.conftest import LocalSet, Serve

READMES = [ROOT.parent / name for name in ("README.md", "README.ko.md")]


def lines(readme: Path) -> list[str]:
    (block,) = re.findall(r"^```bash\n(.*?)^```", readme.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return str(block).splitlines()


def typed(running: LocalSet, folder: Path, lines: list[str]) -> str:
    """The output of lines that somebody types in one shell."""
    script = "\n".join(lines).replace("http://localhost:8080", str(running.client.base_url).rstrip("/"))
    ended = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=True, timeout=60)
    return ended.stdout


def completed(running: LocalSet, batch_id: str) -> None:
    for _ in range(200):
        if running.client.get(f"/api/v2/batches/{batch_id}").json()["batch"]["state"] == "completed":
            return
        time.sleep(0.05)
    raise AssertionError("the batch does not end")


def test_a_batch_is_five_lines(serve: Serve, tmp_path: Path) -> None:
    running = serve()
    submit, asked, read, cancel = (lines(READMES[0])[:2], *lines(READMES[0])[2:])
    batch_id = typed(running, tmp_path, [*submit, "echo $batch"]).strip()
    completed(running, batch_id)
    given = f"batch={batch_id}"
    progress = json.loads(typed(running, tmp_path, [given, asked]))["batch"]
    assert (progress["total"], progress["counts"]["answered"]) == (2, 2)
    typed(running, tmp_path, [given, read])
    rows = list(csv.DictReader(io.StringIO((tmp_path / "answers.csv").read_text(encoding="utf-8-sig"))))
    assert [row["item_id"] for row in rows if row["state"]] == ["1", "2"]
    refused = json.loads(typed(running, tmp_path, [given, cancel]))
    assert refused["error"]["code"] == "WRONG_STATE"


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_lines_are_five_and_the_same_in_both_languages(readme: Path) -> None:
    assert len(lines(readme)) == 5
    assert lines(readme) == lines(READMES[0])
