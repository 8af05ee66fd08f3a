"""`python -m bench.instructions`: what an answer and a start cost in instructions, which no busy machine changes.

A start is that of a bundle as the platform has it: unpacked, with its byte code. It is counted as far as the library's import,
then with a first English and a first Korean answer, less what the empty function takes; cached answers and misses are
counted a request each, as the difference of two runs. Needs valgrind, and counts within 1 %.
"""

import argparse
import compileall
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Final

from bench.steps import FRESH
from infra.bundle import bundles
from ion_mentoring.local.parts import valkey_server

ROOT: Final = Path(__file__).resolve().parent.parent
EMPTY: Final = ROOT / "bench" / "empty" / "main.py"
STARTER: Final = ROOT / "bench" / "first_answers.py"
REQUESTS: Final = 200
ASKED: Final = tuple(json.dumps({"user_input": text}) for text in FRESH[:2])
COUNTED: Final = re.compile(r"refs:\s+([\d,]+)")


def main() -> int:
    """Counts and prints; 1 without valgrind."""
    parser = argparse.ArgumentParser(prog="bench.instructions")
    parser.add_argument("--only", choices=("start", "L1", "L2", "miss"))
    asked = parser.parse_args()
    try:
        subprocess.run(["valgrind", "--version"], check=True, capture_output=True)
    except FileNotFoundError:
        print("Counting needs valgrind: apt-get install valgrind", file=sys.stderr)
        return 1
    for kind in ("L1", "L2", "miss"):
        if asked.only in (None, kind):
            print(f"{_names()[kind]:<44} {_each(kind) / 1e3:>9.0f} thousand instructions", flush=True)
    if asked.only in (None, "start"):
        for name, count in starts():
            print(f"{name:<44} {count / 1e6:>9.0f} million instructions", flush=True)
    return 0


def _names() -> dict[str, str]:
    return {"L1": "a cached answer from L1", "L2": "a cached answer from L2", "miss": "an answer that no cache knows"}


def starts() -> list[tuple[str, int]]:
    """What is added to a start, step by step, in instructions."""
    with tempfile.TemporaryDirectory() as folder:
        unpacked("router", Path(folder))
        router = Path(folder, "main.py")
        empty = _started(EMPTY, folder, "/")
        steps = [_started(router, folder, "/api/v2/process", *ASKED[:asked]) for asked in range(len(ASKED) + 1)]
    names = ("loading the router's library", "building it, and a first English answer", "a first Korean answer")
    added = [after - before for before, after in zip([empty, *steps], steps, strict=False)]
    return [("the empty function", empty), *zip(names, added, strict=True), ("all that is added", steps[-1] - empty)]


def unpacked(name: str, folder: Path) -> None:
    """A function's bundle in a folder, with byte code, as the platform's build leaves it."""
    (made,) = bundles(ROOT, (name,))
    with zipfile.ZipFile(BytesIO(made.content)) as archive:
        archive.extractall(folder)
    compileall.compile_dir(folder, quiet=1)


def _started(main: Path, folder: str, *asked: str) -> int:
    return instructions(
        [str(STARTER), str(main), *asked], PYTHONPATH=folder, STORE="sqlite:///:memory:", REQUEST_TIMEOUT_S="60"
    )


def _each(kind: str) -> float:
    """The instructions of one answer of a kind."""
    with ExitStack() as stack:
        url = ""
        if kind == "L2":
            server = valkey_server()
            stack.callback(server.stop)
            url = f"redis://127.0.0.1:{server.port}"
        few, many = (instructions(["-m", "bench.steps", kind, str(times)], CACHE_URL=url) for times in (REQUESTS, 2 * REQUESTS))
    return (many - few) / REQUESTS


def instructions(arguments: Sequence[str], **environ: str) -> int:
    """The instructions of a Python program until its end; CalledProcessError if it fails."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable, *arguments]
    fixed = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": "0", **environ}
    ended = subprocess.run(command, cwd=ROOT, env=fixed, check=True, capture_output=True, text=True)
    found = COUNTED.search(ended.stderr)
    if found is None:
        raise ValueError("valgrind said no number of instructions")
    return int(found[1].replace(",", ""))


if __name__ == "__main__":
    sys.exit(main())
