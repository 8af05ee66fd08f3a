"""The references of one Python file to others: its imports and the data files that it names."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from infra.functions import read_text
from infra.user_error import UserError

DATA: Final = "ion_mentoring/"  # a literal that begins so names data files: shared/ion_mentoring/resources.py
DYNAMIC: Final = frozenset({"__import__", "import_module"})


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file of the repository."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Import:
    """`import module`, or `from module import name`; `name` may be a submodule or anything else that the module has."""

    module: str
    name: str | None
    place: Place

    def __str__(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module

    @property
    def top(self) -> str:
        """The name of the package that it is from."""
        return self.module.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Named:
    """Data files named by one literal: a path or glob relative to shared/."""

    pattern: str
    place: Place


@dataclass(frozen=True, slots=True)
class Mentions:
    """All that a file says."""

    imports: tuple[Import, ...]
    data: tuple[Named, ...]


def mentions(root: Path, file: Path, package: str) -> Mentions:
    """What the file, a module within `package`, says wherever it stands; UserError for what cannot be told by reading."""
    return _said(file.as_posix(), package, read_text(root, file))


@cache  # the functions share most of their modules
def _said(file: str, package: str, source: str) -> Mentions:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise UserError(f"{file}:{error.lineno}: {error.msg}") from error
    reader = _Reader(file, package)
    reader.visit(tree)
    return Mentions(tuple(reader.imports), tuple(reader.data))


class _Reader(ast.NodeVisitor):
    def __init__(self, file: str, package: str) -> None:
        self._file = file
        self._package = package
        self.imports: list[Import] = []
        self.data: list[Named] = []

    def visit_Import(self, node: ast.Import) -> None:
        self.imports += [Import(alias.name, None, self._place(node)) for alias in node.names]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = self._absolute(node)
        for alias in node.names:
            self._refuse_dynamic(alias.name, node)
            self.imports.append(Import(module, None if alias.name == "*" else alias.name, self._place(node)))

    def visit_If(self, node: ast.If) -> None:
        if not _is_type_checking(node.test):
            self.generic_visit(node)
            return
        for branch in node.orelse:  # the branch above it is for type checkers and never runs
            self.visit(branch)

    def visit_Name(self, node: ast.Name) -> None:
        self._refuse_dynamic(node.id, node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._refuse_dynamic(node.attr, node)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and node.value.startswith(DATA):
            self.data.append(Named(node.value, self._place(node)))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        first = node.values[0] if node.values else None
        if isinstance(first, ast.Constant) and str(first.value).startswith(DATA):
            raise UserError(f"{self._place(node)}: a data file has to be named by one literal, not by an f-string")
        self.generic_visit(node)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        above = self._package.split(".") if self._package else []
        if node.level > len(above):
            raise UserError(f"{self._place(node)}: a relative import from outside its package")
        return ".".join([*above[: len(above) - node.level + 1], *([node.module] if node.module else [])])

    def _refuse_dynamic(self, name: str, node: ast.stmt | ast.expr) -> None:
        if name in DYNAMIC:
            raise UserError(f"{self._place(node)}: {name} is a dynamic import, and a bundle cannot be told what it imports")

    def _place(self, node: ast.stmt | ast.expr) -> Place:
        return Place(self._file, node.lineno)


def _is_type_checking(test: ast.expr) -> bool:
    name = test.attr if isinstance(test, ast.Attribute) else test.id if isinstance(test, ast.Name) else ""
    return name == "TYPE_CHECKING"
