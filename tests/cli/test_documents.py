"""Each line of the documents that calls the program does what it shows, after the lines above it."""

import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import KEY, PROGRAM, Ion
from tests.local.test_documents import DOCUMENTS, FENCE

BLOCKS = [
    pytest.param(block, id=f"{path.name}-{place}")
    for path in DOCUMENTS
    for place, block in enumerate(FENCE.findall(path.read_text(encoding="utf-8")))
    if "\nion " in f"\n{block}"
]


@pytest.mark.parametrize("block", BLOCKS)
def test_lines_that_call_the_program_work_one_after_the_other(ion: Ion, block: str, tmp_path: Path) -> None:
    path = f"{PROGRAM.parent}:/usr/bin:/bin"
    environment = ion.environment(PATH=path, ION_CONFIG=str(tmp_path / "config.toml"))
    for line in block.replace("https://mentoring.example.com", ion.url).strip().splitlines():
        if line.startswith("pip "):
            continue
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=tmp_path,
            env=environment,
            input=f"{KEY}\n",
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (done.returncode, done.stderr) == (0, ""), line
        assert done.stdout or ">" in line, line


def test_there_are_such_lines_in_both_languages() -> None:
    assert {block.id.partition("-")[0] for block in BLOCKS if block.id} == {"cli.md", "cli.ko.md", "flags.md", "experiments.md"}
