"""The files that a person fills in before the first plan: what was left as it came."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from infra.preflight.findings import Finding
from infra.releasing.stack import LOCK, TERRAFORM

LEFT: Final = {  # a value that came with the repository, and what belongs there
    r"[\w.@-]*\bexample\.(?:com|org|net)\b": "a name of yours",
    r"\b0{6}-0{6}-0{6}\b": "the billing account (gcloud billing accounts list)",
}


def left(root: Path, environment: str) -> Iterator[Finding]:
    """Values that stand as the repository has them, with their lines, and locks that nobody made."""
    at = root / TERRAFORM
    for file in (*sorted((at / "envs" / environment).glob("*.tf*")), at / f"foundation/{environment}.tfvars"):
        if file.is_file():
            yield from _placeholders(file, file.relative_to(root))
    for folder in (f"envs/{environment}", "foundation"):
        if not (at / folder / LOCK).is_file():
            yield Finding(f"{TERRAFORM / folder} has no {LOCK}, which pins the provider: make providers, and commit it")


def _placeholders(file: Path, name: Path) -> Iterator[Finding]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        for pattern, belongs in LEFT.items():
            for found in re.findall(pattern, line.partition("#")[0]):
                yield Finding(f"{name}:{number}: {found} stands as it came: {belongs}")
