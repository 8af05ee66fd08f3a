"""The expressions of a file that are pipelines of the old face."""

import re
from collections.abc import Iterator
from typing import Final

import libcst as cst
from libcst.metadata import Assignment, BaseAssignment, ImportAssignment

from migration.rewriting.annotations import Annotations
from migration.rewriting.bindings import Bindings, Bound, Function
from migration.rewriting.certainty import Sure, either, together
from migration.rewriting.classes import Classes
from migration.rewriting.names import MAKES, METHODS
from migration.rewriting.source import Source, dotted

Exported = frozenset[tuple[str, str]]  # a module's last name and a name in it, or SELF and an attribute of objects
SELF: Final = "self"

BY_NAME: Final = "pipeline"
MAKES_PARTS: Final = frozenset({"create"})
# The parts of a pipeline have some of its methods.
OTHERWISE: Final = re.compile(r"builder|factory|router|personas", re.IGNORECASE)


class Pipelines:
    """Tells pipelines by how they are made, by annotations, and where nothing else tells by their names."""

    def __init__(self, source: Source, exported: Exported = frozenset()) -> None:
        self._source = source
        self._exported = exported
        self._open: set[cst.CSTNode] = set()
        self.bindings = Bindings()
        source.module.visit(self.bindings)
        self._classes = Classes(source, self.bindings)
        self._annotations = Annotations(source, self._classes)

    def sure(self, node: cst.BaseExpression) -> Sure:
        """The certainty that this is a pipeline of the old face; what depends on itself does not tell."""
        if node in self._open:
            return Sure.NO
        self._open.add(node)
        try:
            return self._sure(node)
        finally:
            self._open.discard(node)

    def origins(self, node: cst.BaseExpression) -> Exported:
        """The names of other modules, known to be pipelines, that an expression stands for."""
        ends = {tuple(name.rsplit(".", 2)[-2:]) for name in self._source.imported(node)}
        if isinstance(node, cst.Attribute) and not self._bound_here(node):
            ends.add((SELF, node.attr.value))
        return frozenset(end for end in ends if len(end) == 2 and end in self._exported)

    def attributes(self) -> frozenset[str]:
        """The attributes of objects of this file that are pipelines."""
        own = {
            text.removeprefix("self."): bound for text, bound in self.bindings.attributes.items() if text.startswith("self.")
        }
        return frozenset(name for name, bound in own.items() if any(self.tells(one) is Sure.YES for _, one in bound))

    def tells(self, bound: Bound) -> Sure | None:
        """The certainty that what is bound is a pipeline; None if that is nothing."""
        said = self._annotations.sure(bound.annotation) if bound.annotation else None
        nothing = bound.value is None or (isinstance(bound.value, cst.Name) and bound.value.value == "None")
        made = None if nothing or bound.value is None else self.sure(bound.value)
        return made if made in (Sure.YES, Sure.NAMED) else said or made

    def returns(self, function: cst.FunctionDef) -> Sure:
        """The certainty that a function returns a pipeline."""
        return together(self._returned([one for one in self.bindings.functions[function.name.value] if one.node is function]))

    def _sure(self, node: cst.BaseExpression) -> Sure:
        match node:
            case cst.Call():
                return self._called(node)
            case cst.Await(expression=inner) | cst.NamedExpr(value=inner):
                return self.sure(inner)
            case cst.BooleanOperation(left=one, right=other) | cst.IfExp(body=one, orelse=other):
                return either(self.sure(one), self.sure(other))
            case cst.Name():
                return Sure.YES if self.origins(node) else self._name(node)
            case cst.Attribute():
                return self._attribute(node)
            case cst.Subscript():
                return Sure.MAYBE
        return Sure.NO

    def _called(self, node: cst.Call) -> Sure:
        meaning = self._source.meaning(node.func)
        if meaning:
            return Sure.YES if meaning.name in MAKES else Sure.NO
        names = self._source.imported(node.func)
        if names & {"typing.cast", "typing_extensions.cast"} and node.args:
            return self._annotations.sure(node.args[0].value) or Sure.NO
        if any(name.startswith("persona_system.") for name in names):
            return Sure.NO
        if self.origins(node.func):
            return Sure.YES
        called = node.func.attr.value if isinstance(node.func, cst.Attribute) else dotted(node.func) or ""
        if called in METHODS or called in MAKES_PARTS:
            return Sure.NO
        if called[:1].isupper():
            return self._classes.makes(node.func)
        functions = self.bindings.functions.get(called, [])
        return together(self._returned(functions)) if functions else _named(called)

    def _returned(self, functions: list[Function]) -> Iterator[Sure | None]:
        for function in functions:
            if function.node.returns:
                yield self._annotations.sure(function.node.returns.annotation)
            yield from (self.tells(Bound(value)) for value in function.returned)

    def _name(self, node: cst.Name) -> Sure:
        return together(self._assigned(node.value, one) for one in self._source.assignments(node))

    def _assigned(self, name: str, by: BaseAssignment) -> Sure | None:
        if isinstance(by, ImportAssignment):
            return Sure.NO if isinstance(by.node, cst.Import) else _named(name)
        if not isinstance(by, Assignment) or isinstance(by.node, cst.ClassDef | cst.FunctionDef) or name in ("self", "cls"):
            return Sure.NO
        bound = self.bindings.names.get(by.node, Bound())
        told = self.tells(bound)
        untold = isinstance(by.node, cst.Param) or bound == Bound()
        return told or (_named(name) if untold else None)

    def _bound_here(self, node: cst.Attribute) -> bool:
        return (dotted(node) or "") in self.bindings.attributes

    def _attribute(self, node: cst.Attribute) -> Sure:
        owner = self.bindings.owner.get(node)
        bound = self.bindings.attributes.get(dotted(node) or "", [])
        own = [one for of, one in bound if of is owner] or [one for _, one in bound]
        if own:
            return together(map(self.tells, own))
        origins = self.origins(node)
        return _named(node.attr.value) if not origins else Sure.NAMED if (SELF, node.attr.value) in origins else Sure.YES


def _named(name: str) -> Sure:
    if OTHERWISE.search(name):
        return Sure.NO
    return Sure.NAMED if BY_NAME in name.lower() else Sure.MAYBE
