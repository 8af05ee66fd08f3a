"""The rewriting of one file from the old face to the new one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import libcst as cst
from libcst.metadata import Assignment, GlobalScope

from migration.rewriting.calls import converted
from migration.rewriting.certainty import Sure
from migration.rewriting.imports import with_module, with_names
from migration.rewriting.notes import Note
from migration.rewriting.pipelines import SELF, Exported, Pipelines
from migration.rewriting.references import Plan, References
from migration.rewriting.source import Source
from migration.rewriting.usage import Uses, UsesVisitor


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The text as it becomes, the number of changes, and what a person has to look at, by line."""

    text: str
    changes: int
    notes: tuple[Note, ...]


class Program:
    """One parsed file; `exported` are the pipelines that other files are known to export. ParserSyntaxError if it is none."""

    def __init__(self, text: str, *, exported: Exported = frozenset()) -> None:
        self._source = Source(cst.parse_module(text))
        self._pipelines = Pipelines(self._source, exported)
        self._ours = self._source.imports_ours
        self.comes_back = self._source.module.code == text

    @cached_property
    def uses(self) -> Uses:
        """The uses of old methods."""
        visitor = UsesVisitor(self._source, self._pipelines, ours=self._ours)
        self._source.module.visit(visitor)
        return visitor.uses

    @cached_property
    def plan(self) -> Plan:
        """The changes of names."""
        visitor = References(self._source)
        if self._ours:
            self._source.module.visit(visitor)
        return visitor.plan

    def exports(self, module: str) -> Exported:
        """The names at the top that are pipelines or functions that return one, and the attributes that are pipelines."""
        names = {(module, name) for name, one in self._top() if self._is_pipeline(one)}
        return frozenset(names | {(SELF, name) for name in self._pipelines.attributes()})

    def rewritten(self, *, keep: bool = False) -> Rewritten:
        """The file in the new form. Where `keep`, or a remark, says so, it keeps the old face, which has the new calls, too."""
        notes = {*self.uses.notes, *self.plan.notes}
        kept = keep or any(note.keeps for note in notes)
        plan = Plan() if kept else self.plan
        rewriter = Rewriter(self.uses.calls, plan)
        module = self._source.module.visit(rewriter)
        return Rewritten(module.code, rewriter.changes, tuple(sorted(notes)))

    def _top(self) -> Iterable[tuple[str, Assignment]]:
        return ((name, one) for name, one in self._source.bound_names() if isinstance(one.scope, GlobalScope))

    def _is_pipeline(self, one: Assignment) -> bool:
        if isinstance(one.node, cst.FunctionDef):
            return self._pipelines.returns(one.node) is Sure.YES
        bound = self._pipelines.bindings.names.get(one.node)
        return bound is not None and self._pipelines.tells(bound) is Sure.YES


class Rewriter(cst.CSTTransformer):
    """Puts a plan into effect."""

    def __init__(self, calls: set[cst.CSTNode], plan: Plan) -> None:
        super().__init__()
        self._calls = calls
        self._plan = plan
        self.changes = 0

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """A call of an old method."""
        new = converted(updated_node) if original_node in self._calls else None
        self.changes += new is not None
        return new or updated_node

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        """A reference to an old name."""
        return self._changed(updated_node, self._plan.names.get(original_node))

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        """A reference to an old name behind its module."""
        new = self._plan.attributes.get(original_node)
        return updated_node.with_changes(attr=self._changed(updated_node.attr, new))

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.SimpleString:
        """An annotation in quotes."""
        old, new = self._plan.strings.get(original_node, ("", ""))
        if not old:
            return updated_node
        self.changes += 1
        return updated_node.with_changes(value=re.sub(rf"(?<![\w.]){old}\b", new, updated_node.value))

    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> cst.ImportFrom:
        """An import of old names."""
        new = with_names(self._plan.aliases, original_node, updated_node)
        if original_node in self._plan.modules:
            new = new.with_changes(module=with_module(new.module))
        self.changes += new is not updated_node and not new.deep_equals(original_node)
        return new

    def leave_ImportAlias(self, original_node: cst.ImportAlias, updated_node: cst.ImportAlias) -> cst.ImportAlias:
        """An import of the module that has another name."""
        if original_node not in self._plan.modules:
            return updated_node
        self.changes += 1
        return updated_node.with_changes(name=with_module(updated_node.name))

    def _changed(self, node: cst.Name, new: str | None) -> cst.Name:
        if new is None or new == node.value:
            return node
        self.changes += 1
        return node.with_changes(value=new)
