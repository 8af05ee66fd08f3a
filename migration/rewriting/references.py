"""The references to old names in a file, with the imports that they come from."""

from dataclasses import dataclass, field

import libcst as cst
from libcst import matchers
from libcst.metadata import Access, ImportAssignment

from migration.rewriting.names import FUNCTIONS, NEW_CLASS, NEW_GETTER, NEW_MODULE, OLD, OLD_CLASS, OLD_MODULE, PACKAGE, is_ours
from migration.rewriting.notes import Code, Note
from migration.rewriting.source import Source, dotted


@dataclass(slots=True)
class Plan:
    """The changes of names: nodes by what takes their place, and for each import the names that each of its names becomes."""

    names: dict[cst.CSTNode, str] = field(default_factory=dict)
    strings: dict[cst.CSTNode, tuple[str, str]] = field(default_factory=dict)
    attributes: dict[cst.CSTNode, str] = field(default_factory=dict)
    aliases: dict[cst.CSTNode, tuple[tuple[str, str | None], ...]] = field(default_factory=dict)
    modules: set[cst.CSTNode] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)


@dataclass(slots=True)
class _Uses:
    called: bool = False
    named: bool = False
    kept: bool = False


class References(cst.CSTVisitor):
    """Makes the plan. Nothing is planned for a name that means several things, or that other files may import from here."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source
        self.plan = Plan()
        strings = matchers.findall(source.module, matchers.SimpleString())
        self._strings = [(one, one.evaluated_value) for one in strings if isinstance(one, cst.SimpleString)]
        self._getter = source.free_name(NEW_GETTER)
        self._reset = source.free_name(FUNCTIONS["reset_legacy_pipeline"])

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        """An import of names: of the package, or of a module in it."""
        module = dotted(node.module) if node.module and not node.relative else None
        if module is None or not is_ours(module):
            return
        if isinstance(node.names, cst.ImportStar):
            self._note(node, Code.STAR, f"from {module} import * brings old names: import them by name, then run this again")
            return
        for alias in node.names:
            self._alias(node, alias)
        if module == f"{PACKAGE}.{OLD_MODULE}" and any(alias in self.plan.aliases for alias in node.names):
            self.plan.modules.add(node)

    def visit_Attribute(self, node: cst.Attribute) -> None:
        """An old name behind its module, and the module that has another name."""
        names = self._source.imported(node)
        if node.attr.value == OLD_MODULE and f"{PACKAGE}.{OLD_MODULE}" in names:
            self.plan.attributes[node] = NEW_MODULE
        meaning = self._source.meaning(node)
        if meaning and node.attr.value in OLD:
            new = NEW_GETTER if self._is_called(node) else NEW_CLASS
            self.plan.attributes[node] = FUNCTIONS.get(node.attr.value, new)

    def visit_Import(self, node: cst.Import) -> None:
        """An import of a module that has another name."""
        self.plan.modules.update(alias for alias in node.names if dotted(alias.name) == f"{PACKAGE}.{OLD_MODULE}")

    def _alias(self, node: cst.ImportFrom, alias: cst.ImportAlias) -> None:
        name = alias.evaluated_name
        local = alias.evaluated_alias or name
        if name == OLD_MODULE and node.module and dotted(node.module) == PACKAGE:
            self.plan.aliases[alias] = ((NEW_MODULE, local),)
        if name not in OLD:
            return
        accesses = self._accesses(node, local)
        if accesses is None:
            self._note(node, Code.SEVERAL, f"{local} means several things here", keeps=True)
            return
        uses = self._used(accesses, name, local, alias.evaluated_alias)
        if any(text == local and string not in self.plan.strings for string, text in self._strings):
            uses.kept = True
            self._note(node, Code.RE_EXPORT, f"{local} stands in a string, and may be imported from here: it stays, too")
        if not (uses.called or uses.named):
            if not uses.kept:
                self._note(node, Code.RE_EXPORT, f"{local} is not used here, and may be imported from here: it stays")
            return
        self.plan.aliases[alias] = self._becomes(name, alias.evaluated_alias, uses)

    def _accesses(self, node: cst.ImportFrom, local: str) -> list[Access] | None:
        """The uses of an imported name; None where the name is bound to something else, too."""
        found: list[Access] = []
        for name, one in self._source.bound_names():
            if name == local and isinstance(one, ImportAssignment) and one.node is node:
                for access in one.references:
                    others = access.scope[local]
                    if not all(isinstance(other, ImportAssignment) and self._is_old(other, local) for other in others):
                        return None
                    found.append(access)
        return found

    def _is_old(self, assignment: ImportAssignment, local: str) -> bool:
        return all(name.name.startswith(f"{PACKAGE}.") for name in assignment.get_qualified_names_for(local))

    def _used(self, accesses: list[Access], name: str, local: str, alias: str | None) -> _Uses:
        uses = _Uses()
        for access in accesses:
            node = access.node
            if isinstance(node, cst.Name):
                called = name != OLD_CLASS or self._is_called(node)
                uses.called |= called
                uses.named |= not called
                if called or alias is None:
                    self.plan.names[node] = self._referred(name, called=called, alias=alias)
            elif isinstance(node, cst.SimpleString | cst.ConcatenatedString):
                uses.named = True
                if alias is None:
                    self.plan.strings[node] = (local, NEW_CLASS)
            else:
                uses.kept = True
        return uses

    def _becomes(self, name: str, alias: str | None, uses: _Uses) -> tuple[tuple[str, str | None], ...]:
        if name != OLD_CLASS:
            new: list[tuple[str, str | None]] = [(FUNCTIONS[name], self._referred(name, called=True, alias=alias))]
        else:
            new = [(NEW_GETTER, self._getter)] if uses.called else []
            new += [(NEW_CLASS, alias)] if uses.named else []
        if uses.kept:
            new.append((name, alias))
        return tuple((one, known if known != one else None) for one, known in new)

    def _referred(self, name: str, *, called: bool, alias: str | None) -> str:
        """The name by which the file refers to what takes the place of an old name."""
        if name == OLD_CLASS:
            return self._getter if called else NEW_CLASS
        return alias or (self._getter if FUNCTIONS[name] == NEW_GETTER else self._reset)

    def _is_called(self, node: cst.CSTNode) -> bool:
        parent = self._source.parent(node)
        return isinstance(parent, cst.Call) and parent.func is node

    def _note(self, node: cst.CSTNode, code: Code, text: str, *, keeps: bool = False) -> None:
        self.plan.notes.append(Note(self._source.line(node), code, text, keeps))
