"""The uses of old methods in a file: which are converted, and which keep the old face."""

from dataclasses import dataclass, field

import libcst as cst

from migration.rewriting.calls import converted
from migration.rewriting.certainty import Sure
from migration.rewriting.names import CONVERTED, METHODS, OLD_CLASS
from migration.rewriting.notes import Code, Note
from migration.rewriting.pipelines import Exported, Pipelines
from migration.rewriting.source import Source


@dataclass(slots=True)
class Uses:
    """Calls that have a new form, remarks, and the pipelines of other modules that have to keep the old face."""

    calls: set[cst.CSTNode] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)
    kept_elsewhere: Exported = frozenset()


class UsesVisitor(cst.CSTVisitor):
    """Finds them. In a file that is no program of the old face, only what other modules are known to export counts."""

    def __init__(self, source: Source, pipelines: Pipelines, *, ours: bool) -> None:
        super().__init__()
        self._source = source
        self._pipelines = pipelines
        self._ours = ours
        self._called: set[cst.CSTNode] = set()
        self.uses = Uses()

    def visit_Call(self, node: cst.Call) -> None:
        """A call: of an old method, of the old class with arguments, or of getattr on a pipeline."""
        function = node.func
        if isinstance(function, cst.Attribute):
            self._called.add(function)
            if function.attr.value in METHODS and self._is_one(function):
                self._method(node, function)
        elif isinstance(function, cst.Name) and function.value == "getattr" and self._is_given_one(node):
            self._keep(node, Code.REFERENCE, "getattr on a pipeline", node.args[0].value)
        meaning = self._source.meaning(function)
        if meaning and meaning.name == OLD_CLASS and node.args:
            self._keep(node, Code.ARGUMENTS, f"{OLD_CLASS} with arguments")

    def visit_Attribute(self, node: cst.Attribute) -> None:
        """An old method that is not called here, or the cache of the old face."""
        if node not in self._called and node.attr.value in METHODS and self._is_one(node):
            self._keep(node, Code.REFERENCE, f"{node.attr.value} is taken without being called", node.value)

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        """A class that derives from the old one."""
        for base in node.bases:
            meaning = self._source.meaning(base.value)
            if meaning and meaning.name == OLD_CLASS:
                self._keep(node, Code.SUBCLASS, f"{node.name.value} derives from {OLD_CLASS}")

    def _is_given_one(self, node: cst.Call) -> bool:
        return bool(node.args) and self._pipelines.sure(node.args[0].value) is Sure.YES

    def _is_one(self, node: cst.Attribute) -> bool:
        """True for a pipeline. One that may be one is remarked on, and keeps the old face."""
        if self._source.meaning(node.value):
            self._keep(node, Code.REFERENCE, f"{node.attr.value} of the class itself")
            return False
        sure = self._pipelines.sure(node.value)
        elsewhere = bool(self._pipelines.origins(node.value))
        if sure is Sure.NO or not (self._ours or elsewhere):
            return False
        if sure is Sure.MAYBE:
            self._keep(node, Code.UNKNOWN, f"cannot tell whether {node.attr.value} is called on a pipeline")
            return False
        if sure is Sure.NAMED:
            self._note(node, Code.BY_NAME, f"taken for a pipeline by its name: {node.attr.value}")
        return True

    def _method(self, node: cst.Call, function: cst.Attribute) -> None:
        name = function.attr.value
        if name not in CONVERTED:
            self._keep(node, Code.WITHOUT_EQUAL, f"{name} has no equal in the new pipeline", function.value)
        elif converted(node) is None:
            self._keep(node, Code.ARGUMENTS, f"cannot tell the arguments of {name}", function.value)
        else:
            self.uses.calls.add(node)

    def _keep(self, node: cst.CSTNode, code: Code, text: str, receiver: cst.BaseExpression | None = None) -> None:
        elsewhere = self._pipelines.origins(receiver) if receiver else frozenset()
        self.uses.kept_elsewhere |= elsewhere
        self.uses.notes.append(Note(self._source.line(node), code, text, keeps=self._ours))

    def _note(self, node: cst.CSTNode, code: Code, text: str) -> None:
        self.uses.notes.append(Note(self._source.line(node), code, text))
