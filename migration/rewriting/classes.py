"""The classes that a file makes things of, and annotates things with."""

import libcst as cst
from libcst.metadata import Assignment, BaseAssignment, ImportAssignment

from migration.rewriting.bindings import Bindings, Bound
from migration.rewriting.certainty import Sure, together
from migration.rewriting.names import MAKES
from migration.rewriting.source import Source, dotted

STANDS_IN = "Mock"  # in the name of a class whose objects stand for any other


class Classes:
    """Tells whether a class is the old one, by another name perhaps."""

    def __init__(self, source: Source, bindings: Bindings) -> None:
        self._source = source
        self._bindings = bindings

    def makes(self, made: cst.BaseExpression) -> Sure:
        """The certainty that a call of this makes a pipeline."""
        if STANDS_IN in (dotted(made) or ""):
            return Sure.MAYBE
        if isinstance(made, cst.Name):
            return together(self._is_old(one, imported=Sure.NO) for one in self._source.assignments(made))
        return Sure.NO if self._source.imported(made) else Sure.MAYBE

    def annotates(self, named: cst.BaseExpression) -> Sure:
        """The certainty that a value of this class is a pipeline: of a protocol, or of a class of others, it may be one."""
        if not isinstance(named, cst.Name):
            return Sure.MAYBE
        return together(self._is_old(one, imported=Sure.MAYBE) for one in self._source.assignments(named))

    def _is_old(self, one: BaseAssignment, *, imported: Sure) -> Sure:
        if isinstance(one, ImportAssignment):
            return imported
        if not isinstance(one, Assignment):
            return Sure.NO
        if isinstance(one.node, cst.ClassDef):
            return Sure.MAYBE if self._may_be_derived(one.node) else Sure.NO
        value = self._bindings.names.get(one.node, Bound()).value
        meaning = self._source.meaning(value) if value is not None else None
        return Sure.YES if meaning and meaning.name in MAKES else Sure.MAYBE

    def _may_be_derived(self, node: cst.ClassDef) -> bool:
        """True for a class that derives from the old one, or that others derive from without being named."""
        names = {(dotted(base.value) or "").rpartition(".")[2] for base in node.bases}
        return bool(names & {"Protocol", "ABC"}) or any(self._source.meaning(base.value) for base in node.bases)
