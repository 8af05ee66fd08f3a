"""The files of a code base: found, read and written so that nothing but the text changes."""

import io
import os
import shutil
import stat
import tempfile
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from migration.running.git import tracked

PYTHON: Final = (".py", ".pyi", ".pyw")
NOTEBOOK: Final = ".ipynb"
PASSED_BY: Final = frozenset(
    {"__pycache__", "node_modules", "site-packages", "venv", "env", "build", "dist", "__pypackages__"}
)  # and whatever begins with a dot


class NotRead(Exception):
    """A file or folder that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a file, and the encoding that gives its bytes back."""

    text: str
    encoding: str

    @property
    def raw(self) -> bytes:
        """The bytes; UnicodeEncodeError if the encoding has none for a character."""
        return self.text.encode(self.encoding)


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a code base, or what is in its place; `problem` says why it cannot be looked at."""

    path: Path
    problem: str = ""


def in_folder(root: Path) -> Iterator[Found]:
    """The Python files and notebooks below a folder, in order; links to folders are not followed."""
    problems: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=problems.append):
        folders[:] = sorted(name for name in folders if name not in PASSED_BY and not name.startswith("."))
        for name in sorted(files):
            if name.endswith((*PYTHON, NOTEBOOK)):
                yield Found(Path(folder, name))
    for problem in problems:
        yield Found(Path(str(problem.filename)), problem.strerror or "cannot be read")


def in_project(root: Path) -> Iterator[Found]:
    """The files of a project: what git tracks or would track, and without git those of its folder."""
    known = tracked(root)
    if known is None:
        yield from in_folder(root)
        return
    for file in known:
        if file.name.endswith((*PYTHON, NOTEBOOK)) and (file.is_symlink() or file.is_file()):
            yield Found(file)


def read(raw: bytes) -> Text:
    """The text of a Python file, by its mark or its coding line; NotRead if its bytes are none of that encoding."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        text = Text(raw.decode(encoding), encoding)
        same = text.raw == raw
    except (SyntaxError, UnicodeError, LookupError) as error:
        raise NotRead(f"encoding: {error}") from error
    if not same:
        raise NotRead(f"encoding: {encoding} does not give the same bytes back")
    return text


def is_read_only(path: Path) -> bool:
    """True if nobody may write to the file, whoever asks."""
    mode = path.stat().st_mode
    return not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(path, os.W_OK)


def write(path: Path, raw: bytes) -> None:
    """Puts new bytes in the place of old ones at once, with the same rights; a file of several names keeps them."""
    if path.stat().st_nlink > 1:
        path.write_bytes(raw)
        return
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
        shutil.copymode(path, beside)
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def backed_up(path: Path) -> Path:
    """A copy of a file beside it, under a name that is free."""
    backup = next(one for one in _names(path) if not one.exists())
    shutil.copy2(path, backup)
    return backup


def _names(path: Path) -> Iterator[Path]:
    yield path.with_name(f"{path.name}.bak")
    number = 1
    while True:
        yield path.with_name(f"{path.name}.bak{number}")
        number += 1
