"""The import closure of one function's main.py: the modules, data files and foreign imports that it can reach."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from infra.bundling.library import PACKAGE, SHARED, Library
from infra.bundling.syntax import Import, Mentions, Named, mentions
from infra.user_error import UserError

KNOWN: Final = sys.stdlib_module_names | {PACKAGE}


@dataclass(frozen=True, slots=True)
class Closure:
    """The contents of a function, sorted; `modules` and `data` are relative to shared/, `foreign` of other packages."""

    main: Path
    modules: tuple[PurePosixPath, ...]
    data: tuple[PurePosixPath, ...]
    foreign: tuple[Import, ...]


def close(library: Library, main: Path) -> Closure:
    """The closure of `main` (relative to the repository) in the library; UserError where an import or a path leads nowhere."""
    start = mentions(library.root, main, "")
    modules = {library.file(module) for module in library.reached(start.imports)}
    said = [start, *(_checked(library, file) for file in sorted(modules))]
    data = {file for one in said for named in one.data for file in _matching(library.root, named)}
    foreign = {imported for one in said for imported in one.imports if imported.top not in KNOWN}
    in_order = sorted(foreign, key=lambda one: (str(one), one.place))
    return Closure(main, _in_order(modules), _in_order(data), tuple(in_order))


def _checked(library: Library, file: PurePosixPath) -> Mentions:
    """The references of a module; UserError for an import of ours that leads nowhere: grimp takes it for the package above."""
    said = mentions(library.root, SHARED / file, ".".join(file.parent.parts))
    for one in said.imports:
        library.named(one)
    return said


def _matching(root: Path, named: Named) -> list[PurePosixPath]:
    if ".." in PurePosixPath(named.pattern).parts:
        raise UserError(f"{named.place}: {named.pattern!r} leads out of the package")
    shared = root / SHARED
    files = [PurePosixPath(file.relative_to(shared).as_posix()) for file in shared.glob(named.pattern) if file.is_file()]
    kept = [file for file in files if "__pycache__" not in file.parts]
    if not kept:
        raise UserError(f"{named.place}: {named.pattern!r} matches no file below {SHARED}/")
    return kept


def _in_order(files: Iterable[PurePosixPath]) -> tuple[PurePosixPath, ...]:
    return tuple(sorted(files, key=str))
