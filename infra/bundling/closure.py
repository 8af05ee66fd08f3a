"""The import closure of one function's main.py: the modules, data files and foreign imports that it can reach."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from infra.bundling.syntax import Import, Named, mentions
from infra.user_error import UserError

SHARED: Final = Path("shared")
PACKAGE: Final = "ion_mentoring"
KNOWN: Final = sys.stdlib_module_names | {PACKAGE}


@dataclass(frozen=True, slots=True)
class Closure:
    """The contents of a function, sorted; `modules` and `data` are relative to shared/, `foreign` of other packages."""

    main: Path
    modules: tuple[PurePosixPath, ...]
    data: tuple[PurePosixPath, ...]
    foreign: tuple[Import, ...]


def close(root: Path, main: Path) -> Closure:
    """Follows the imports of `main` (relative to the repository's `root`); UserError where they lead nowhere."""
    modules: set[PurePosixPath] = set()
    data: set[PurePosixPath] = set()
    foreign: set[Import] = set()
    waiting: list[PurePosixPath | None] = [None]  # None is main.py itself
    while waiting:
        module = waiting.pop()
        file, package = (main, "") if module is None else (SHARED / module, ".".join(module.parent.parts))
        said = mentions(root, file, package)
        data.update(file for named in said.data for file in _matching(root, named))
        foreign.update(one for one in said.imports if _top(one) not in KNOWN)
        found = {file for one in said.imports if _top(one) == PACKAGE for file in _reached(root, one)} - modules
        modules |= found
        waiting += found
    in_order = sorted(foreign, key=lambda one: (str(one), one.place))
    return Closure(main, _in_order(modules), _in_order(data), tuple(in_order))


def _top(one: Import) -> str:
    return one.module.partition(".")[0]


def _reached(root: Path, one: Import) -> list[PurePosixPath]:
    """The files that Python runs for an import of ours: the parents' __init__, the module, the submodule if it is one."""
    parts = one.module.split(".")
    reached = []
    for depth in range(1, len(parts) + 1):
        file = _file_of(root, parts[:depth])
        if file is None:
            raise UserError(f"{one.place}: there is no module {'.'.join(parts[:depth])}")
        reached.append(file)
    submodule = _file_of(root, [*parts, one.name]) if one.name else None
    return [*reached, submodule] if submodule else reached


def _file_of(root: Path, parts: list[str]) -> PurePosixPath | None:
    base = PurePosixPath(*parts)
    candidates = (base / "__init__.py", base.with_name(base.name + ".py"))  # a package goes before a module of its name
    return next((file for file in candidates if (root / SHARED / file).is_file()), None)


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
