"""The questions that are put to git."""

import subprocess
from pathlib import Path


def tracked(root: Path) -> list[Path] | None:
    """The files that git tracks below a folder, or would; None where there is no git."""
    said = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return None if said is None else sorted(root / name for name in said.split("\0") if name)


def is_clean(folder: Path) -> bool:
    """True in a work tree of git in which nothing has changed since the last commit: git has what is overwritten there."""
    return _git(folder, "status", "--porcelain") == "" and bool((_git(folder, "rev-parse", "HEAD") or "").strip())


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode(errors="surrogateescape") if done.returncode == 0 else None
