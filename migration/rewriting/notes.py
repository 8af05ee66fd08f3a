"""The remarks of the rewriter about places that a person has to look at."""

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """The kinds of remarks."""

    STAR = "star_import"
    WITHOUT_EQUAL = "no_equal"
    UNKNOWN = "unknown_receiver"
    BY_NAME = "taken_by_name"
    REFERENCE = "method_reference"
    SUBCLASS = "subclass"
    ARGUMENTS = "arguments"
    RE_EXPORT = "re_export"
    SEVERAL = "several_meanings"
    IN_A_STRING = "in_a_string"


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """A remark about a line. Where `keeps`, it is the reason why the file keeps the old face."""

    line: int
    code: Code
    text: str
    keeps: bool = False
