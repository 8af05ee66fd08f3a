"""The imports among the library's own modules, followed by grimp."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final

from grimp import ImportGraph, build_graph
from grimp.application.config import settings
from grimp.application.ports.filesystem import AbstractFileSystem
from grimp.application.ports.packagefinder import AbstractPackageFinder
from grimp.exceptions import SourceSyntaxError

from infra.bundling.syntax import Import
from infra.user_error import UserError

SHARED: Final = Path("shared")
PACKAGE: Final = "ion_mentoring"


class Library:
    """The package of the repository at `root`, and what each of its modules imports."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._graph = _graph(root)

    def reached(self, imports: Iterable[Import]) -> frozenset[str]:
        """The modules that Python runs for these imports; UserError where one leads nowhere."""
        named = {name for one in imports for name in self.named(one)}
        return frozenset(named.union(*(self._graph.find_upstream_modules(name) for name in named)))

    def named(self, one: Import) -> list[str]:
        """The modules of the library that an import names: the module, and the submodule if its name is one."""
        if one.top != PACKAGE:
            return []
        if one.module not in self._graph.modules:
            raise UserError(f"{one.place}: there is no module {one.module}")
        return [name for name in {one.module, str(one)} if name in self._graph.modules]

    def file(self, module: str) -> PurePosixPath:
        """The file of a module, relative to shared/."""
        base = PurePosixPath(*module.split("."))
        package = base / "__init__.py"
        return package if (self.root / SHARED / package).is_file() else base.with_name(f"{base.name}.py")


class _Below(AbstractPackageFinder):
    """Finds the package below a folder: grimp's own way finds the one that this interpreter has imported."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def determine_package_directories(self, package_name: str, file_system: AbstractFileSystem) -> set[str]:
        return {str(self._folder / package_name)}


def _graph(root: Path) -> ImportGraph:
    settings.configure(PACKAGE_FINDER=_Below(root / SHARED))
    try:  # no cache: it tells files apart by their times, and a bundle depends on their bytes alone
        graph = build_graph(PACKAGE, exclude_type_checking_imports=True, cache_dir=None)
    except SourceSyntaxError as error:
        raise UserError(f"{_within(root, error.filename)}:{error.lineno}: invalid syntax: {error.text}") from error
    except UnicodeError as error:
        raise UserError(_within(root, str(error))) from error
    except OSError as error:
        raise UserError(f"{_within(root, str(error.filename))}: {error.strerror}") from error
    for module in graph.modules:
        if parent := module.rpartition(".")[0]:  # Python runs the packages above a module first
            graph.add_import(importer=module, imported=parent)
    return graph


def _within(root: Path, text: str) -> str:
    return text.replace(f"{root}/", "")
