"""`python -m bench.first_modules [--write]`: the modules of the library that each function loads before its first answer.

bench/first_modules.toml lists those that it may load; a test compares. What a first answer does not need is imported by what
needs it. `--write` writes the list anew: look at what it adds.
"""

import argparse
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
LIST: Final = ROOT / "bench" / "first_modules.toml"
STARTER: Final = ROOT / "bench" / "first_answers.py"
QUESTION: Final = json.dumps({"user_input": "How do I prepare for a job interview?"})
REPLY: Final = json.dumps({"text": "hi", "key": {"tone": "calm", "pace": "medium", "intent": "learning"}})
FIRST: Final[Mapping[str, tuple[str, ...]]] = {
    "router": ("/api/v2/process", QUESTION),
    "lua": ("/answer", REPLY),
    "batch": ("/health", ""),
    "warming": ("/health", ""),
}


def main() -> int:
    """Prints how many there are, or writes the list."""
    parser = argparse.ArgumentParser(prog="bench.first_modules")
    parser.add_argument("--write", action="store_true")
    found = {function: loaded(function) for function in FIRST}
    if parser.parse_args().write:
        LIST.write_text("".join(_listed(function, modules) for function, modules in found.items()), encoding="utf-8")
    for function, modules in found.items():
        print(f"{function:<10} {len(modules):>4} modules")
    return 0


def loaded(function: str) -> list[str]:
    """The modules of the library that a function has loaded once it has answered."""
    command = [sys.executable, str(STARTER), str(ROOT / "functions" / function / "main.py"), *FIRST[function]]
    environ = {**os.environ, "STORE": "sqlite:///:memory:"}
    said = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, text=True).stdout
    modules: list[str] = json.loads(said.splitlines()[-1])
    return modules


def allowed() -> Mapping[str, list[str]]:
    """The list, by function."""
    return tomllib.loads(LIST.read_text(encoding="utf-8"))


def _listed(function: str, modules: list[str]) -> str:
    return f"{function} = [\n" + "".join(f'    "{module}",\n' for module in modules) + "]\n"


if __name__ == "__main__":
    sys.exit(main())
