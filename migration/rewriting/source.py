"""A parsed file with what is known of its names: scopes, parents, lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import libcst as cst
from libcst import matchers
from libcst.metadata import (
    Assignment,
    BaseAssignment,
    CodeRange,
    ImportAssignment,
    MetadataWrapper,
    ParentNodeProvider,
    PositionProvider,
    QualifiedNameSource,
    Scope,
    ScopeProvider,
)

from migration.rewriting.names import is_ours, old_name

PROVIDERS: Final = (ScopeProvider, ParentNodeProvider, PositionProvider)


@dataclass(frozen=True, slots=True)
class Meaning:
    """The old name that a reference stands for; it is `sure` if it stands for nothing else anywhere."""

    name: str
    sure: bool


class Source:
    """A module and its metadata."""

    def __init__(self, module: cst.Module) -> None:
        wrapper = MetadataWrapper(module)
        resolved = wrapper.resolve_many(PROVIDERS)
        self.module = wrapper.module
        self._scopes, self._parents, self._positions = (resolved[provider] for provider in PROVIDERS)

    @property
    def scopes(self) -> set[Scope]:
        """All scopes of the module."""
        return {scope for scope in self._scopes.values() if isinstance(scope, Scope)}

    @property
    def imports_ours(self) -> bool:
        """True if the module imports anything of the package."""
        statements = matchers.findall(self.module, matchers.Import() | matchers.ImportFrom())
        return any(is_ours(name) for statement in statements for name in _modules(statement))

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node around a node."""
        found = self._parents.get(node)
        return found if isinstance(found, cst.CSTNode) else None

    def line(self, node: cst.CSTNode) -> int:
        """The line at which a node begins."""
        place = self._positions[node]
        return place.start.line if isinstance(place, CodeRange) else 0

    def scope(self, node: cst.CSTNode) -> Scope | None:
        """The scope in which a node stands."""
        found = self._scopes.get(node)
        return found if isinstance(found, Scope) else None

    def assignments(self, name: cst.Name) -> tuple[BaseAssignment, ...]:
        """The bindings that a name may have where it stands."""
        scope = self.scope(name)
        return tuple(scope[name.value]) if scope else ()

    def imported(self, node: cst.CSTNode) -> frozenset[str]:
        """The qualified names that an expression may stand for by imports; empty if by none."""
        scope = self.scope(node)
        if scope is None:
            return frozenset()
        return frozenset(one.name for one in scope.get_qualified_names_for(node) if one.source is QualifiedNameSource.IMPORT)

    def meaning(self, node: cst.CSTNode) -> Meaning | None:
        """The old name that an expression stands for, if it does; a call stands for what it makes."""
        names = self.imported(node) if isinstance(node, cst.Name | cst.Attribute) else frozenset()
        found = {name for name in map(old_name, names) if name}
        if not found:
            return None
        root = node
        while isinstance(root, cst.Attribute):
            root = root.value
        bound = self.assignments(root) if isinstance(root, cst.Name) else ()
        imports = all(isinstance(one, ImportAssignment) for one in bound)
        return Meaning(min(found), sure=imports and len(found) == 1 and all(map(old_name, names)))

    def bound_names(self) -> Iterator[tuple[str, Assignment]]:
        """Every name that anything in the module binds, with the binding."""
        for scope in self.scopes:
            for one in scope.assignments:
                if isinstance(one, Assignment):
                    yield one.name, one

    def free_name(self, wanted: str) -> str:
        """The name, or one like it where the file has something else of that name."""
        taken = {name for name, one in self.bound_names() if not _imports(one, wanted)}
        while wanted in taken:
            wanted = wanted.replace("_", "_persona_", 1) if "_persona_" not in wanted else f"{wanted}_"
        return wanted


def _imports(assignment: object, name: str) -> bool:
    if not isinstance(assignment, ImportAssignment):
        return False
    return all(is_ours(one.name.rpartition(".")[0]) for one in assignment.get_qualified_names_for(name))


def _modules(statement: cst.CSTNode) -> list[str]:
    if isinstance(statement, cst.Import):
        return [dotted(alias.name) or "" for alias in statement.names]
    if isinstance(statement, cst.ImportFrom) and statement.module and not statement.relative:
        return [dotted(statement.module) or ""]
    return []


def dotted(node: cst.CSTNode) -> str | None:
    """The text of a chain of names such as `self.app.pipeline`; None for anything else."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.insert(0, node.attr.value)
        node = node.value
    return ".".join((node.value, *parts)) if isinstance(node, cst.Name) else None
