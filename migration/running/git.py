"""The questions that are put to git."""

import subprocess
from pathlib import Path


def tracked(root: Path) -> list[Path] | None:
    """The files that git tracks below a folder, or would; None where there is no git."""
    said = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return None if said is None else sorted(root / name for name in said.split("\0") if name)


def committed(folder: Path) -> frozenset[Path]:
    """The files that git has as they are: those it tracks, in a work tree where nothing has changed since the last commit."""
    if _git(folder, "status", "--porcelain") != "" or not _git(folder, "rev-parse", "HEAD"):
        return frozenset()
    names = (_git(folder, "ls-files", "-z") or "").split("\0")
    return frozenset((folder / name).resolve() for name in names if name)


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode(errors="surrogateescape") if done.returncode == 0 else None
