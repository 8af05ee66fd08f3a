"""Each line of the documents that calls the program does what it shows."""

import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import KEY, Ion
from tests.local.test_documents import commands


@pytest.mark.parametrize("line", sorted({line for _, line in commands("ion")}))
def test_a_line_that_calls_the_program_works(ion: Ion, line: str, tmp_path: Path) -> None:
    words = [ion.url if word.startswith("https://") else word for word in shlex.split(line)[1:]]
    ran = ion(*words, stdin=f"{KEY}\n".encode(), ION_CONFIG=str(tmp_path / "config.toml"))
    assert (ran.code, ran.err) == (0, ""), ran
    assert ran.out or "--output" in words
