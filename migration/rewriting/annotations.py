"""Annotations that name the old face."""

import re
from typing import Final

import libcst as cst

from migration.rewriting.certainty import Sure, either
from migration.rewriting.classes import Classes
from migration.rewriting.names import OLD_CLASS
from migration.rewriting.source import Source, dotted

AROUND: Final = frozenset(
    {"Optional", "Union", "Annotated", "Final", "ClassVar"}
)  # what is annotated is still the thing itself
ANYTHING: Final = frozenset({"Any", "object", "None"})


class Annotations:
    """Tells what an annotation says of a value."""

    def __init__(self, source: Source, classes: Classes) -> None:
        self._source = source
        self._classes = classes

    def sure(self, node: cst.BaseExpression) -> Sure | None:
        """The certainty that a value of this annotation is a pipeline of the old face; None if it may be anything."""
        match node:
            case cst.Name() | cst.Attribute():
                return self._named(node)
            case cst.SimpleString() | cst.ConcatenatedString():
                return self._quoted(node)
            case cst.BinaryOperation(left=one, right=other):
                return self._any_of(one, other)
            case cst.Subscript(value=around, slice=inner):
                if (dotted(around) or "").rpartition(".")[2] not in AROUND:
                    return Sure.NO
                return self._any_of(*(one.slice.value for one in inner if isinstance(one.slice, cst.Index)))
        return Sure.NO

    def _any_of(self, *nodes: cst.BaseExpression) -> Sure | None:
        told = {self.sure(node) for node in nodes if (dotted(node) or "") != "None"}
        if Sure.YES in told or None not in told:
            return either(*(one for one in told if one))
        return None

    def _named(self, node: cst.Name | cst.Attribute) -> Sure | None:
        meaning = self._source.meaning(node)
        if meaning:
            return Sure.YES if meaning.name == OLD_CLASS else Sure.NO
        return None if (dotted(node) or "").rpartition(".")[2] in ANYTHING else self._classes.annotates(node)

    def _quoted(self, node: cst.SimpleString | cst.ConcatenatedString) -> Sure:
        text = node.evaluated_value
        named = isinstance(text, str) and re.fullmatch(rf"(?:Optional\[)?(?:[\w.]+\.)?{OLD_CLASS}(?:\]|\s*\|\s*None)?", text)
        return Sure.YES if named else Sure.NO
