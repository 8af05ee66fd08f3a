"""The values that names and attributes of a file are bound to."""

from collections import defaultdict
from dataclasses import dataclass, field

import libcst as cst

from migration.rewriting.source import dotted


@dataclass(frozen=True, slots=True)
class Bound:
    """Something that a name is bound to: by a value, an annotation or both."""

    value: cst.BaseExpression | None = None
    annotation: cst.BaseExpression | None = None


@dataclass(slots=True)
class Function:
    """A function of the file, and what it returns."""

    node: cst.FunctionDef
    returned: list[cst.BaseExpression] = field(default_factory=list)


class Bindings(cst.CSTVisitor):
    """All bindings of a module: of names by the node that binds them, of attributes by class and text."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[cst.CSTNode, Bound] = {}
        self.attributes: defaultdict[str, list[tuple[cst.ClassDef | None, Bound]]] = defaultdict(list)
        self.functions: defaultdict[str, list[Function]] = defaultdict(list)
        self.owner: dict[cst.CSTNode, cst.ClassDef | None] = {}
        self._classes: list[cst.ClassDef] = []
        self._functions: list[Function] = []

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        """A class, to which the attributes of its self belong."""
        self._classes.append(node)

    def leave_ClassDef(self, original_node: cst.ClassDef) -> None:
        """The end of a class."""
        self._classes.pop()

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        """A function and, in a class, a method."""
        function = Function(node)
        self.functions[node.name.value].append(function)
        self._functions.append(function)

    def leave_FunctionDef(self, original_node: cst.FunctionDef) -> None:
        """The end of a function."""
        self._functions.pop()

    def visit_Return(self, node: cst.Return) -> None:
        """A value that the function returns."""
        if self._functions and node.value is not None:
            self._functions[-1].returned.append(node.value)

    def visit_Assign(self, node: cst.Assign) -> None:
        """An assignment to one target or several."""
        for target in node.targets:
            self._bind(target.target, Bound(value=node.value))

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        """An assignment with an annotation, or the annotation alone."""
        bound = Bound(node.value, node.annotation.annotation)
        self._bind(node.target, bound)

    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:
        """An assignment in an expression."""
        self._bind(node.target, Bound(value=node.value))

    def visit_Param(self, node: cst.Param) -> None:
        """A parameter: its annotation, and its default."""
        self.names[node] = Bound(node.default, node.annotation.annotation if node.annotation else None)

    def visit_Attribute(self, node: cst.Attribute) -> None:
        """An attribute, which is looked up in the class around it."""
        self.owner[node] = self._classes[-1] if self._classes else None

    def _bind(self, target: cst.BaseExpression, bound: Bound) -> None:
        if isinstance(target, cst.Name):
            self.names[target] = bound
            if self._classes and not self._functions:
                self.attributes[f"self.{target.value}"].append((self._classes[-1], bound))
        elif isinstance(target, cst.Attribute) and (text := dotted(target)):
            self.attributes[text].append((self._classes[-1] if self._classes else None, bound))
