"""Mistakes seeded into the Terraform configuration, and which guard notices each.

`python -m bench.mutate_terraform [--only NAME]` takes the table bench/terraform_mistakes.toml. Each mistake is made in a copy
of the repository, and only the guards are run that can be concerned, until the first one fails. TERRAFORM says which terraform.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
TABLE: Final = Path(__file__).with_name("terraform_mistakes.toml")
CONFIGURATION: Final = Path("infra/terraform")
LEFT: Final = (".git", ".venv*", ".terraform", "*.tfstate*", "__pycache__", ".*_cache", "*.egg-info", "build", ".data")
PATIENCE_S: Final = 300
AT_ONCE: Final = 2
TESTS: Final = "tests/terraform/test_{}.py"
OF_THE_SET: Final = (
    "services",
    "armor",
    "alerts",
    "values",
    "order",
    "environments",
    "variants",
    "plan",
    "agreements",
    "residency",
    "signing",
)
OF_THE_FOUNDATION: Final = ("values", "order", "environments", "cloudbuild", "agreements", "signing")
REFUSALS: Final = TESTS.format("refusals")
NOTICED: Final = re.compile(r"^(?:FAILED|ERROR) tests/terraform/(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One seeded mistake: the text of a file that is replaced by another, and why that hurts."""

    name: str
    file: str
    before: str
    after: str
    hurts: str

    def make(self, root: Path) -> None:
        """Makes it in the configuration of a copy; ValueError if there is nothing to replace."""
        path = root / CONFIGURATION / self.file
        text = path.read_text(encoding="utf-8")
        if self.before not in text or self.before == self.after:
            raise ValueError(f"{self.name}: {self.file} has no {self.before!r} to replace")
        path.write_text(text.replace(self.before, self.after, 1), encoding="utf-8")

    @property
    def guards(self) -> list[str]:
        """The arguments for pytest: the files that can be concerned."""
        if self.file.startswith("foundation/"):
            named = "(foundation or cloudbuild or outlives or secret or signing) and not backups"
            return ["-k", named, *map(TESTS.format, OF_THE_FOUNDATION)]
        rules = [REFUSALS] if self.file in ("main.tf", "variables.tf") else []
        return ["-k", "not foundation", *map(TESTS.format, OF_THE_SET), *rules]


def mistakes() -> list[Mistake]:
    """The table."""
    return [Mistake(*row) for row in tomllib.loads(TABLE.read_text(encoding="utf-8"))["mistakes"]]


def noticed(mistake: Mistake) -> str | None:
    """The first test that fails with the mistake; None if all pass."""
    with tempfile.TemporaryDirectory(prefix="mistake-") as folder:
        root = shutil.copytree(ROOT, Path(folder) / "repository", ignore=shutil.ignore_patterns(*LEFT))
        if mistake.before:
            mistake.make(root)
        asked = ["-q", "-x", "-p", "no:cacheprovider", f"--basetemp={Path(folder) / 'tmp'}", *mistake.guards]
        environ = {**os.environ, "CI": "true"}  # what is skipped has noticed nothing
        command = [sys.executable, "-m", "pytest", *asked]
        try:
            done = subprocess.run(
                command, cwd=root, env=environ, capture_output=True, text=True, timeout=PATIENCE_S, check=False
            )
        except subprocess.TimeoutExpired:
            return None
    found = NOTICED.search(done.stdout)
    return found[1] if found else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints each mistake with the test that caught it, and the share; 1 if one of ten or more was caught by none."""
    parser = argparse.ArgumentParser(description="Seed mistakes into the Terraform configuration.")
    parser.add_argument("--only", metavar="NAME", action="append", help="one mistake (may be said several times)")
    asked = parser.parse_args(arguments)
    table = [one for one in mistakes() if not asked.only or one.name in asked.only]
    if not table:
        parser.error(f"there is no mistake {', '.join(asked.only)}")
    sound = noticed(Mistake("none", "main.tf", "", "", "")) or noticed(Mistake("none", "foundation/keys.tf", "", "", ""))
    if sound:
        parser.error(f"a guard fails without any mistake: {sound}")
    began, caught = time.monotonic(), 0
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for mistake, test in zip(table, threads.map(noticed, table), strict=True):
            caught += test is not None
            print(f"{mistake.name:<26} {test or 'NOBODY: ' + mistake.hurts}", flush=True)
    print(f"{caught} of {len(table)} caught ({caught / len(table):.0%}) in {time.monotonic() - began:.0f} s")
    return int(caught < 0.9 * len(table))


if __name__ == "__main__":
    sys.exit(main())
