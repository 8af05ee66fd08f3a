"""A check that a region bears its load: the scenario `canary` of loadtests/, put on it by a program of its own."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from infra.releasing.smoke import Target
from infra.user_error import UserError

ROOT: Final = Path(__file__).resolve().parents[2]
PYTHON: Final = ROOT / ".venv-load/bin/python"
SCENARIO: Final = "canary"
ROLES: Final = ("mentee", "service")  # what the scenario asks as; the smoke test's key may do both
WITHIN_S: Final = 600.0
BROKEN: Final = 1  # the program's exit code, as loadtests/__main__.py says it


def ready() -> None:
    """Raise a UserError where there is no Locust; before a release changes anything."""
    if not PYTHON.exists():
        raise UserError("the load on the canary needs Locust: make .venv-load/ready")


def bears(target: Target, say: Callable[[str], object]) -> str | None:
    """Put the load on it and say what came of it; return why it does not bear it, None if it does."""
    keys = ",".join(f"{role}={target.key}" for role in ROLES) if target.key else ""
    try:
        done = subprocess.run(
            [PYTHON, "-m", "loadtests", SCENARIO, "--url", target.url],
            cwd=ROOT,
            env={**os.environ, "LOAD_KEYS": keys},
            capture_output=True,
            text=True,
            check=False,
            timeout=WITHIN_S,
        )
    except subprocess.TimeoutExpired:
        return f"the load did not end within {WITHIN_S:.0f} s"
    for line in done.stdout.splitlines():
        say(f"  {line}")
    if not done.returncode:
        return None
    broken = [line.removeprefix("BROKEN").strip() for line in done.stdout.splitlines() if line.startswith("BROKEN")]
    if done.returncode == BROKEN and broken:
        return broken[0]
    return (
        f"nothing can be said of its load: {done.stderr.strip().rpartition(chr(10))[2] or f'it ended with {done.returncode}'}"
    )
